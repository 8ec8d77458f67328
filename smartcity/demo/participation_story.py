"""Taking part: a volunteer's place and check-in, a contest, a question answered in public."""

import uuid
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from smartcity.core import clock
from smartcity.demo.client import Caller, Desk, Phone, wait_for
from smartcity.demo.telling import Story

API, OFFICER = "/api/v1", "/api/v1/officer"
ASKED = (
    "Trạm biến áp ở ngõ 12 kêu to về đêm, gia đình cần gửi đơn cho cơ quan nào để được đo tiếng ồn?"
)
ANSWER = "Gia đình gửi phản ánh trên ứng dụng hoặc nộp đơn tại phường; Sở sẽ cử đơn vị đo độc lập."


def tell_participation(
    story: Story, phone: Phone, editor: Desk, operator: Desk, unit: Desk
) -> None:
    """Tell it; `phone` is a citizen's, signed in; `unit` is of the department of construction."""
    activity = story.step("Biên tập viên công bố ngày tình nguyện", lambda: _announced(editor))
    story.step("Công dân đăng ký, có chỗ", lambda: _registered(phone, activity))
    seen = partial(_checked_in, phone, operator, activity)
    story.step("Điểm danh bằng mã QR đổi liên tục; mã dùng lại bị từ chối", seen)
    points = story.step("Thi thử: rút đề, trả lời, chấm ngay", lambda: _contest(phone))
    print(f"            {points} điểm")
    question = story.step("Hỏi cơ quan nhà nước", lambda: _asked(phone))
    answered = partial(_answered, operator, unit, question["id"])
    story.step("Kiểm duyệt, chuyển Sở, trả lời, công khai", answered)
    story.step("Ai cũng tìm thấy câu trả lời", lambda: _found(phone, question["number"]))


def _announced(editor: Desk) -> str:
    starts = clock.now() + timedelta(hours=2)
    activity = {
        "title": f"Trồng hoa ven hồ {clock.now():%H:%M:%S}",
        "organiser": "Thành đoàn (ví dụ)",
        "category": "environment",
        "venue": "Hồ Tam Bạc",
        "contact": "0225 3000 061",
        "opens": clock.now().isoformat(),
        "closes": starts.isoformat(),
        "starts": starts.isoformat(),
        "ends": (starts + timedelta(hours=3)).isoformat(),
        "capacity": 20,
        "waiting": 5,
    }
    path = f"{OFFICER}/activities"
    draft = editor.answer("POST", path, activity, Idempotency_Key=str(uuid.uuid4()))
    assert draft.status == 201, draft.data.decode()
    made, tag = draft.json(), draft.headers["ETag"]
    told = {"reason": "Theo kế hoạch tháng thanh niên"}
    editor.ask("POST", f"{path}/{made['id']}/publication", told, If_Match=tag)
    return str(made["id"])


def _registered(phone: Phone, activity: str) -> None:
    path = f"{API}/activities/{activity}"
    seat = phone.ask("POST", f"{path}/registration", {}, Idempotency_Key=str(uuid.uuid4()))
    assert seat["state"] == "confirmed", seat
    assert phone.ask("GET", f"{path}/places")["taken"] == 1


def _checked_in(phone: Phone, operator: Desk, activity: str) -> None:
    mine = phone.ask("GET", f"{API}/me/registrations")["items"]
    seat = next(each for each in mine if each["activity_id"] == activity)
    code = phone.ask("GET", f"{API}/me/registrations/{seat['id']}/code")["content"]
    path = f"{OFFICER}/activities/{activity}/check-ins"
    operator.ask("POST", path, {"code": code})
    again = operator.answer("POST", path, {"code": code})
    assert again.status == 409, again.data.decode()


def _contest(phone: Phone) -> int:
    contest = next(
        each
        for each in phone.ask("GET", f"{API}/contests?limit=100")["items"]
        if each["attempts"] > 1 and each["minutes"] == 5
    )
    path = f"{API}/contests/{contest['id']}/attempts"
    paper = phone.ask("POST", path, {}, Idempotency_Key=str(uuid.uuid4()))
    answers = {q["id"]: q["options"][0]["id"] for q in paper["questions"]}
    attempt = f"{API}/contest-attempts/{paper['id']}"
    phone.ask("PUT", f"{attempt}/answers", {"answers": answers})
    graded = phone.ask("POST", f"{attempt}/submission")
    assert graded["state"] == "submitted", graded
    return int(graded["points"])


def _asked(phone: Phone) -> Any:
    told = {"field": "environment", "text": ASKED}
    return phone.ask("POST", f"{API}/questions", told, Idempotency_Key=str(uuid.uuid4()))


def _answered(operator: Desk, unit: Desk, question: str) -> None:
    forwarding = {"agency": "so-xay-dung", "shown": ASKED}
    _step(operator, question, "forwarding", forwarding)
    _step(unit, question, "answer", {"answer": ANSWER})
    _step(operator, question, "publication", {})


def _step(desk: Caller, question: str, noun: str, told: Any) -> None:
    path = f"{OFFICER}/questions/{question}"
    tag = desk.answer("GET", path).headers["ETag"]
    desk.ask("PUT", f"{path}/{noun}", told, If_Match=tag)


def _found(phone: Phone, number: str) -> None:
    found = wait_for(lambda: _question(phone, number))
    assert found["answer"] == ANSWER, found


def _question(phone: Phone, number: str) -> Any:
    asked = phone.ask("GET", f"{API}/questions?q={quote('tram bien ap')}")["items"]
    return next((each for each in asked if each["number"] == number), None)
