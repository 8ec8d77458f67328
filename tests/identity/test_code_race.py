"""Guesses at one code, many at once: five are judged, and the right one is spent once."""

from collections import Counter

from smartcity.identity.models import Citizen, OtpChallenge, SignedIn
from tests.helpers import at_once, count, rows

TOKENS = "/api/v1/auth/tokens"
THREADS = 16


def raced(app, challenge_id, guesses):
    """The statuses of guesses, dealt to threads that start together and each go in order."""

    def try_all(mine):
        client = app.test_client()
        bodies = [{"challenge_id": challenge_id, "code": guess} for guess in mine]
        return Counter(client.post(TOKENS, json=body).status_code for body in bodies)

    dealt = [guesses[n::THREADS] for n in range(THREADS)]
    return sum(at_once(*[lambda mine=mine: try_all(mine) for mine in dealt]), Counter())


def wrong(digits, number):
    return [f"{(int(digits) + 1 + n) % 10**6:06}" for n in range(number)]


def test_the_right_code_comes_too_late_behind_a_thousand(app, challenged, code):
    challenge_id, digits = challenged(), code()
    guesses = wrong(digits, 1_000 - THREADS) + [digits] * THREADS  # the last of every thread
    assert raced(app, challenge_id, guesses) == {422: 1_000}
    assert [row.tries for row in rows(app, OtpChallenge)] == [5]
    assert count(app, SignedIn) == count(app, Citizen) == 0


def test_the_right_code_first_in_every_thread_signs_in_once(app, challenged, code):
    challenge_id, digits = challenged(), code()
    guesses = [digits] * THREADS + wrong(digits, 1_000 - THREADS)
    assert raced(app, challenge_id, guesses) == {200: 1, 422: 999}
    [row] = rows(app, OtpChallenge)
    assert row.tries == 1
    assert row.consumed_at is not None
    assert count(app, SignedIn) == count(app, Citizen) == 1
