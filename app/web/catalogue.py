"""Procedures with their documents and fees, and the fields they belong to."""

from typing import Any, ClassVar

from flask import g, redirect, request, url_for
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField

from app.domain.fees import title
from app.domain.working_time import TimeUnit
from app.models.catalogue import FeeItem, Field, Procedure, RequiredDocument
from app.services import administration, catalogue
from app.web import typed
from app.web.administration import TEMPLATES, Configured, removing
from app.web.base import AdminModelView, allowed, expose
from app.web.formats import dong
from app.web.forms import Required, RowField, rows_of

VALIDITY = {"valid_from": _("Có hiệu lực từ ngày"), "valid_to": _("Có hiệu lực đến hết ngày")}
VALIDITY_HELP = {
    "valid_from": _("Để trống: có hiệu lực từ trước đến nay."),
    "valid_to": _("Để trống: chưa có ngày hết hiệu lực. Hồ sơ đã gửi giữ nội dung cũ."),
}
ENDS = _("Mục đã có hồ sơ dùng thì không xóa mà hết hiệu lực từ hôm nay, nội dung cũ vẫn đọc được.")
PART_OF = "thu-tuc"
"""The parameter of an address that names the procedure of a new document or fee."""


def _departments() -> dict[str, list[tuple[str, str]]]:
    named = administration.department_names()
    return {level.label: [(name, name) for name in names] for level, names in named.items() if names}


def _procedure_asked_for() -> int | None:
    return typed.key(request.args.get(PART_OF))


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


class PartOfProcedure(Configured):
    """A document or fee: added, changed and removed from the page of its procedure, which comes next."""

    delete_warning = ENDS
    list_load: ClassVar[list[str]] = ["procedure"]
    form_extra_fields = {
        "procedure": RowField(
            lambda: rows_of(Procedure),
            label=_("Thủ tục"),
            validators=[Required()],
            default=_procedure_asked_for,
        ),
        "quantity": IntegerField(_("Số bản"), [Required()], default=1),
    }

    def fetch(self, pk: int) -> Any:
        """The row; its procedure is where the person goes afterwards, even when the row is gone then."""
        row = super().fetch(pk)
        g.part_of = row.procedure_id
        return row

    @property
    def back_title(self) -> Any:
        """The procedure, when one is known."""
        return gettext("Thủ tục") if self._procedure() else super().back_title

    def list_address(self) -> str:
        """The page of the procedure, when one is known."""
        key = self._procedure()
        return url_for("ProcedureAdmin.show", pk=key) if key else super().list_address()

    def _procedure(self) -> int | None:
        given = request.form.get("procedure") or request.args.get(PART_OF)
        return g.get("part_of") or typed.key(given)


class DocumentAdmin(PartOfProcedure, AdminModelView):
    """``/quan-tri/giay-to``: the documents a procedure asks for."""

    datamodel = SQLAInterface(RequiredDocument)
    route_base = "/quan-tri/giay-to"
    journal_noun = "document"
    list_title, show_title = _("Giấy tờ phải nộp"), _("Giấy tờ phải nộp")
    add_title, edit_title = _("Thêm giấy tờ"), _("Sửa giấy tờ")
    list_intro = _("Thứ tự của giấy tờ đổi ở trang của thủ tục.")
    label_columns = VALIDITY | {
        "name": _("Tên giấy tờ"),
        "procedure": _("Thủ tục"),
        "procedure.code": _("Mã thủ tục"),
        "kind": _("Loại bản"),
        "quantity": _("Số bản"),
        "required": _("Bắt buộc nộp"),
        "note": _("Ghi chú"),
    }
    description_columns = VALIDITY_HELP | {
        "required": _("Bỏ đánh dấu nếu chỉ một số trường hợp phải nộp, và ghi trường hợp đó ở Ghi chú."),
        "note": _("Người nộp đọc được ghi chú này khi chuẩn bị giấy tờ."),
    }
    list_columns = ["name", "procedure.code", "kind", "quantity", "required", "valid_to"]
    show_columns = ["procedure", "kind", "quantity", "required", "note", "valid_from", "valid_to"]
    edit_columns = ["name", "kind", "quantity", "required", "note", "valid_from", "valid_to"]
    add_columns = ["procedure", *edit_columns]
    search_columns = ["name", "procedure", "kind", "required"]
    order_columns = ["name", "procedure.code", "kind", "valid_to"]
    base_order = ("procedure.code", "asc")
    verb_add, verb_edit = catalogue.documents.create, catalogue.documents.edit
    verb_delete = removing(catalogue.documents)


class FeeAdmin(PartOfProcedure, AdminModelView):
    """``/quan-tri/phi``: the charges and fees of a procedure."""

    datamodel = SQLAInterface(FeeItem)
    route_base = "/quan-tri/phi"
    journal_noun = "fee"
    list_title, show_title = _("Phí, lệ phí"), _("Phí, lệ phí")
    add_title, edit_title = _("Thêm phí, lệ phí"), _("Sửa phí, lệ phí")
    label_columns = VALIDITY | {
        "name": _("Tên khoản thu"),
        "procedure": _("Thủ tục"),
        "procedure.code": _("Mã thủ tục"),
        "kind": _("Loại"),
        "amount": _("Số tiền (đồng)"),
        "timing": _("Thời điểm thu"),
        "note": _("Ghi chú"),
    }
    description_columns = VALIDITY_HELP | {
        "amount": _("Để trống nếu mức thu tùy hồ sơ: công chức ghi số tiền kèm căn cứ khi tiếp nhận."),
        "note": _("Căn cứ của mức thu, trường hợp được miễn, giảm."),
    }
    list_columns = ["name", "procedure.code", "kind", "amount", "timing", "valid_to"]
    show_columns = ["procedure", "kind", "amount", "timing", "note", "valid_from", "valid_to"]
    edit_columns = ["name", "kind", "amount", "timing", "note", "valid_from", "valid_to"]
    add_columns = ["procedure", *edit_columns]
    search_columns = ["name", "procedure", "kind", "timing"]
    order_columns = ["name", "procedure.code", "amount", "valid_to"]
    base_order = ("procedure.code", "asc")
    formatters_columns = {
        "name": title,
        "amount": lambda amount: _("tùy hồ sơ") if amount is None else dong(amount),
    }
    verb_add, verb_edit = catalogue.fees.create, catalogue.fees.edit
    verb_delete = removing(catalogue.fees)


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
    list_columns = ["code", "name", "level", "field.name", "processing_time", "confirmed"]
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
    verb_add, verb_edit = catalogue.procedures.create, catalogue.procedures.edit
    verb_delete = removing(catalogue.procedures)

    def cell(self, row: Any, column: str) -> Any:
        """The time with its unit: 5 ngày làm việc."""
        if column == "processing_time":
            return f"{row.processing_time} {TimeUnit(row.time_unit).label}"
        return super().cell(row, column)

    def _loaded(self, statement: Any) -> Any:
        asked = request.endpoint == f"{self.endpoint}.show"
        parts = (selectinload(Procedure.documents), selectinload(Procedure.fees)) if asked else ()
        return super()._loaded(statement).options(*parts)

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
        """Move one document up or down in the order that the person saw."""
        self.fetch(pk)
        seen = [key for key in map(typed.key, request.form.getlist("giay-to")) if key is not None]
        catalogue.reorder_documents(self.actor(), pk, _moved(seen, request.form.get("chuyen", "")))
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
