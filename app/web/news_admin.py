"""Writing the notices that stand on the public page."""

from typing import Any

from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, validators

from app.domain import clock
from app.models.outbox import NewsItem
from app.services import news
from app.web.administration import Configured
from app.web.base import AdminModelView
from app.web.forms import LocalDateTimeField


class NewsAdmin(Configured, AdminModelView):
    """``/quan-tri/tin-tuc``: drafts, published notices, and those that appear later."""

    datamodel = SQLAInterface(NewsItem)
    route_base = "/quan-tri/tin-tuc"
    journal_noun = "news"
    journal_events = ("created", "edited")
    journal_detail = "news"
    list_title, show_title = _("Tin tức"), _("Tin")
    add_title, edit_title = _("Viết tin"), _("Sửa tin")
    list_intro = _("Bản nháp chỉ quản trị viên xem được.")
    empty_title, empty_why = _("Chưa có tin nào"), _("Tin đã đăng hiện ở trang chủ và trang Tin tức.")
    delete_warning = _(
        "Tin mất khỏi trang công khai và không khôi phục được. Để cất tin, bỏ đánh dấu “Đăng”."
    )
    label_columns = {
        "title": _("Tiêu đề"),
        "body": _("Nội dung"),
        "published": _("Đăng trên trang công khai"),
        "published_at": _("Đăng lúc"),
        "id": _("Tình trạng"),
    }
    description_columns = {"body": _("Mỗi đoạn cách nhau một dòng trống.")}
    list_columns = ["title", "id", "published_at"]
    show_columns = ["id", "published_at", "body"]
    add_columns = edit_columns = ["title", "body", "published", "published_at"]
    search_columns = ["title", "published_at"]
    order_columns = ["title", "published_at"]
    base_order = ("id", "desc")
    form_extra_fields = {
        "published": BooleanField(_("Đăng trên trang công khai")),
        "published_at": LocalDateTimeField(
            _("Đăng lúc"),
            [validators.Optional()],
            description=_("Để trống: đăng ngay. Chọn giờ sau này: tin tự hiện lúc đó."),
        ),
    }
    verb_add, verb_edit, verb_delete = news.create, news.edit, news.delete

    def cell(self, row: NewsItem, column: str) -> Any:
        """Draft, published, or waiting for its moment, in the column of the key."""
        if column != "id":
            return super().cell(row, column)
        if row.published_at is None:
            return _("Bản nháp")
        return _("Đã đăng") if row.published_at <= clock.now() else _("Chờ đến giờ đăng")

    def values_of(self, row: NewsItem) -> dict[str, Any]:
        """A notice with a moment is published."""
        return {**super().values_of(row), "published": row.published_at is not None}


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    appbuilder.add_view_no_menu(NewsAdmin)
