"""Made-up procedures in the words of a country's list, always the same."""

import random
from collections.abc import Iterator

from smartcity.catalogue.records.record import Record, read_record

DEEDS = (
    "Cấp", "Cấp lại", "Cấp đổi", "Gia hạn", "Thu hồi", "Điều chỉnh", "Đăng ký", "Đăng ký lại",
    "Xóa đăng ký", "Công nhận", "Thẩm định", "Phê duyệt", "Thông báo", "Khai báo", "Xác nhận",
    "Tạm ngừng", "Chấm dứt", "Chuyển đổi", "Sửa đổi, bổ sung", "Tiếp nhận",
)  # fmt: skip
PAPERS = (
    "giấy phép", "giấy chứng nhận", "chứng chỉ hành nghề", "giấy xác nhận", "phù hiệu", "thẻ",
    "văn bản chấp thuận", "hồ sơ thiết kế", "hợp đồng", "kế hoạch", "báo cáo", "quyền sử dụng",
    "điều kiện kinh doanh", "đủ điều kiện an toàn", "bản sao trích lục", "chế độ trợ cấp",
)  # fmt: skip
THINGS = (
    "khai sinh", "kết hôn", "khai tử", "tạm trú", "thường trú", "căn cước", "hộ chiếu phổ thông",
    "đất ở", "đất nông nghiệp", "nhà ở riêng lẻ", "xe mô tô", "xe ô tô", "lái xe", "tàu cá",
    "thuốc thú y", "thuốc bảo vệ thực vật", "an toàn thực phẩm", "khám bệnh, chữa bệnh", "dược",
    "hộ kinh doanh", "công ty cổ phần", "hợp tác xã", "thuế thu nhập cá nhân", "hóa đơn điện tử",
    "bảo hiểm xã hội", "bảo hiểm y tế", "thất nghiệp", "thai sản", "người có công", "liệt sĩ",
    "người khuyết tật", "hộ nghèo", "trường mầm non", "văn bằng", "học phí", "điện hạ áp",
    "nước dưới đất", "khoáng sản", "rừng sản xuất", "phòng cháy", "quảng cáo", "karaoke",
    "hướng dẫn viên du lịch", "lữ hành", "báo chí", "xuất bản phẩm", "bưu chính", "tần số vô tuyến",
    "chứng khoán", "ngân hàng thương mại", "kế toán", "công chứng", "luật sư", "thừa phát lại",
)  # fmt: skip
CASES = (
    "", "", "đối với cá nhân", "đối với tổ chức", "có yếu tố nước ngoài", "do bị mất hoặc hỏng",
    "tại khu vực biên giới", "thuộc thẩm quyền của Ủy ban nhân dân cấp xã", "lưu động",
    "trong trường hợp thay đổi địa điểm", "do hết thời hạn hiệu lực", "cho người dưới 18 tuổi",
)  # fmt: skip
FIELDS = tuple(thing.capitalize() for thing in THINGS)
EVENTS = ("child", "residence", "marriage", "housing", "vehicles", "health", "work", "tax")


def made(count: int) -> Iterator[Record]:
    """So many procedures, of the size that real ones have."""
    chance = random.Random(8)
    for number in range(count):
        deed, paper, case = map(chance.choice, (DEEDS, PAPERS, CASES))
        thing, other = chance.sample(THINGS, 2)
        name = f"{deed} {paper} {thing} {case}".strip()
        about = f"Nộp {paper} {thing} và chờ kết quả theo phiếu hẹn, hồ sơ số {number}. "
        yield read_record(
            {
                "code": f"3.{100_000 + number}",
                "name": name,
                "levels": [chance.choice(("commune", "province", "ministry"))],
                "field": chance.choice(FIELDS),
                "subjects": ["citizen"],
                "degree": chance.choice(("full", "partial", "information")),
                "agency": f"Sở {chance.choice(FIELDS)}",
                "counter": "commune",
                "channels": [{"way": way, "time_limit": "05 ngày làm việc", "fee": "50.000 đồng"}
                             for way in ("online", "in_person", "post")],
                "documents": [{"name": f"{part} {thing}", "originals": 1} for part in
                              ("Đơn đề nghị", "Bản sao giấy tờ", "Hợp đồng về", "Bản vẽ")],
                "steps": [about * 3] * 4,
                "results": [f"{paper} {thing}".capitalize()],
                "conditions": [f"Có {paper} {other} còn hiệu lực"],
                "legal_bases": [{"number": f"{n}/2025/NĐ-CP"} for n in range(3)],
                "keywords": [f"{thing} {number % 97}", f"làm {paper} {thing}", f"xin {thing}"],
                "life_events": [chance.choice(EVENTS)],
            }
        )  # fmt: skip
