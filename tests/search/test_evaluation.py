"""Thirty questions of citizens and the one answer that is to come first."""

from flask import Flask

from tests.search.index import entry, fill, refs

# What is published: title, and words of the text.
ENTRIES = {
    "scam": ("Cảnh báo lừa đảo qua mạng xã hội", "Công an cảnh báo giả danh ngân hàng, mã OTP."),
    "police": ("Cảnh giác kẻ giả danh công an gọi điện", "Nhiều người già bị lừa chuyển tiền."),
    "silk": ("Làng lụa Vạn Phúc đón khách", "Nghề dệt lụa nghìn năm bên sông Nhuệ."),
    "rice": ("Nông dân thu hoạch lúa mùa", "Giá lúa tăng, được mùa trên cánh đồng lớn."),
    "fire": ("Phòng cháy chữa cháy rừng mùa khô", "Lửa rừng lan nhanh, cấm đốt nương."),
    "birth": ("Thủ tục đăng ký khai sinh", "Giấy chứng sinh, căn cước của cha mẹ; 1.001193."),
    "marriage": ("Thủ tục đăng ký kết hôn", "Giấy xác nhận tình trạng hôn nhân."),
    "card": ("Cấp thẻ căn cước cho trẻ dưới 6 tuổi", "Công an xã nhận hồ sơ sáng thứ bảy."),
    "land": ("Cấp giấy chứng nhận quyền sử dụng đất", "Sổ đỏ, sổ hồng; hồ sơ đất đai."),
    "permit": ("Cấp giấy phép xây dựng nhà ở riêng lẻ", "Bản vẽ thiết kế, thời hạn 20 ngày."),
    "vaccine": ("Lịch tiêm chủng mở rộng tháng 11", "Trạm y tế tiêm vắc xin sởi cho trẻ em."),
    "dengue": ("Phòng chống sốt xuất huyết", "Diệt lăng quăng, bọ gậy, ngủ màn."),
    "insurance": ("Hỗ trợ đóng bảo hiểm y tế hộ nghèo", "Thẻ BHYT, trạm y tế."),
    "power": ("Lịch cắt điện tuần 47", "Công ty Điện lực ngừng cấp điện để sửa chữa lưới."),
    "water": ("Tạm ngừng cấp nước sạch khu Đông", "Súc rửa đường ống, nước đục."),
    "storm": ("Bão số 9 đổ bộ, học sinh nghỉ học", "Gió giật cấp 12, tàu thuyền vào bờ."),
    "flood": ("Cảnh báo lũ quét và sạt lở đất", "Mưa lớn kéo dài, sông Thái Bình báo động 2."),
    "school": ("Tuyển sinh lớp 10 năm học 2026-2027", "Chỉ tiêu, môn thi, lịch thi."),
    "job": ("Ngày hội việc làm thanh niên", "Hai mươi doanh nghiệp tuyển dụng công nhân."),
    "road": ("Sửa chữa đường Nguyễn Lương Bằng", "Cấm xe tải, phân luồng giao thông."),
    "bus": ("Mở tuyến xe buýt 208 Hải Dương - Hải Phòng", "Giá vé, giờ chạy, trạm dừng."),
    "trash": ("Thu gom rác thải cồng kềnh", "Phân loại rác tại nguồn, phí vệ sinh."),
    "digital": ("Ngày Chuyển đổi số 26 tháng 3", "Ứng dụng công dân số, 45.000 lượt cài."),
    "temple": ("Lễ hội mùa xuân Côn Sơn - Kiếp Bạc", "Rước bộ, tế lễ đền thờ Nguyễn Trãi."),
    "cake": ("Bánh đậu xanh Hải Dương lên sàn", "Đặc sản, thương hiệu Rồng Vàng."),
    "decree": ("Quyết định 12/2026/QĐ-UBND về giá đất", "Bảng giá đất áp dụng từ 2026."),
    "tax": ("Hộ kinh doanh kê khai thuế điện tử", "Bỏ thuế khoán, hóa đơn từ máy tính tiền."),
    "old age": ("Trợ cấp người cao tuổi từ 75 tuổi", "Hưu trí xã hội, chi trả qua tài khoản."),
    "english": ("Hai Duong welcomes foreign visitors", "A guide to silk villages and temples."),
    "market": ("Giá cả thị trường: rau xanh, thịt lợn", "Chợ đầu mối, chợ quê."),
}
QUESTIONS = {
    "canh bao lua dao": "scam", "lừa đảo": "scam", "gia danh cong an": "police",
    "ma otp": "scam", "lụa": "silk", "lúa": "rice", "lửa": "fire", "lang lua": "silk",
    "khai sinh": "birth", "dang ky ket hon": "marriage", "căn cước": "card", "so do": "land",
    "giay phep xay dung": "permit", "tiêm vắc xin": "vaccine", "sot xuat huyet": "dengue",
    "bhyt": "insurance", "cat dien": "power", "mat nuoc": "water", "nghi hoc": "storm",
    "lu quet": "flood", "tuyen sinh lop 10": "school", "viec lam": "job",
    "nguyen luong bang": "road", "xe buyt 208": "bus", "rac": "trash", "chuyển đổi s": "digital",
    "con son": "temple", "banh dau xnah": "cake", "12/2026/QĐ-UBND": "decree",
    "thue dien tu": "tax",
}  # fmt: skip
# "mất nước" stands nowhere; nothing is better than something else.
UNANSWERABLE = {"mat nuoc"}


def test_thirty_questions(app: Flask) -> None:
    fill(app, *(entry(ref, *texts, age=n) for n, (ref, texts) in enumerate(ENTRIES.items())))
    assert len(QUESTIONS) == 30
    wrong = {
        words: found
        for words, expected in QUESTIONS.items()
        if (found := refs(app, words))[:1] != ([] if words in UNANSWERABLE else [expected])
    }
    assert wrong == {}
