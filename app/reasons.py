"""The words of refusals: one Vietnamese sentence per reason key, saying what to do.

Placeholders are the params of the DomainError. Lists are joined with "; ", sums are written as 100.000 đồng.
"""

from collections.abc import Sequence

from app.domain.errors import DomainError
from app.domain.language import say

WORDS: dict[str, str] = {
    # the table
    "no_such_transition": "Không có thao tác “{transition}” trong quy trình.",
    "role_may_not": "Tài khoản này không có quyền thực hiện thao tác này.",
    "wrong_state": "Hồ sơ đang ở trạng thái “{state}” nên không thể “{transition}”. Tải lại trang để xem việc cần làm.",
    "stale_version": "Người khác vừa cập nhật. Tải lại trang, xem thay đổi rồi thực hiện lại.",
    "reason_required": "Ghi lý do trước khi chọn “{transition}”.",
    # guards
    "documents_missing": "Còn thiếu giấy tờ bắt buộc: {documents}. Tải lên đủ rồi gửi.",
    "procedure_not_open_here": "{agency} chưa nhận thủ tục này qua mạng. {where}",
    "email_not_verified": (
        "Địa chỉ thư điện tử khai trong hồ sơ chưa được xác nhận. Mở thư xác nhận của tài khoản, hoặc sửa "
        "địa chỉ trong hồ sơ theo tài khoản, rồi gửi."
    ),
    "email_not_of_account": (
        "Dùng địa chỉ đã xác nhận của tài khoản: {email}. Muốn nhận thư ở địa chỉ khác, đổi tại trang Tài khoản."
    ),
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
    "photograph_only_of_mismatch": (
        "Ảnh bản gốc chỉ được lưu khi giấy tờ không khớp. Bỏ ảnh đã chọn, hoặc chọn “Không khớp”."
    ),
    "too_many_photographs": "Mỗi giấy tờ lưu nhiều nhất {limit} ảnh bản gốc. Bỏ bớt ảnh rồi ghi lại.",
    "no_such_photograph": "Không có ảnh này.",
    # papers
    "no_such_paper": "Không tìm thấy giấy này. Mời mở lại trang hồ sơ.",
    "no_such_register": "Không có sổ theo dõi của năm này. Chọn một năm trong danh sách.",
    "no_apology_drafted": "Hồ sơ này chưa đến lúc phải xin lỗi nên chưa có phiếu để ký.",
    "apology_sent_already": "Phiếu xin lỗi đã gửi. Mỗi hồ sơ chỉ được hẹn lại một lần.",
    "apology_not_needed": "Thời hạn giải quyết của hồ sơ không còn chạy nên không cần xin lỗi nữa.",
    "apology_reason_required": "Ghi lý do chậm trả kết quả.",
    "apology_day_too_early": "Chọn ngày trả kết quả mới sau ngày {day}.",
    "apology_day_too_late": "Chọn ngày trả kết quả mới trong vòng một năm.",
    "apology_day_off": "Ngày này cơ quan không làm việc. Chọn một ngày làm việc.",
    # settings
    "no_such_setting": "Không có tham số này.",
    "setting_out_of_bounds": "Nhập số từ {low} đến {high}.",
    "setting_empty": "Nhập giá trị cho tham số.",
    "code_format_malformed": "Mẫu mã hồ sơ phải có {{agency}}, {{date:%y%m%d}} và {{serial:04d}}.",
    # mail
    "no_such_mail": "Không có thư này trong hộp thư đi.",
    "mail_not_retriable": "Thư đang ở trạng thái “{state}” nên không gửi lại. Tải lại trang để xem.",
    "no_mail_server": "Cấu hình máy chủ thư (MAIL_SERVER) trước khi gửi lại.",
    # files, jobs
    "file_missing": "Không còn tệp này trong kho lưu trữ. Báo quản trị viên khôi phục từ bản sao lưu.",
    "store_away": "Kho lưu trữ tệp tạm thời không phản hồi, chưa có gì thay đổi. Chờ vài phút rồi thực hiện lại.",
    "job_begun_elsewhere": "Việc này đang chạy ở nơi khác. Chờ chạy xong rồi thực hiện lại.",
    # reports
    "period_backwards": "Chọn ngày cuối bằng hoặc sau ngày đầu của kỳ.",
    "figures_without_dossiers": "Hồ sơ của đơn vị khác do đơn vị đó quản lý; tại đây chỉ xem được số liệu.",
    "no_such_report": "Không có báo cáo này. Chọn trong danh sách báo cáo.",
    "no_such_export": "Không có bản xuất này, hoặc đã quá thời gian lưu giữ. Xuất lại từ trang báo cáo.",
    "export_not_ready": "Tệp chưa tạo xong. Tải lại trang sau ít phút.",
    "too_many_exports": "Đang có {number} tệp chờ tạo. Chờ xong rồi xuất tiếp.",
    "report_too_long_for_paper": (
        "Danh sách có {rows} dòng, bản PDF chỉ nhận {longest} dòng. Thu hẹp kỳ báo cáo hoặc tải tệp Excel."
    ),
    "format_not_chosen": "Chọn loại tệp: Excel, CSV hoặc PDF.",
    # REST
    "parameter_unknown": "Không có tham số lọc “{parameter}”. Xem danh sách tham số ở /swagger/v1.",
    "parameter_not_understood": "Không hiểu giá trị của tham số “{parameter}”. Xem cách ghi ở /swagger/v1.",
    "json_malformed": "Nội dung gửi lên phải là JSON chỉ gồm: {expected}.",
    # journal
    "journal_is_append_only": "Nhật ký chỉ được ghi thêm, không sửa và không xóa.",
    # configuration: catalogue, organisation, calendar
    "no_such_row": "Không tìm thấy mục này. Tải lại danh sách rồi chọn lại.",
    "row_in_use": "“{row}” đang được sử dụng nên không xóa được. Đặt ngày hết hiệu lực hoặc ngừng sử dụng.",
    "field_required": "Nhập nội dung cho ô này.",
    "text_too_long": "Rút gọn còn nhiều nhất {longest} ký tự.",
    "choose_from_list": "Chọn một mục có trong danh sách.",
    "number_out_of_bounds": "Nhập số từ {low} đến {high}.",
    "question_unanswered": "Câu hỏi chưa được trả lời nên chưa công bố được.",
    "last_day_before_first": "Ngày cuối phải bằng hoặc sau ngày đầu.",
    "too_many_days": "Mỗi lần nhập nhiều nhất {longest} ngày.",
    "validity_ends_before_it_begins": "Ngày hết hiệu lực phải bằng hoặc sau ngày bắt đầu.",
    "name_taken": "Tên này đã có. Nhập tên khác.",
    "no_such_procedure": "Không tìm thấy thủ tục này. Mời ông, bà chọn trong danh mục thủ tục.",
    "procedure_code_taken": "Mã thủ tục này đã có. Nhập mã khác.",
    "processing_time_too_short": "Nhập thời hạn giải quyết từ 1 trở lên.",
    "no_such_department": "Chưa cơ quan nào ở cấp này có phòng đó. Thêm phòng trước, hoặc chọn phòng khác.",
    "no_such_agency": "Không tìm thấy cơ quan này. Mời ông, bà chọn trong danh sách.",
    "agency_of_other_level": "{agency} thuộc cấp khác. Chọn đúng cấp của cơ quan.",
    "rollout_there_already": "Cơ quan này đã có ngày bắt đầu. Sửa ngày ở dòng đã có.",
    "identifier_taken": "Mã định danh này đã thuộc cơ quan khác.",
    "authority_there_already": "Cơ quan và lĩnh vực này đã có nơi nhận báo cáo vi phạm. Sửa ở dòng đã có.",
    "unit_code_taken": "Mã này đang thuộc {unit} trong cùng thời gian. Kiểm tra lại mã hoặc ngày hiệu lực.",
    "unit_succeeds_itself": "Chọn đơn vị kế tiếp khác với chính đơn vị này.",
    "successor_begins_later": "{unit} bắt đầu muộn hơn ngày đơn vị này kết thúc. Kiểm tra lại ngày.",
    "no_such_weekday": "Chọn một ngày trong tuần.",
    "session_closes_before_it_opens": "Giờ kết thúc phải sau giờ bắt đầu.",
    "sessions_overlap": "Hai buổi làm việc trùng giờ nhau. Sửa lại giờ của một buổi.",
    "common_sessions_needed": "Nhập ít nhất một buổi làm việc chung.",
    "day_both_off_and_working": "Một ngày không thể vừa nghỉ vừa làm bù. Giữ lại một trong hai.",
    "day_there_already": "Ngày {day} đã có trong lịch. Sửa ở dòng đã có.",
    "year_needs_source": "Ghi thông báo chính thức đã dùng để đối chiếu.",
    "date_out_of_range": "Chọn ngày từ năm {first_year} đến năm {last_year}.",
    "no_working_sessions": "Chưa có buổi làm việc nào trong lịch. Nhập giờ làm việc trước.",
    "limit_negative": "Nhập thời hạn từ 0 trở lên.",
    "limit_too_long": "Nhập thời hạn nhiều nhất {longest}.",
    "pause_ends_before_it_starts": "Thời điểm tính tiếp phải sau thời điểm tạm dừng.",
    "session_incomplete": "Nhập cả giờ bắt đầu và giờ kết thúc, hoặc để trống cả hai.",
    "preview_outdated": "Nội dung hoặc hồ sơ đã khác lần xem trước. Xem lại danh sách rồi lưu.",
    # accounts
    "too_many_attempts": "Đã thử quá nhiều lần. Chờ {minutes} phút rồi thử lại.",
    "phone_malformed": "Nhập số điện thoại gồm 10 hoặc 11 chữ số, bắt đầu bằng số 0.",
    "personal_id_malformed": "Nhập số định danh gồm 12 chữ số (hoặc 9 chữ số của chứng minh nhân dân).",
    "email_malformed": "Nhập địa chỉ thư điện tử đầy đủ, ví dụ ten@example.com.",
    "full_name_incomplete": "Nhập đủ họ và tên, chỉ gồm chữ.",
    "username_malformed": "Nhập 3 đến 40 chữ cái không dấu, chữ số, dấu chấm hoặc gạch, bắt đầu bằng chữ.",
    "account_taken": "Tên đăng nhập hoặc địa chỉ thư này đã có tài khoản. Dùng tên hoặc địa chỉ khác.",
    "consent_required": "Đọc thông báo xử lý dữ liệu cá nhân rồi đánh dấu đồng ý.",
    "password_too_short": "Mật khẩu phải có ít nhất {shortest} ký tự. Dùng một câu ngắn dễ nhớ.",
    "password_too_long": "Mật khẩu chỉ được dài nhất {longest} ký tự.",
    "password_contains_name": "Chọn mật khẩu không chứa tên, số điện thoại hay địa chỉ thư của ông, bà.",
    "password_too_common": "Mật khẩu này quá dễ đoán. Chọn một câu ngắn chỉ ông, bà biết.",
    "password_unprintable": "Gõ mật khẩu bằng chữ, số, dấu và khoảng trắng.",
    "passwords_differ": "Hai lần nhập mật khẩu chưa giống nhau. Nhập lại.",
    "password_wrong": "Mật khẩu hiện tại chưa đúng. Nhập lại.",
    "password_not_new": "Mật khẩu mới phải khác mật khẩu hiện tại.",
    "login_wrong": "Tên đăng nhập hoặc mật khẩu chưa đúng. Kiểm tra rồi nhập lại.",
    "account_inactive": "Tài khoản đã ngừng hoạt động. Gọi đường dây nóng để được mở lại.",
    "email_not_confirmed": "Xác nhận địa chỉ thư điện tử trước: nhấn đường dẫn trong thư xác nhận.",
    "token_missing": "Gửi mã truy cập trong tiêu đề Authorization: Bearer … Lấy mã ở /api/v1/security/login.",
    "token_unreadable": "Không đọc được mã truy cập. Đăng nhập lại ở /api/v1/security/login để lấy mã mới.",
    "token_expired": "Mã truy cập đã hết hạn. Đăng nhập lại hoặc dùng mã làm mới.",
    "login_incomplete": "Gửi username và password dạng JSON, kèm provider là db nếu có.",
    "text_not_storable": "Văn bản có ký tự hỏng. Sửa rồi gửi lại.",
    "session_over": "Phiên đăng nhập đã kết thúc. Đăng nhập lại.",
    "link_forged": "Đường dẫn này chưa đúng. Mở lại thư và nhấn cả đường dẫn trong thư.",
    "link_expired": "Đường dẫn đã hết hạn. Yêu cầu gửi thư mới.",
    "no_such_figure": "Không có số liệu này. Mở lại từ trang điều hành.",
    "survey_expired": "Thời gian góp ý cho hồ sơ này đã hết. Ông, bà vẫn góp ý được qua đường dây nóng.",
    "survey_answered": "Ý kiến về hồ sơ này đã được ghi nhận. Mỗi hồ sơ góp ý một lần.",
    "survey_incomplete": "Chọn một mức cho mục “{question}”.",
    "link_used": "Đường dẫn này đã được dùng hoặc không còn hiệu lực. Nếu vẫn cần, yêu cầu gửi thư mới.",
    "email_not_new": "Địa chỉ này đang được dùng cho tài khoản. Nhập địa chỉ khác.",
    "name_set_by_administrator": "Họ tên của cán bộ do quản trị viên ghi. Báo quản trị viên để sửa.",
    "no_such_account": "Không có tài khoản này.",
    "not_your_own_account": "Nhờ quản trị viên khác ngừng hoặc đổi vai trò tài khoản của mình.",
    "role_not_of_staff": "Chọn một vai trò của cán bộ.",
    "department_of_other_agency": "Chọn phòng chuyên môn thuộc cơ quan đã chọn.",
    # forms
    "row_clashes": "Chưa lưu được vì trùng với mục đã có hoặc đang được dùng ở nơi khác. Sửa lại rồi lưu.",
    # citizens: composing, scans, tracking, questions, news
    "login_required": "Đăng nhập để tiếp tục.",
    "place_not_chosen": "Chọn nơi gửi hồ sơ và nhận kết quả.",
    "applicant_incomplete": "Điền họ tên, điện thoại và thư điện tử của người nộp hồ sơ.",
    "name_required": "Nhập họ và tên.",
    "no_such_place": "Chọn một nơi nhận kết quả có trong danh sách.",
    "no_such_dossier": "Không tìm thấy hồ sơ này. Kiểm tra lại mã, hoặc mở từ danh sách hồ sơ.",
    "no_such_document": "Không tìm thấy giấy tờ này. Mở lại từ trang của hồ sơ.",
    "no_such_attachment": "Không tìm thấy tệp này. Mở lại từ trang của hồ sơ.",
    "no_such_case": "Không tìm thấy vụ việc này. Mở lại từ danh sách vụ việc.",
    "not_in_this_state": (
        "Hồ sơ đang ở trạng thái “{state}” nên không thực hiện được việc này. Tải lại trang để xem việc "
        "cần làm."
    ),
    "idempotency_key_reused": "Thao tác này đã được dùng cho việc khác. Tải lại trang rồi thực hiện lại.",
    "too_many_files": "Mỗi giấy tờ nhận nhiều nhất {limit} tệp. Ghép các trang thành một tệp PDF rồi tải lên.",
    "dossier_too_large": "Cả hồ sơ chỉ chứa được {limit_mb} MB. Chụp với dung lượng nhỏ hơn rồi tải lên lại.",
    "file_already_attached": "Tệp này đã có trong giấy tờ. Chọn tệp khác.",
    "document_not_asked_for": "Không cần bổ sung giấy tờ “{document}”. Chỉ tải lên giấy tờ được yêu cầu.",
    "sent_scan_stays": "Tệp đã gửi được giữ nguyên để đối chiếu. Tải lên tệp mới nếu cần thay.",
    "document_has_no_scan": "Chưa có ảnh hoặc tệp nào của: {documents}.",
    "review_note_required": "Ghi điều chưa đạt của giấy tờ.",
    "item_description_required": "Ghi rõ nội dung cần bổ sung.",
    "item_document_required": "Chọn giấy tờ cần bổ sung.",
    "no_such_item": "Không tìm thấy nội dung bổ sung này. Tải lại trang của hồ sơ.",
    "message_empty": "Viết nội dung trước khi gửi.",
    "message_too_long": "Rút gọn nội dung còn nhiều nhất {limit} ký tự.",
    "message_before_submission": "Gửi hồ sơ trước khi trao đổi với cán bộ.",
    "lookup_found_nothing": (
        "Không có hồ sơ nào khớp. Kiểm tra lại mã hồ sơ và 4 số cuối điện thoại người nộp."
    ),
    "question_empty": "Viết câu hỏi trước khi gửi.",
    "answer_empty": "Viết câu trả lời trước khi lưu.",
    "no_such_question": "Không tìm thấy câu hỏi này. Mở lại từ danh sách câu hỏi.",
    "no_such_news": "Không tìm thấy tin này. Mở lại từ danh sách tin.",
    "news_text_required": "Nhập đủ tiêu đề và nội dung của tin.",
    "no_result_to_see": "Chưa có kết quả để xem.",
    "file_empty": "Tệp không có nội dung. Chọn lại tệp.",
    "file_too_large": (
        "Tệp phải nhỏ hơn {limit_mb} MB. Chụp lại với độ phân giải thấp hơn, hoặc chia thành nhiều tệp."
    ),
    "file_type_not_accepted": (
        "Chỉ nhận PDF và ảnh JPG, PNG, HEIC, TIFF. Chụp hoặc quét giấy tờ thành một trong các loại này."
    ),
    "file_broken": "Tệp bị hỏng, không mở được. Chụp hoặc quét lại rồi tải lên.",
    "file_too_complex": "Tệp quá phức tạp nên không mở được. Chụp hoặc quét lại rồi tải lên.",
    "too_many_pages": "Tệp có quá {limit} trang. Chia thành nhiều tệp.",
    "too_many_pixels": "Ảnh lớn hơn {limit_megapixels} triệu điểm ảnh. Giảm kích thước ảnh rồi tải lên lại.",
    "pdf_encrypted": "Tệp PDF có mật khẩu. Bỏ mật khẩu rồi tải lên lại.",
    "pdf_active_content": "Tệp PDF có nội dung tự chạy hoặc tệp đính kèm. In ra PDF mới rồi tải lên lại.",
    "page_missing": "Tệp không có trang {page}.",
    # officers: intake, appraisal, counter, violation cases
    "review_verdict_required": "Chọn “Đạt” hoặc “Chưa đạt” cho giấy tờ này.",
    "item_kind_required": "Chọn loại thiếu sót.",
    "department_required": "Chọn phòng sẽ thẩm định hồ sơ.",
    "opinion_empty": "Ghi nội dung ý kiến thẩm định.",
    "result_summary_required": "Ghi nội dung kết quả trong một câu.",
    "draft_file_required": "Chọn tệp dự thảo kết quả, PDF hoặc ảnh.",
    "signed_file_required": "Chọn tệp kết quả đã ký, PDF hoặc ảnh.",
    "result_number_required": "Ghi số của văn bản.",
    "result_date_in_future": "Ghi ngày ký không muộn hơn hôm nay.",
    "day_malformed": "Ghi ngày theo mẫu 24/11/2026.",
    "verdict_required": "Chọn một trong bốn kết luận đối chiếu.",
    "amount_not_a_sum": "Ghi số tiền bằng số, ví dụ 100.000.",
    "fee_reason_required": "Ghi căn cứ của mức thu hoặc lý do miễn.",
    "fee_already_paid": "Khoản này đã có biên lai nên không đổi được mức thu hoặc miễn nữa.",
    "no_such_fee": "Hồ sơ không có khoản thu này. Tải lại trang rồi thực hiện lại.",
    "receipt_number_required": "Ghi số biên lai.",
    "receipt_number_used": "Biên lai {number} đã ghi cho lần thu khác. Kiểm tra lại số biên lai.",
    "payment_not_due": "Ghi số tiền lớn hơn 0 và không quá số còn phải thu là {left}.",
    "no_violation_authority": (
        "Chưa cấu hình cơ quan nhận báo cáo vi phạm cho lĩnh vực này. Báo quản trị viên bổ sung rồi thực hiện lại."
    ),
    "dispatch_number_required": "Ghi số công văn chuyển vụ việc.",
    "decision_number_required": "Ghi số quyết định của cơ quan chức năng.",
    "measure_required": "Chọn biện pháp mà cơ quan chức năng đã kết luận.",
    "case_in_other_state": "Vụ việc đang ở tình trạng “{state}”. Tải lại trang để xem việc cần làm.",
    "no_reissue": "Chỉ cấp lại một lần, sau khi cơ quan chức năng kết luận không vi phạm.",
}

_MONEY = ("left", "over", "amount", "due")
NAMED = 5
"""So many things of a list are named, the rest are counted: a sentence under a button stays a sentence."""


def words(error: DomainError) -> str:
    """The sentence of a refusal; KeyError when the key has none (a test walks all keys)."""
    sentence = say(WORDS[error.key])
    return sentence.format(**{name: _plain(name, value) for name, value in error.params.items()})


def enumerated(items: Sequence[str]) -> str:
    """``a; b; c``, of a long list only the first few and how many more there are."""
    if len(items) <= NAMED + 1:
        return "; ".join(items)
    return say("{items} và {more} mục khác", items="; ".join(items[:NAMED]), more=len(items) - NAMED)


def _plain(name: str, value: object) -> object:
    if isinstance(value, (list, tuple)):
        return enumerated([str(item) for item in value])
    if isinstance(value, int) and name in _MONEY:
        return say("{sum} đồng", sum=f"{value:,}".replace(",", "."))
    return value
