"""The technical tables: mail, journal, jobs, calendar, files, settings."""

from typing import ClassVar

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.console import words as words_of
from app.console.base import Table
from app.domain.errors import DomainError
from app.extensions import config
from app.models.dossier import StoredFile
from app.models.handling import Journal
from app.models.organisation import CalendarDay, WorkSessionRow
from app.models.outbox import JobRun, MailState, OutboxMessage, Setting
from app.reasons import words
from app.services import outbox


class Outbox(Table):
    """Mail that waits, was sent, or could not be sent."""

    model_class = OutboxMessage
    title = _("Hộp thư đi")
    about = _(
        "Mỗi thư một dòng: chờ gửi, đang giữ, đã gửi hoặc không gửi được. Thư không gửi được có thể gửi lại."
    )
    path = "hop-thu-di"
    states = tuple(MailState)
    column_list = ("created_at", "state", "address", "subject", "attempts", "sent_at", "last_error")
    column_details_list = (
        "created_at", "state", "receiver", "address", "template", "subject", "body", "dossier", "message_id",
        "attempts", "next_attempt_at", "claimed_by", "claimed_at", "sent_at", "last_error",
    )  # fmt: skip
    relations = (OutboxMessage.dossier,)
    details_template = "console/mail.html"
    column_labels: ClassVar[dict] = {
        "created_at": _("Lúc lập"), "state": _("Trạng thái"), "receiver": _("Người nhận"), "address": _("Địa chỉ"),
        "template": _("Mẫu thư"), "subject": _("Tiêu đề thư"), "body": _("Nội dung"), "dossier": _("Hồ sơ"),
        "message_id": _("Mã thư"), "attempts": _("Số lần thử"), "next_attempt_at": _("Lần thử tiếp"),
        "claimed_by": _("Tiến trình gửi"), "claimed_at": _("Nhận gửi lúc"), "sent_at": _("Gửi lúc"),
        "last_error": _("Lỗi gần nhất"),
    }  # fmt: skip

    @staticmethod
    def value(row: OutboxMessage, path: str) -> object:
        """A column's value. Links that act for their reader are shown only in a trial without a mail server."""
        trial = config("DEMO_ACCOUNTS_ALLOWED") and not config("MAIL_SERVER")
        private = row.receiver == "account" or row.template == "returned_and_survey"
        if path == "body" and private and not (trial and row.state is MailState.HELD):
            return gettext("Nội dung có liên kết riêng của người nhận nên không hiển thị.")
        return Table.value(row, path)

    @expose("/gui-lai/<int:letter_id>", methods=["POST"])
    def retry(self, letter_id: int) -> Response:
        """Queue a failed or held mail again."""
        try:
            outbox.retry(self.actor(), letter_id)
            flash(gettext("Thư đã được xếp vào hàng chờ gửi."), "success")
        except DomainError as error:
            flash(words(error), "danger")
        return redirect(self.address())


class JournalTable(Table):
    """The journal; it only grows."""

    model_class = Journal
    title = _("Nhật ký")
    about = _("Ai làm gì, lúc nào, vì sao. Chỉ ghi thêm, không sửa và không xóa.")
    path = "nhat-ky"
    column_list = ("at", "key", "actor_role", "actor", "dossier_id", "from_state", "to_state", "reason", "ip")
    column_details_list = (*column_list, "details")
    relations = (Journal.actor,)
    column_labels: ClassVar[dict] = {
        "at": _("Thời điểm"), "key": _("Việc"), "actor_role": _("Vai trò"), "actor": _("Người thực hiện"),
        "dossier_id": _("Số nội bộ hồ sơ"), "from_state": _("Từ"), "to_state": _("Đến"), "reason": _("Lý do"),
        "ip": _("Địa chỉ máy"), "details": _("Chi tiết"),
    }  # fmt: skip

    @staticmethod
    def value(row: Journal, path: str) -> object:
        """A column's value; the role and the person as people say them."""
        said = {"actor_role": words_of.role, "actor": words_of.person}.get(path)
        found = Table.value(row, path)
        return said(found) if said and found else found


