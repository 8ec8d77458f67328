"""The main job, told step by step, each step seen from outside before the next begins."""

import io
import uuid
from functools import partial
from typing import Any

from PIL import Image, ImageDraw

from smartcity.demo.client import Caller, Desk, Phone, wait_for
from smartcity.demo.guide_story import tell_guide
from smartcity.demo.news_story import tell_news
from smartcity.demo.participation_story import tell_participation
from smartcity.demo.service_story import tell_services
from smartcity.demo.telling import FAULTS, Story
from smartcity.identity.permissions import Role

CITIZEN = "+84912345678"
OFFICERS = [
    ("ioc.truc", "trung-tam-dieu-hanh-2026", Role.IOC_OPERATOR, "ioc", "Trực ban IOC"),
    ("ioc.lanhdao", "lanh-dao-trung-tam-2026", Role.IOC_LEAD, "ioc-lead", "Lãnh đạo IOC"),
    ("xaydung.canbo", "can-bo-so-xay-dung-2026", Role.UNIT_OFFICER, "so-xay-dung", "Cán bộ Sở"),
    (
        "xaydung.lanhdao",
        "lanh-dao-so-xay-dung-2026",
        Role.UNIT_LEADER,
        "so-xay-dung",
        "Lãnh đạo Sở",
    ),
    ("quantri", "quan-tri-he-thong-2026", Role.ADMIN, "ioc", "Quản trị"),
    ("bientap", "bien-tap-tin-tuc-2026", Role.CONTENT_EDITOR, "ioc", "Biên tập viên"),
    ("kiemtoan", "kiem-toan-noi-bo-2026", Role.AUDITOR, "ioc", "Kiểm toán"),
]
REPORT = {
    "category": "traffic_infra",
    "description": "Ổ gà sâu trước số 12 Trần Phú, trời mưa không nhìn thấy, xe máy rất dễ ngã.",
    "latitude": 20.9407,
    "longitude": 106.3305,
    "address": "12 Trần Phú",
}
WARNING = {
    "title": "Cảnh báo mưa lớn",
    "body": "Chiều nay mưa to kèm dông, tránh đi qua hầm chui Lương Khánh Thiện.",
}
CENTRE_STEPS = [
    ("start", "Đội duy tu đã có mặt tại hiện trường."),
    ("propose_result", "Đã vá ổ gà bằng bê tông nhựa, dọn sạch mặt đường."),
    ("approve_result", ""),
    ("resolve", "Ổ gà trước số 12 Trần Phú đã được vá xong."),
]


def tell(api: str, ioc: Caller, sms: Caller, fcm: Caller, feeds: Caller) -> bool:
    """Tell every chapter once; True when every step was seen."""
    story = Story()
    try:
        print("\nMột phản ánh, từ điện thoại đến trung tâm điều hành và trở lại")
        print("One report, from a phone to the operations centre and back\n")
        phone = Phone(api)
        _main_job(story, phone, Desk(api), ioc, sms, fcm)
        print("\nMột tin, từ nguồn của Sở đến màn hình chính của điện thoại")
        print("News, from a department's feed to a phone's first screen\n")
        desks = _officer(api, "bientap"), _officer(api, "ioc.lanhdao")
        tell_news(story, *desks, Caller(api), feeds)
        print("\nMột dịch vụ công, từ lời hỏi thường ngày đến nơi nộp hồ sơ")
        print("A public service, from everyday words to where it is handed in\n")
        tell_services(story, phone)
        print("\nMột ngày thường với cẩm nang thành phố")
        print("An ordinary day with the city guide\n")
        tell_guide(story, phone)
        print("\nTham gia cùng thành phố")
        print("Taking part\n")
        operator, unit = _officer(api, "ioc.truc"), _officer(api, "xaydung.canbo")
        tell_participation(story, phone, desks[0], operator, unit)
    except FAULTS:
        return False
    print("\nĐã thấy đủ mọi bước · every step was seen\n", flush=True)
    return True


def _officer(api: str, username: str) -> Desk:
    desk = Desk(api)
    desk.sign_in(username, next(row[1] for row in OFFICERS if row[0] == username))
    return desk


def _main_job(
    story: Story, phone: Phone, desk: Desk, ioc: Caller, sms: Caller, fcm: Caller
) -> None:
    device = f"demo-{uuid.uuid4()}"
    story.step("Công dân đăng nhập bằng mã OTP qua SMS", lambda: phone.sign_in(CITIZEN, sms))
    story.step("Điện thoại đăng ký nhận thông báo đẩy", lambda: _register(phone, device))
    photo = story.step("Gửi ảnh hiện trường", lambda: phone.upload("o-ga.jpg", _photo()))
    filed = story.step("Gửi phản ánh kèm ảnh", lambda: phone.file({**REPORT, "media_ids": [photo]}))
    report, code = filed["id"], filed["code"]
    print(f"            {code}: {filed['status_label']}")
    story.step("Trung tâm điều hành (IOC) nhận được", lambda: _arrived(ioc, code, ["submit"]))
    desk.sign_in(*OFFICERS[0][:2])
    story.step("Cán bộ IOC tiếp nhận", lambda: desk.move(report, "acceptance"))
    story.step(
        "Cán bộ IOC chuyển Sở Xây dựng",
        lambda: desk.move(report, "assignment", agency="so-xay-dung"),
    )
    story.step(
        "IOC nhận đúng thứ tự từng bước",
        lambda: _arrived(ioc, code, ["submit", "accept", "assign"]),
    )
    for move, words in CENTRE_STEPS:
        story.step(f"IOC báo về: {move} {words}", partial(_call, ioc, code, move, words))
    story.step("Ảnh đã xử lý, không còn tọa độ GPS", lambda: _photo_served(phone, report))
    story.step("Công dân xem đủ 7 bước xử lý", lambda: _timeline(phone, report))
    story.step("Hộp thư của công dân có đủ thông báo", lambda: _inbox(phone, report))
    story.step("Điện thoại hiện thông báo mới nhất", lambda: _pushed(fcm, device, code))
    story.step("IOC không phải nghe lại việc của chính mình", lambda: _no_echo(ioc, code))
    lead = _officer(desk.base, "ioc.lanhdao")
    warned = story.step("Cán bộ IOC soạn cảnh báo, lãnh đạo duyệt", lambda: _warn(desk, lead))
    story.step("Điện thoại hiện cảnh báo", lambda: _pushed(fcm, device, WARNING["title"]))
    story.step("Chiến dịch đếm đủ từng điện thoại", lambda: _counted(lead, warned))


