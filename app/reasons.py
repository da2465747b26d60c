"""The words of refusals: one Vietnamese sentence per reason key, saying what to do.

Placeholders are the params of the DomainError. Lists are joined with "; ", sums are written as 100.000 đồng.
"""

from app.domain.errors import DomainError

WORDS: dict[str, str] = {
    # the table
    "no_such_transition": "Không có thao tác “{transition}” trong quy trình.",
    "role_may_not": "Tài khoản này không có quyền thực hiện thao tác này.",
    "wrong_state": "Hồ sơ đang ở trạng thái “{state}” nên chưa thể “{transition}”. Tải lại trang để xem việc cần làm.",
    "stale_version": "Người khác vừa cập nhật. Tải lại trang, xem thay đổi rồi thực hiện lại.",
    "reason_required": "Ghi lý do trước khi chọn “{transition}”.",
    # guards
    "documents_missing": "Còn thiếu giấy tờ bắt buộc: {documents}. Tải lên đủ rồi gửi.",
    "procedure_not_open_here": "{agency} chưa nhận thủ tục này qua mạng. {where}",
    "email_not_verified": "Mở thư xác nhận đã gửi tới địa chỉ thư điện tử của ông, bà rồi gửi hồ sơ.",
    "truth_not_declared": "Đánh dấu cam đoan giấy tờ đã chụp đúng với bản gốc trước khi gửi.",
    "documents_not_looked_at": "Còn giấy tờ chưa mở xem: {documents}.",
    "no_items_listed": "Ghi ít nhất một nội dung cần bổ sung.",
    "items_unanswered": "Còn nội dung chưa bổ sung: {items}.",
    "supplement_time_not_passed": "Chưa hết thời hạn bổ sung.",
    "no_department_assigned": "Chọn phòng thẩm định trước khi chuyển hồ sơ.",
    "no_requests_left": "Đã hết số lần được yêu cầu bổ sung khi thẩm định.",
    "opinion_missing": "Ghi ý kiến thẩm định trước khi trình.",
    "result_not_drafted": "Soạn dự thảo kết quả trước khi trình.",
    "signer_is_proposer": "Người trình không được tự phê duyệt. Chuyển lãnh đạo khác.",
    "result_not_signed": "Ghi số, ngày và tải lên bản kết quả đã ký trước khi phê duyệt.",
    "originals_not_checked": "Còn giấy tờ chưa đối chiếu: {documents}.",
    "originals_do_not_match": "Chưa thể trả kết quả, giấy tờ chưa khớp: {documents}.",
    "fee_amount_not_set": "Nhập số tiền cho khoản: {fees}.",
    "fee_not_paid": "Còn {left} chưa thu hoặc chưa ghi miễn.",
    "fee_overpaid": "Đã ghi thu thừa {over}. Kiểm tra lại biên lai.",
    "returner_appraised": "Người đã thẩm định hồ sơ không được trả kết quả. Chuyển công chức khác.",
    "denial_has_no_result_to_void": "Hồ sơ bị từ chối giải quyết nên không có kết quả để hủy.",
    "no_mismatch_recorded": "Chưa có giấy tờ nào được ghi là không khớp.",
    "mismatch_not_described": "Mô tả điểm không khớp của: {documents}.",
    # settings
    "no_such_setting": "Không có tham số này.",
    "setting_out_of_bounds": "Nhập số từ {low} đến {high}.",
    "setting_empty": "Nhập giá trị cho tham số.",
    "code_format_malformed": "Mẫu mã hồ sơ phải có {{agency}}, {{date:%y%m%d}} và {{serial:04d}}.",
    # journal
    "journal_is_append_only": "Nhật ký chỉ được ghi thêm, không sửa và không xóa.",
}

_MONEY = ("left", "over", "amount", "due")


def words(error: DomainError) -> str:
    """The Vietnamese sentence of a refusal; KeyError when the key has none (a test walks all keys)."""
    return WORDS[error.key].format(**{name: _plain(name, value) for name, value in error.params.items()})


def _plain(name: str, value: object) -> object:
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    if isinstance(value, int) and name in _MONEY:
        return f"{value:,}".replace(",", ".") + " đồng"
    return value
