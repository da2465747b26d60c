"""Which columns each report has: form II.06a, the leader's 18 columns, intake, voids. Data, no code.

Sources: II.06a/VPCP/KSTT as DOMAIN.md 6.1 gives it (Circular 01/2020/TT-VPCP); the leader's report and its two
additions as in 6.2. A column of ``ZERO`` is 0 by definition: at service level 3 everything comes online.
"""

from app.domain.sheets import Column, Kind

ZERO = "zero"
IN, DONE, OPEN, PAUSED = "Tiếp nhận", "Đã giải quyết", "Đang giải quyết", "Tạm dừng"
LEVEL_3 = "Dịch vụ công mức độ 3 chỉ nhận hồ sơ qua mạng: cột trực tiếp và bưu chính luôn bằng 0."
COUNTED_FROM_RECEIPT = "Kỳ báo cáo tính theo giờ tiếp nhận; hồ sơ dừng tính giờ khi kết quả đã có tại quầy."
JUDGED = (
    "Quá hạn: xong sau giờ hẹn. Đúng hạn: xong trong ngày hẹn, không quá giờ hẹn. Trước hạn: xong trước ngày hẹn. "
    "Hồ sơ rút hoặc dừng trước giờ hẹn tính là đúng hạn."
)


def _figure(key: str, words: str, group: str = "", number: str = "") -> Column:
    return Column(key, words, group=group, number=number, figure=key)


def _zero(words: str, group: str, number: str) -> Column:
    return Column(ZERO, words, group=group, number=number)


ROW = Column("row", "TT", number="1")
II06A = (
    _figure("total", "Tổng số", IN, "3"),
    _figure("received", "Trong kỳ: trực tuyến", IN, "4"),
    _zero("Trong kỳ: trực tiếp, bưu chính", IN, "5"),
    _figure("carried_over", "Kỳ trước chuyển sang", IN, "6"),
    _figure("done", "Tổng số", DONE, "7"),
    _figure("done_early", "Trước hạn", DONE, "8"),
    _figure("done_on_time", "Đúng hạn", DONE, "9"),
    _figure("done_late", "Quá hạn", DONE, "10"),
    _figure("open", "Tổng số", OPEN, "11"),
    _figure("open_in_time", "Trong hạn", OPEN, "12"),
    _figure("open_overdue", "Quá hạn", OPEN, "13"),
)
II06A_CHECKS = (
    ("3", ("4", "5", "6")),
    ("7", ("8", "9", "10")),
    ("11", ("12", "13")),
    ("3", ("7", "11")),
)
"""The identities of the form: a column is the sum of others."""

LEADERS = (
    _figure("total", "Tổng số", IN, "3"),
    _figure("carried_over", "Kỳ trước chuyển sang", IN, "4"),
    _figure("received", "Trong kỳ: tổng số", IN, "5"),
    _figure("received", "Trực tuyến", IN, "6"),
    _zero("Trực tiếp", IN, "7"),
    _zero("Bưu chính công ích", IN, "8"),
    _figure("done", "Tổng số", "Đã xử lý (xong, đã trả, rút)", "9"),
    _figure("done_early", "Trước hạn", "Đã xử lý (xong, đã trả, rút)", "10"),
    _figure("done_on_time", "Trong hạn", "Đã xử lý (xong, đã trả, rút)", "11"),
    _figure("done_late", "Quá hạn", "Đã xử lý (xong, đã trả, rút)", "12"),
    _figure("running", "Tổng số", "Đang xử lý", "13"),
    _figure("running_in_time", "Trong hạn", "Đang xử lý", "14"),
    _figure("running_overdue", "Quá hạn", "Đang xử lý", "15"),
    _figure("paused", "Tổng số", PAUSED, "16"),
    _figure("paused_in_time", "Trong hạn", PAUSED, "17"),
    _figure("paused_overdue", "Quá hạn", PAUSED, "18"),
)
LEADERS_CHECKS = (
    ("3", ("4", "5")),
    ("5", ("6", "7", "8")),
    ("9", ("10", "11", "12")),
    ("13", ("14", "15")),
    ("16", ("17", "18")),
    ("3", ("9", "13", "16")),
)

ANSWERED, WAITS = "Đã trả lời", "Chưa trả lời"
INTAKE = (
    _figure("sent", "Hồ sơ đã gửi", number="3"),
    _figure("intake_within", "Trong 8 giờ làm việc", ANSWERED, "4"),
    _figure("intake_late", "Sau 8 giờ làm việc", ANSWERED, "5"),
    _figure("intake_waiting", "Còn hạn", WAITS, "6"),
    _figure("intake_overdue", "Quá hạn", WAITS, "7"),
    _figure("intake_taken_back", "Người nộp rút trước khi được trả lời", number="8"),
    Column("rate", "Tỷ lệ đúng 8 giờ", Kind.SHARE, number="9"),
    Column("median", "Trung vị", Kind.MINUTES, "Thời gian làm việc đến khi trả lời", "10"),
    Column("ninth", "9 trên 10 hồ sơ không quá", Kind.MINUTES, "Thời gian làm việc đến khi trả lời", "11"),
)
INTAKE_CHECKS = (("3", ("4", "5", "6", "7", "8")),)
INTAKE_NOTE = (
    "Mỗi lần người dân nhấn Gửi có hạn trả lời 8 giờ làm việc; hồ sơ đã trễ một lần được tính là trễ. Trả lời gồm "
    "tiếp nhận, yêu cầu bổ sung và từ chối. Kỳ tính theo giờ gửi lần đầu."
)
RATE_NOTE = "Tỷ lệ: cột 4 chia cho tổng cột 4, 5 và 7."

VIOLATIONS = (
    _figure("returned", "Đã trả kết quả", number="3"),
    _figure("voided", "Đã hủy kết quả", number="4"),
    Column("void_rate", "Tỷ lệ hủy", Kind.SHARE, number="5"),
    _figure("case_forwarded", "Đã chuyển trong kỳ", "Vụ việc vi phạm", "6"),
    _figure("case_decided", "Có kết luận trong kỳ", "Vụ việc vi phạm", "7"),
    _figure("case_cleared", "Kết luận không vi phạm", "Vụ việc vi phạm", "8"),
    _figure("case_pending", "Chưa có kết luận", "Vụ việc vi phạm", "9"),
)
VIOLATIONS_NOTE = "Mỗi kết quả bị hủy lập một vụ việc. Cột 9 tính đến cuối kỳ, kể cả vụ việc của kỳ trước."
