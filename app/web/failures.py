"""What a person sees when something is refused or fails: a page that says what to do; JSON for machines."""

from urllib.parse import quote

from flask import Flask, current_app, g, jsonify, redirect, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from app.actor import as_json, current_actor, status_of
from app.domain.errors import DomainError, NotAllowed
from app.extensions import db
from app.reasons import words
from app.services.storage import FileDamaged, StorageUnavailable
from app.web.shell import Shell, shell

LOGIN = "/dang-nhap"
SERVER_ERROR = 500
UNAVAILABLE = 503
RETRY_SECONDS = 120

PAGES = {
    400: (_("Chưa đọc được yêu cầu"), _("Quay lại trang trước, tải lại rồi thực hiện lần nữa.")),
    403: (_("Không có quyền xem trang này"), _("Đăng nhập bằng tài khoản được giao việc này.")),
    404: (_("Không tìm thấy trang"), _("Kiểm tra lại địa chỉ, hoặc bắt đầu từ trang chủ.")),
    405: (_("Trang này không nhận thao tác đó"), _("Quay lại trang trước và dùng nút trên trang.")),
    409: (_("Dữ liệu vừa thay đổi"), _("Tải lại trang, xem thay đổi rồi thực hiện lại.")),
    413: (_("Tệp gửi lên quá lớn"), _("Giảm dung lượng hoặc chia thành nhiều tệp rồi tải lên lại.")),
    422: (_("Chưa thực hiện được"), _("Quay lại trang trước, sửa điều còn thiếu rồi thực hiện lại.")),
    429: (_("Thao tác quá nhiều lần"), _("Chờ ít phút rồi thử lại.")),
    503: (
        _("Kho tệp tạm thời không trả lời"),
        _(
            "Chưa có gì thay đổi, giấy tờ đã lưu trước đó vẫn còn. Chờ ít phút, quay lại trang trước rồi thực hiện "
            "lại, hoặc gọi đường dây nóng."
        ),
    ),
    500: (
        _("Hệ thống chưa thực hiện được yêu cầu"),
        _("Chưa có gì thay đổi. Thử lại sau ít phút, hoặc gọi đường dây nóng."),
    ),
}
DAMAGED = _(
    "Tệp này trong kho không còn nguyên vẹn nên không được mở. Báo quản trị viên khôi phục tệp từ bản sao lưu."
)
SESSION_OVER = _("Trang đã mở quá lâu hoặc phiên làm việc đã kết thúc. Tải lại trang rồi thực hiện lại.")


def is_for_machine() -> bool:
    """Whether JSON is expected."""
    return request.path.startswith("/api/")


def on_refusal(error: DomainError) -> Response:
    """A refusal, with its own sentence; a visitor who is not logged in is asked to log in."""
    status = status_of(error)
    if is_for_machine():
        return _json(as_json(error), status)
    if isinstance(error, NotAllowed) and current_actor() is None and shell().has(LOGIN):
        return redirect(_login_address())
    return page(status, words(error))


def on_http_error(error: HTTPException) -> Response:
    """404, 405, 413 … in our words."""
    status = error.code or SERVER_ERROR
    if error.response is not None or status < 400:  # noqa: PLR2004 - a redirect, or a ready answer
        return error.get_response()
    if isinstance(error, SecurityError):
        # The host is not ours: no page of ours may be built with it.
        return Response("Untrusted host.\n", status, content_type="text/plain; charset=utf-8")
    if status >= SERVER_ERROR:
        db.session.rollback()
        g.shell = Shell(offline=True)
    title, advice = PAGES.get(status, PAGES[SERVER_ERROR if status >= SERVER_ERROR else 400])
    sentence = SESSION_OVER if isinstance(error, CSRFError) else advice
    if is_for_machine():
        body: dict[str, object] = {
            "error": f"http_{status}",
            "message": f"{title}. {sentence}",
            "field": None,
        }
        return _json(body, status, error)
    return page(status, str(sentence), error)


def on_storage_failure(error: StorageUnavailable | FileDamaged) -> Response:
    """The database may be well, but a paper could not be stored or read. The story goes to the log."""
    current_app.logger.error("storage: %s", error, exc_info=error)
    db.session.rollback()
    damaged = isinstance(error, FileDamaged)
    status = SERVER_ERROR if damaged else UNAVAILABLE
    sentence = str(DAMAGED if damaged else PAGES[UNAVAILABLE][1])
    if is_for_machine():
        response = _json({"error": f"http_{status}", "message": sentence, "field": None}, status)
    else:
        response = page(status, sentence)
    if not damaged:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def page(status: int, sentence: str, error: HTTPException | None = None) -> Response:
    """The page of a failure."""
    title = PAGES.get(status, PAGES[400])[0]
    body = render_template("errors/page.html", title=title, sentence=sentence, status=status)
    return _with_headers(Response(body, status, content_type="text/html; charset=utf-8"), error)


def _json(body: dict[str, object], status: int, error: HTTPException | None = None) -> Response:
    response = jsonify(body)
    response.status_code = status
    return _with_headers(response, error)


def _with_headers(response: Response, error: HTTPException | None) -> Response:
    """Allow and Retry-After belong to the answer, whatever its words."""
    for name, value in error.get_headers() if error else ():
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    return response


def _login_address() -> str:
    wanted = request.full_path.rstrip("?")
    return f"{LOGIN}?next={quote(wanted)}" if request.method == "GET" else LOGIN


def init_app(app: Flask) -> None:
    """Register them all."""
    app.register_error_handler(DomainError, on_refusal)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(StorageUnavailable, on_storage_failure)
    app.register_error_handler(FileDamaged, on_storage_failure)
