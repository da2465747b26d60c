"""The menus of the five kinds of people: data, in the order in which they are shown."""

from flask_babel import lazy_gettext, lazy_pgettext

from app.domain.roles import Role

_ = lazy_gettext
_many = lazy_pgettext
"""A noun that names a list: one word in Vietnamese, a plural elsewhere."""

PUBLIC_MENU = (
    (_many("menu", "Thủ tục"), "/thu-tuc"),
    (_("Tra cứu hồ sơ"), "/tra-cuu"),
    (_("Hồ sơ của tôi"), "/ho-so-cua-toi"),
    (_("Tin tức"), "/tin-tuc"),
    (_("Hỏi đáp"), "/hoi-dap"),
)
FOOTER = (
    (_("Tất cả thủ tục trực tuyến"), "/thu-tuc"),
    (_("Tra cứu hồ sơ đã gửi"), "/tra-cuu"),
    (_("Thời gian giải quyết thực tế"), "/thoi-gian-giai-quyet"),
    (_("Tin và thông báo"), "/tin-tuc"),
    (_("Hỏi đáp"), "/hoi-dap"),
)
INBOX = (_("Hộp hồ sơ"), "/hop-thu")
MY_DAY = (_many("menu", "Hôm nay"), "/ngay-lam-viec")
DOSSIERS = (_("Danh sách hồ sơ"), "/can-bo/danh-sach")
CASES = (_many("menu", "Vụ việc vi phạm"), "/vi-pham")
QUESTIONS = (_("Câu hỏi của người dân"), "/can-bo/hoi-dap")
BOARD = (_("Điều hành"), "/dieu-hanh")
REGISTER = (_("Sổ theo dõi"), "/can-bo/so-theo-doi")
REPORTS = (_many("menu", "Báo cáo"), "/bao-cao")
APOLOGIES = (_many("menu", "Phiếu xin lỗi"), "/can-bo/xin-loi")
STAFF_MENU = {
    Role.RECEIVING_OFFICER: (INBOX, MY_DAY, DOSSIERS, CASES, REGISTER, REPORTS, QUESTIONS),
    Role.DEPARTMENT_OFFICER: (INBOX, MY_DAY, DOSSIERS),
    Role.LEADER: (INBOX, DOSSIERS, BOARD, REPORTS, APOLOGIES, CASES, REGISTER),
    Role.ADMINISTRATOR: ((_("Cấu hình"), "/quan-tri/"), (_("Bảng kỹ thuật"), "/console/")),
}
HOME = {Role.CITIZEN: "/ho-so-cua-toi", Role.ADMINISTRATOR: "/quan-tri/"}
ADMINISTRATION = (
    (
        _many("menu", "Thủ tục"),
        (
            (_("Thủ tục hành chính"), "/quan-tri/thu-tuc"),
            (_("Giấy tờ phải nộp"), "/quan-tri/giay-to"),
            (_("Phí, lệ phí"), "/quan-tri/phi"),
            (_many("menu", "Lĩnh vực"), "/quan-tri/linh-vuc"),
        ),
    ),
    (
        _("Địa bàn và cơ quan"),
        (
            (_("Đơn vị hành chính"), "/quan-tri/don-vi"),
            (_many("menu", "Cơ quan"), "/quan-tri/co-quan"),
            (_("Phòng chuyên môn"), "/quan-tri/phong"),
            (_("Nơi trả kết quả"), "/quan-tri/noi-tra"),
            (_many("menu", "Cơ quan chức năng"), "/quan-tri/co-quan-chuc-nang"),
            (_("Lịch triển khai"), "/quan-tri/trien-khai"),
        ),
    ),
    (
        _("Thời gian làm việc"),
        (
            (_("Giờ làm việc"), "/quan-tri/lich-lam-viec"),
            (_("Ngày nghỉ, ngày làm bù"), "/quan-tri/ngay-nghi"),
        ),
    ),
    (
        _("Người dùng"),
        (
            (_("Tài khoản cán bộ"), "/quan-tri/tai-khoan"),
            (_("Tài khoản người dân"), "/quan-tri/tai-khoan-nguoi-dan"),
        ),
    ),
    (_("Nội dung"), ((_("Tin tức"), "/quan-tri/tin-tuc"), (_("Câu hỏi của người dân"), "/quan-tri/hoi-dap"))),
    (_("Vận hành"), ((_("Tham số"), "/quan-tri/tham-so"), (_("Bảng kỹ thuật"), "/console/"))),
)
COUNTED = {
    "/quan-tri/thu-tuc": "procedures",
    "/quan-tri/giay-to": "documents",
    "/quan-tri/phi": "fees",
    "/quan-tri/linh-vuc": "fields",
    "/quan-tri/don-vi": "units",
    "/quan-tri/co-quan": "agencies",
    "/quan-tri/phong": "departments",
    "/quan-tri/noi-tra": "places",
    "/quan-tri/co-quan-chuc-nang": "authorities",
    "/quan-tri/tai-khoan": "staff",
    "/quan-tri/tin-tuc": "news",
}
"""Address of a list and its number in ``administration.counts``."""