def _register(phone: Phone, address: str) -> None:
    told = {"kind": "fid", "value": address, "platform": "android", "app_version": "3.2.1"}
    path = f"/api/v1/me/devices/{uuid.uuid4()}"
    phone.ask("PUT", path, {**told, "locale": "vi"})
    # So that the story can be told at night, too.
    never = {"from": "00:00", "to": "00:00"}
    phone.ask("PUT", f"{path}/preferences", {"quiet_hours": never})


def _arrived(ioc: Caller, code: str, moves: list[str]) -> list[str]:
    return wait_for(lambda: found if (found := _moves_at(ioc, code)) == moves else None)


def _moves_at(ioc: Caller, code: str) -> list[str]:
    events = ioc.ask("GET", f"/events?subject={code}")
    return [event["data"]["move"] for event in events]


def _call(ioc: Caller, code: str, move: str, words: str) -> None:
    told = {"report": code, "move": move, **({"public_text": words} if words else {})}
    answered = ioc.ask("POST", "/callbacks", told)
    assert answered["status"] == 200, answered
    assert answered["body"]["outcome"] == "applied", answered


def _photo_served(phone: Phone, report: str) -> None:
    photo = wait_for(lambda: _ready_photo(phone, report))
    served = phone.http.request("GET", photo["links"]["large"])
    assert served.status == 200, served.status
    assert not Image.open(io.BytesIO(served.data)).getexif(), "the picture still carries EXIF"


def _ready_photo(phone: Phone, report: str) -> dict[str, Any] | None:
    photos = phone.ask("GET", f"/api/v1/reports/{report}")["media"]
    return next((photo for photo in photos if photo["status"] == "ready"), None)


def _timeline(phone: Phone, report: str) -> None:
    steps = phone.ask("GET", f"/api/v1/reports/{report}/timeline")["items"]
    for step in steps:
        print(
            f"            {step['sequence']}. {step['status_label']:20} {step['public_text'] or ''}"
        )
    moves = ["submit", "accept", "assign", *(move for move, _ in CENTRE_STEPS)]
    assert [step["move"] for step in steps] == moves, steps


def _inbox(phone: Phone, report: str) -> None:
    wait_for(lambda: len(_messages(phone, report)) == 3 + len(CENTRE_STEPS))


def _messages(phone: Phone, report: str) -> list[dict[str, Any]]:
    items = phone.ask("GET", "/api/v1/me/inbox?limit=100")["items"]
    return [item for item in items if item["link"] == f"/reports/{report}"]


def _pushed(fcm: Caller, device: str, code: str) -> None:
    def last_word() -> bool:
        shown = fcm.ask("GET", "/journal")["devices"].get(device, [])
        return any(code in (note["title"] or "") for note in shown)

    wait_for(last_word)


def _warn(desk: Desk, lead: Desk) -> str:
    """Two people let a message go to all phones; where what became of it is read."""
    told = {"category": "warnings", "content": {"vi": WARNING}, "link": "/warnings/mua-lon"}
    plan = {"name": WARNING["title"], "canary": 0, "ramp": 0}
    drafted = desk.ask("POST", "/api/v1/officer/campaigns", {**told, **plan})
    path = f"/api/v1/officer/campaigns/{drafted['id']}"
    desk.ask("PUT", f"{path}/submission", If_Match=f'"{drafted["version"]}"')
    seen = desk.answer("GET", path)
    hashed = {"hash": seen.json()["hash"]}
    lead.ask("PUT", f"{path}/approval", hashed, If_Match=seen.headers["ETag"])
    return path


def _counted(lead: Desk, path: str) -> None:
    wait_for(lambda: lead.ask("GET", path)["state"] == "finished")
    truth = lead.ask("GET", f"{path}/truth")
    assert truth["sum_holds"], truth
    assert truth["counts"]["accepted"], truth


def _no_echo(ioc: Caller, code: str) -> None:
    assert _moves_at(ioc, code) == ["submit", "accept", "assign"]


def _photo() -> bytes:
    """A drawn photo of a pothole, with a camera's GPS position in it."""
    picture = Image.new("RGB", (2400, 1800), "#8a8d8f")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((700, 700, 1700, 1300), fill="#3b3a38", outline="#5c5955", width=40)
    draw.rectangle((0, 300, 2400, 340), fill="#f4f1e6")
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned by a quarter
    exif.get_ifd(0x8825).update({1: "N", 2: (20.0, 56.0, 26.0), 3: "E", 4: (106.0, 19.0, 49.0)})
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif, quality=85)
    return file.getvalue()
