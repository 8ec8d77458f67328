"""Made-up entries in the words of a province's news, documents and procedures, always the same."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from smartcity.search.service import Indexed
from smartcity.search.words import words

KINDS = ("news", "document", "procedure", "warning", "place")
SUBJECTS = (
    "Ủy ban nhân dân thành phố",
    "Sở Y tế",
    "Sở Xây dựng",
    "Công an thành phố",
    "Sở Công Thương",
    "Trung tâm phục vụ hành chính công",
    "Phường Hải Châu",
    "Xã Thanh Miện",
    "Cục Thuế",
    "Sở Giáo dục",
)
DEEDS = (
    "cảnh báo lừa đảo",
    "công bố thủ tục",
    "triển khai kế hoạch",
    "tổ chức lễ hội",
    "khánh thành",
    "tiếp nhận hồ sơ",
    "cấp giấy phép xây dựng",
    "hướng dẫn đăng ký",
    "kiểm tra an toàn thực phẩm",
    "sửa chữa đường",
    "tiêm chủng mở rộng",
    "cắt điện luân phiên",
    "thông báo tuyển dụng",
    "phòng chống bão lũ",
    "thu hồi đất",
    "giới thiệu làng lụa",
    "thu hoạch lúa",
    "trồng cây xanh",
)
OBJECTS = (
    "qua mạng xã hội", "cho người cao tuổi", "trên địa bàn tỉnh", "năm học mới", "vụ đông xuân",
    "tại khu công nghiệp", "nhân ngày chuyển đổi số", "cho hộ kinh doanh", "mùa mưa bão",
    "đất đai nhà ở", "thẻ căn cước", "bảo hiểm y tế", "giấy khai sinh", "giao thông nông thôn",
)  # fmt: skip
SYLLABLES = words("""
a an anh ao bà bài bản báo bảo bày bé bên bể bền bệnh biên biển biết bình bộ bốn bờ bữa ca cá
các cách cải cam cao cảng cảnh cấp cần cây chai chặt chi chỉ chiều cho chợ chung chuyển chủ chức
con có công cơ của cung cuộc cứu dài dân danh dạy dịch diện do dòng dự dùng dưới đa đạo đào đảo
đảng đạt đất đầu đề đêm đi điểm điện định đoàn đô đồng đội đời đường em gia giá giải giao giáo
giống giờ giúp gò hai hàng hành hay hát hè hiện hiểu họ hoa hòa hoạt học hội hôm hồ hồng hợp
hưng hương khách khai khi kho khoa không khu kiểm kiến kinh kỳ ký làm lãnh lao lâu lập lễ liên
lịch lo loại lợi lớn luật lúa lụa lũ lừa lực lương lý mạng mạnh may máy mẫu mây miền minh mọi
môi mở một mới mua mùa mức nam năm nắng nâng nếp nền nét ngày ngân nghệ nghị nghiệp ngoài người
nhà nhân nhanh nhiều nhỏ như những niên nối nông nơi nước ở phải phát phẩm phía phòng phố phối
phục phường quan quản quả quê quốc quyền quyết ra rau rừng sách sản sát sau sáng sắc sân sẽ số
sông sở sự sức tạo tài tại tâm tầng tây tế tết thanh thành tháng thăm thân thầy theo thể thêm
thi thị thiên thôn thông thống thời thu thủ thủy thuế thuộc thuốc thương tỉnh tiền tiếng tiếp
tin tình tố tổ tốt tôi trách trang trẻ trên triển trình trong trồng trung truyền trường tuần
tuổi tư từ và vào văn vận vật về vệ viên việc việt vùng vườn vượt xa xã xanh xây xe xuất xuân xử
ý yêu
""")
_FIRST = datetime(2021, 1, 1, tzinfo=UTC)


def entries(count: int, seed: int = 2026) -> Iterator[Indexed]:
    """So many entries of five years; every second text holds `hải dương`."""
    dice = random.Random(seed)
    common = [1 / (place + 8) for place in range(len(SYLLABLES))]  # as words of a language go
    frequent = dice.sample([word.exact for word in SYLLABLES], len(SYLLABLES))
    for number in range(count):
        subject, deed, thing = dice.choice(SUBJECTS), dice.choice(DEEDS), dice.choice(OBJECTS)
        text = dice.choices(frequent, common, k=dice.randint(60, 220))
        text.insert(dice.randrange(40), deed)
        if number % 2:
            text.insert(dice.randrange(60), "Hải Dương")
        yield Indexed(
            kind=dice.choice(KINDS),
            ref=str(number),
            title=f"{subject} {deed} {thing} số {number % 1000}",
            summary=f"{deed.capitalize()} {thing}: {' '.join(text[:12])}.",
            body=" ".join(text).capitalize(),
            link=f"/api/v1/news/{number}",
            published_at=_FIRST + timedelta(minutes=number * 80),
            area=dice.choice((None, "10507", "10525", "11674")),
        )
