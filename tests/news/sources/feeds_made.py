"""Feeds as tests write them."""

LONG = (
    "Gần hai trăm đoàn viên, hội viên phụ nữ và người dân các khu dân cư đã thu gom hơn ba tấn rác,"
    " phát quang cây cỏ hai bên bờ kênh, trồng thêm một trăm cây hoa giấy. Phát biểu tại buổi lễ,"
    " đại diện phường đề nghị mỗi gia đình giữ sạch phần đường trước cửa nhà, phân loại rác tại"
    " nguồn và không đổ rác xuống kênh mương."
)
# Long enough that a word more or less leaves its likeness near.
ARTICLE = f"""{LONG} Theo kế hoạch, mỗi khu dân cư cử một tổ tự quản gồm năm người, phân công nhau
kiểm tra các điểm tập kết rác vào đầu giờ sáng và cuối giờ chiều, kịp thời nhắc nhở những hộ để rác
không đúng giờ. Công ty môi trường đô thị bố trí thêm ba xe ép rác cỡ nhỏ để vào được những ngõ hẹp,
đồng thời đặt mười hai thùng phân loại tại cổng chợ, trường học và nhà văn hóa. Kinh phí của đợt này
do ngân sách phường chi một nửa, phần còn lại do các doanh nghiệp trên địa bàn ủng hộ bằng hiện vật.
Bà Nguyễn Thị Hạnh, một người dân sống cạnh kênh đã lâu, cho biết trước đây mùi hôi khiến gia đình
bà phải đóng kín cửa quanh năm, còn nay các cháu nhỏ đã có chỗ đạp xe mỗi chiều."""


def item(title: str, guid: str, text: str = LONG, link: str | None = None) -> str:
    """An item of RSS; without another link, one that its guid makes."""
    link = link or f"https://tin.example.vn/{guid}.html"
    body = f"<description><![CDATA[<p>{text}</p>]]></description>"
    told = f'<title>{title}</title><link>{link}</link><guid isPermaLink="false">{guid}</guid>'
    return f"<item>{told}{body}<pubDate>Sat, 21 Nov 2026 08:30:00 +0700</pubDate></item>"


def rss(*items: str) -> bytes:
    """A feed of RSS 2.0."""
    head = "<title>Tin phường</title><link>https://tin.example.vn/</link>"
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()