class Jobs(Table):
    """The last run of every recurring job."""

    model_class = JobRun
    title = _("Việc định kỳ")
    about = _("Lần chạy gần nhất của từng việc nền và kết quả.")
    path = "viec-dinh-ky"
    column_list = ("name", "running", "started_at", "finished_at", "worker", "result", "failed_at", "error")
    column_details_list = column_list
    column_labels: ClassVar[dict] = {
        "name": _("Việc"), "running": _("Đang chạy"), "started_at": _("Bắt đầu"), "finished_at": _("Kết thúc"),
        "worker": _("Tiến trình"), "result": _("Kết quả"), "failed_at": _("Lỗi lúc"), "error": _("Lỗi"),
    }  # fmt: skip

    @staticmethod
    def value(row: JobRun, path: str) -> object:
        """A column's value; the job and its result in words."""
        said = {"name": words_of.job, "result": words_of.result}.get(path)
        found = Table.value(row, path)
        return said(found) if said and found else found


class Sessions(Table):
    """Work sessions; changed in the workspace, where the preview is."""

    model_class = WorkSessionRow
    title = _("Giờ làm việc")
    about = _(
        "Các buổi làm việc theo đơn vị và thứ. Sửa tại mục Lịch làm việc, nơi xem trước hồ sơ bị đổi hạn."
    )
    path = "gio-lam-viec"
    column_list = ("agency", "weekday", "opens", "closes", "valid_from", "valid_to")
    column_details_list = column_list
    relations = (WorkSessionRow.agency,)
    column_labels: ClassVar[dict] = {
        "agency": _("Cơ quan (trống: tất cả)"), "weekday": _("Thứ"), "opens": _("Mở cửa"),
        "closes": _("Đóng cửa"), "valid_from": _("Từ ngày"), "valid_to": _("Đến ngày"),
    }  # fmt: skip

    @staticmethod
    def value(row: WorkSessionRow, path: str) -> object:
        """A column's value; the weekday by its name."""
        return words_of.weekday(row.weekday) if path == "weekday" else Table.value(row, path)


class Days(Table):
    """Days off and make-up days; changed in the workspace, where the preview is."""

    model_class = CalendarDay
    title = _("Ngày nghỉ, ngày làm bù")
    about = _("Sửa tại mục Ngày nghỉ, nơi xem trước hồ sơ bị đổi hạn.")
    path = "ngay-nghi"
    column_list = ("day", "kind", "name", "source")
    column_details_list = column_list
    column_default_sort = ("day", True)
    column_labels: ClassVar[dict] = {
        "day": _("Ngày"), "kind": _("Loại"), "name": _("Tên"), "source": _("Căn cứ"),
    }  # fmt: skip


class Files(Table):
    """Stored files by content; the bytes are opened only on the pages of their dossier."""

    model_class = StoredFile
    title = _("Tệp đã lưu")
    about = _("Mỗi nội dung được lưu một lần theo mã băm SHA-256. Không mở được nội dung tại đây.")
    path = "tep"
    column_list = ("created_at", "sha256", "media_type", "size", "pages", "width", "height")
    column_details_list = column_list
    column_labels: ClassVar[dict] = {
        "created_at": _("Lưu lúc"), "sha256": _("Mã băm SHA-256"), "media_type": _("Loại tệp"),
        "size": _("Dung lượng (byte)"), "pages": _("Số trang"), "width": _("Rộng"), "height": _("Cao"),
    }  # fmt: skip


class Settings(Table):
    """Settings that differ from their defaults; changed in the workspace."""

    model_class = Setting
    title = _("Tham số")
    about = _("Các giá trị đã lưu trong cơ sở dữ liệu. Sửa tại mục Tham số.")
    path = "tham-so"
    column_list = ("key", "value", "updated_at")
    column_details_list = column_list
    column_labels: ClassVar[dict] = {
        "key": _("Tham số"), "value": _("Giá trị"), "updated_at": _("Sửa lúc"),
    }  # fmt: skip


TABLES = (Outbox, JournalTable, Jobs, Sessions, Days, Files, Settings)
