"""Questions of citizens to all agencies: which still wait, and what stands on the public page."""

from typing import Any

from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext as _

from app.models.outbox import Question
from app.services import questions
from app.web.administration import Configured
from app.web.base import AdminModelView
from app.web.formats import che_ten


class QuestionAdmin(Configured, AdminModelView):
    """``/quan-tri/hoi-dap``: officers answer; an administrator sees what waits and takes answers off the page."""

    datamodel = SQLAInterface(Question)
    route_base = "/quan-tri/hoi-dap"
    journal_noun = "question"
    journal_events = ("answered", "published")
    journal_detail = "question"
    list_title, show_title = _("Câu hỏi của người dân"), _("Câu hỏi")
    edit_title = _("Công bố")
    list_intro = _("Công chức tiếp nhận của từng cơ quan trả lời. Ở đây chỉ công bố hoặc thôi công bố.")
    empty_title = _("Chưa có câu hỏi nào")
    empty_why = _("Câu hỏi gửi từ trang Hỏi đáp và trang thủ tục xuất hiện ở đây.")
    label_columns = {
        "id": _("Câu hỏi"),
        "asker_name": _("Người hỏi"),
        "body": _("Nội dung"),
        "agency": _("Cơ quan"),
        "agency.name": _("Cơ quan"),
        "procedure": _("Thủ tục"),
        "asked_at": _("Hỏi lúc"),
        "answer": _("Câu trả lời"),
        "answered_at": _("Trả lời lúc"),
        "published": _("Công bố trên trang Hỏi đáp"),
    }
    description_columns = {"published": _("Tên người hỏi được che trên trang công khai.")}
    list_columns = ["id", "agency.name", "asked_at", "answered_at", "published"]
    show_columns = [
        "asker_name", "body", "procedure", "agency.name", "asked_at", "answer", "answered_at", "published",
    ]  # fmt: skip
    add_columns: list[str] = []
    edit_columns = ["published"]
    search_columns = ["body", "agency", "published", "asked_at"]
    order_columns = ["asked_at", "answered_at", "agency.name"]
    base_order = ("asked_at", "desc")
    list_load = ["agency", "procedure"]
    formatters_columns = {"asker_name": che_ten}
    verb_edit = questions.publish

    def cell(self, row: Question, column: str) -> Any:
        """The beginning of the question stands in the column of the key."""
        if column == "answered_at" and row.answered_at is None:
            return _("Chưa trả lời")
        return str(row) if column == "id" else super().cell(row, column)


def register(appbuilder: AppBuilder) -> None:
    """Add the page."""
    appbuilder.add_view_no_menu(QuestionAdmin)
