"""The documents and fees of a procedure: lists over all procedures, and what their forms ask for."""

from typing import Any, ClassVar

from flask import g, request, url_for
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField

from app.domain.fees import title
from app.extensions import db
from app.models.catalogue import FeeItem, Procedure, RequiredDocument
from app.services import catalogue
from app.web import typed
from app.web.administration import Configured, removing
from app.web.base import AdminModelView
from app.web.formats import dong
from app.web.forms import Required
from app.web.lookups import LookupField, Source

VALIDITY = {"valid_from": _("Có hiệu lực từ ngày"), "valid_to": _("Có hiệu lực đến hết ngày")}
VALIDITY_HELP = {
    "valid_from": _("Để trống: có hiệu lực từ trước đến nay."),
    "valid_to": _("Để trống: chưa có ngày hết hiệu lực. Hồ sơ đã gửi giữ nội dung cũ."),
}
ENDS = _("Mục đã có hồ sơ dùng thì không xóa mà hết hiệu lực từ hôm nay, nội dung cũ vẫn đọc được.")
PROCEDURES = Source(catalogue.lookup, lambda key: db.session.get(Procedure, key))
PART_OF = "thu-tuc"
"""The parameter of an address that names the procedure of a new document or fee."""


def _procedure_asked_for() -> int | None:
    return typed.key(request.args.get(PART_OF))


class PartOfProcedure(Configured):
    """A document or fee: added, changed and removed from the page of its procedure, which comes next."""

    delete_warning = ENDS
    list_load: ClassVar[list[str]] = ["procedure"]
    lookups = {"procedure": PROCEDURES}
    form_extra_fields = {
        "procedure": LookupField(
            PROCEDURES,
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
    edit_fieldsets = [
        (None, {"fields": ["name", ("kind", "quantity"), "required", "note", ("valid_from", "valid_to")]})
    ]
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
    edit_fieldsets = [
        (None, {"fields": ["name", ("kind", "timing"), "amount", "note", ("valid_from", "valid_to")]})
    ]
    verb_add, verb_edit = catalogue.fees.create, catalogue.fees.edit
    verb_delete = removing(catalogue.fees)
