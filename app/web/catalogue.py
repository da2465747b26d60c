"""Procedures, each with its documents and fees on one page, and the fields they belong to."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response
from wtforms import SelectField

from app.domain.working_time import TimeUnit
from app.models.catalogue import Field, Procedure
from app.services import administration, catalogue, rollout
from app.web import typed
from app.web.administration import TEMPLATES, Configured, removing
from app.web.base import AdminModelView, allowed, expose
from app.web.forms import Required
from app.web.inline_parts import OpenPart, opened
from app.web.procedure_parts import ENDS, VALIDITY, VALIDITY_HELP, DocumentAdmin, FeeAdmin
from app.web.writing import status

NO_CONTENT = 204


def _departments() -> dict[str, list[tuple[str, str]]]:
    named = administration.department_names()
    return {level.label: [(name, name) for name in names] for level, names in named.items() if names}


class FieldAdmin(Configured, AdminModelView):
    """``/quan-tri/linh-vuc``."""

    datamodel = SQLAInterface(Field)
    route_base = "/quan-tri/linh-vuc"
    journal_noun = "field"
    list_title, show_title = _("Lĩnh vực"), _("Lĩnh vực")
    add_title, edit_title = _("Thêm lĩnh vực"), _("Sửa lĩnh vực")
    list_intro = _("Thủ tục được xếp theo lĩnh vực trên trang của người dân.")
    label_columns = {"name": _("Tên lĩnh vực")}
    list_columns = show_columns = add_columns = edit_columns = search_columns = order_columns = ["name"]
    base_order = ("name", "asc")
    verb_add, verb_edit = catalogue.fields.create, catalogue.fields.edit
    verb_delete = removing(catalogue.fields)


class ProcedureAdmin(Configured, AdminModelView):
    """``/quan-tri/thu-tuc``: procedures; the page of one holds its documents and fees."""

    datamodel = SQLAInterface(Procedure)
    route_base = "/quan-tri/thu-tuc"
    journal_noun = "procedure"
    show_template = TEMPLATES + "procedure.html"
    list_title, show_title = _("Thủ tục hành chính"), _("Thủ tục")
    add_title, edit_title = _("Thêm thủ tục"), _("Sửa thủ tục")
    list_intro = _("Thay đổi ở đây có hiệu lực ngay với hồ sơ mới. Hồ sơ đã gửi giữ nội dung lúc gửi.")
    delete_warning = ENDS
    label_columns = VALIDITY | {
        "code": _("Mã"),
        "name": _("Tên thủ tục"),
        "level": _("Cấp thực hiện"),
        "field": _("Lĩnh vực"),
        "field.name": _("Lĩnh vực"),
        "department_name": _("Phòng thẩm định"),
        "processing_time": _("Thời hạn giải quyết"),
        "time_unit": _("Đơn vị thời hạn"),
        "on_supplement": _("Khi yêu cầu bổ sung"),
        "legal_basis": _("Căn cứ pháp lý"),
        "provenance": _("Nguồn của nội dung"),
        "confirmed": _("Đã đối chiếu"),
    }
    description_columns = VALIDITY_HELP | {
        "code": _("Không trùng với thủ tục khác, ví dụ HKD-01."),
        "department_name": _("Mỗi cơ quan ở cấp thực hiện dùng phòng cùng tên của mình."),
        "on_supplement": _("Điều xảy ra với thời hạn giải quyết khi phòng thẩm định yêu cầu bổ sung."),
        "confirmed": _(
            "Chỉ đánh dấu sau khi so với danh mục chính thức. Người dân thấy “chưa đối chiếu” nếu bỏ trống."
        ),
    }
    list_columns = ["name", "code", "level", "field.name", "processing_time", "confirmed"]
    show_columns = [
        "level", "field.name", "department_name", "processing_time", "on_supplement", "legal_basis",
        "provenance", "confirmed", "valid_from", "valid_to",
    ]  # fmt: skip
    add_columns = edit_columns = [
        "code", "name", "level", "field", "department_name", "processing_time", "time_unit", "on_supplement",
        "legal_basis", "provenance", "confirmed", "valid_from", "valid_to",
    ]  # fmt: skip
    search_columns = ["code", "name", "level", "field", "confirmed"]
    order_columns = ["code", "name", "level", "field.name", "confirmed"]
    base_order = ("code", "asc")
    list_load = ["field"]
    formatters_columns = {"code": lambda code: Markup('<span class="mc-khong-ngat">{}</span>').format(code)}
    refused_fields = {"amount": "processing_time"}
    form_extra_fields = {
        "department_name": SelectField(
            _("Phòng thẩm định"),
            [Required()],
            choices=_departments,
            description=description_columns["department_name"],
        ),
    }
    related_views = [DocumentAdmin, FeeAdmin]
    add_fieldsets = edit_fieldsets = [
        (None, {"fields": ["code", "name", ("level", "field"), "department_name"]}),
        (_("Thời hạn giải quyết"), {"fields": [("processing_time", "time_unit"), "on_supplement"]}),
        (
            _("Căn cứ và hiệu lực"),
            {"fields": ["legal_basis", "provenance", "confirmed", ("valid_from", "valid_to")]},
        ),
    ]
    verb_add, verb_edit = catalogue.procedures.create, catalogue.procedures.edit
    verb_delete = removing(catalogue.procedures)

    def cell(self, row: Any, column: str) -> Any:
        """The time with its unit: 5 ngày làm việc."""
        if column == "processing_time":
            return f"{row.processing_time} {TimeUnit(row.time_unit).label}"
        return super().cell(row, column)

    def _loaded(self, statement: Any) -> Any:
        asked = request.endpoint in {f"{self.endpoint}.show", f"{self.endpoint}.part"}
        parts = (selectinload(Procedure.documents), selectinload(Procedure.fees)) if asked else ()
        return super()._loaded(statement).options(*parts)

    @expose("/<int:pk>")
    @allowed
    def show(self, pk: int) -> str:
        """The procedure with its documents and fees, one of them open if the address says so."""
        row = self.fetch(pk)
        return self._show_page(row, opened(row, self._view_of))

    @expose("/<int:pk>/phan", methods=["POST"])
    def part(self, pk: int) -> Any:
        """Add, change or remove the part that is open; its own view is asked for the permission."""
        row = self.fetch(pk)
        part = opened(row, self._view_of) or abort(404)
        if part.saved():
            flash(part.said, "success")
            return redirect(self.address("show", pk) + f"#{part.noun}")
        return self._show_page(row, part), status(part.form)

    def _view_of(self, noun: str) -> AdminModelView | None:
        return next((view for view in self._related_views if view.route_base == f"/quan-tri/{noun}"), None)

    def _show_page(self, row: Procedure, part: OpenPart | None) -> str:
        where = rollout.stages(row.level)
        context = {"row": row, "part": part, "related": self.related(row), "stages": where}
        return self.page(self.show_template, self.show_title, **context)

    def related(self, row: Procedure) -> list[dict[str, Any]]:
        """Documents and fees in force, and those of other days."""
        documents, fees = catalogue.documents_of(row), catalogue.fees_of(row)
        return [
            {"documents": documents, "fees": fees},
            {
                "documents": [part for part in row.documents if part not in documents],
                "fees": [part for part in row.fees if part not in fees],
            },
        ]

    @expose("/<int:pk>/thu-tu", methods=["POST"])
    @allowed
    def reorder(self, pk: int) -> Response:
        """Store the order that the person saw, with one document moved up or down when a button says so."""
        self.fetch(pk)
        seen = [key for key in map(typed.key, request.form.getlist("giay-to")) if key is not None]
        catalogue.reorder_documents(self.actor(), pk, _moved(seen, request.form.get("chuyen", "")))
        if (
            request.accept_mimetypes.best == "application/json"
        ):  # a script says so itself, and stays on the page
            return Response(status=NO_CONTENT)
        flash(gettext("Đã lưu thứ tự giấy tờ."), "success")
        return redirect(self.address("show", pk) + "#giay-to")


def _moved(seen: list[int], wanted: str) -> list[int]:
    """The order after ``len:12`` (one up) or ``xuong:12`` (one down)."""
    way, _colon, text = wanted.partition(":")
    key = typed.key(text)
    ordered = list(seen)
    if key in ordered:
        here = ordered.index(key)
        there = min(max(here + (1 if way == "xuong" else -1), 0), len(ordered) - 1)
        ordered[here], ordered[there] = ordered[there], ordered[here]
    return ordered


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    for view in (FieldAdmin, DocumentAdmin, FeeAdmin, ProcedureAdmin):
        appbuilder.add_view_no_menu(view)
