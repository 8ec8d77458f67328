"""After a campaign every phone refreshes at once, many behind one address: nobody is signed out."""

import threading

from tests.helpers import citizen

PHONES = 120
CLIENTS = 12


def test_none_is_signed_out_or_locked(app):
    tokens = [citizen(app, f"+8491{number:07}").refresh_token for number in range(PHONES)]
    answers: list[tuple[int, str]] = []

    def refresh(mine: list[str]) -> None:
        client = app.test_client()
        for token in mine:
            answer = client.post("/api/v1/auth/refresh", json={"refresh_token": token})
            answers.append((answer.status_code, answer.json.get("refresh_token")))

    # Each token twice, by two clients: every phone lost its first answer.
    shares = [tokens[n::CLIENTS] for n in range(CLIENTS)]
    threads = [threading.Thread(target=refresh, args=(share,)) for share in shares * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [status for status, _ in answers] == [200] * PHONES * 2
    successors = {successor for _, successor in answers}
    assert len(successors) == PHONES
    client = app.test_client()
    again = [client.post("/api/v1/auth/refresh", json={"refresh_token": s}) for s in successors]
    assert {answer.status_code for answer in again} == {200}
