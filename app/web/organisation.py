"""Who serves: units with their successors, agencies with departments and counters, authorities."""

from typing import Any, ClassVar

from flask import flash, redirect
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import selectinload
from wtforms import DateField

from app.domain.roles import Actor
from app.models.catalogue import ViolationAuthority
from app.models.organisation import AdministrativeUnit, Agency, Department, ReceptionPlace
from app.services import organisation, rollout_plan
from app.web.administration import TEMPLATES, Configured, removing
from app.web.base import AdminModelView, allowed, expose
from app.web.forms import Required, RowsField, rows_of
from app.web.writing import status

ACTIVE_HELP = _("Bỏ đánh dấu để ngừng sử dụng mà vẫn giữ hồ sơ cũ.")
AGENCY = {"agency": _("Cơ quan"), "agency.name": _("Cơ quan")}


class EndForm(FlaskForm):
    """The end of a unit, and who continues its work."""

    valid_to = DateField(
        _("Ngày cuối cùng"),
        [Required()],
        description=_("Từ ngày hôm sau, đơn vị kế tiếp làm việc của đơn vị này."),
    )
    successors = RowsField(
        lambda: rows_of(AdministrativeUnit),
        label=_("Đơn vị kế tiếp"),
        description=_("Chọn một hoặc nhiều đơn vị."),
    )


class UnitAdmin(Configured, AdminModelView):
    """``/quan-tri/don-vi``: administrative units during their lives."""

    datamodel = SQLAInterface(AdministrativeUnit)
    route_base = "/quan-tri/don-vi"
    journal_noun = "unit"
    show_template = TEMPLATES + "unit.html"
    end_template = TEMPLATES + "unit_end.html"
    list_title, show_title = _("Đơn vị hành chính"), _("Đơn vị hành chính")
    add_title, edit_title = _("Thêm đơn vị"), _("Sửa đơn vị")
    list_intro = _(
        "Mã của Tổng cục Thống kê có thể dùng lại, nên mỗi đơn vị có ngày bắt đầu và ngày kết thúc."
    )
    delete_warning = _("Chỉ xóa đơn vị nhập nhầm. Đơn vị đã sáp nhập, chia tách thì dùng “Kết thúc đơn vị”.")
    label_columns = {
        "name": _("Tên"),
        "kind": _("Loại"),
        "code": _("Mã"),
        "parent_code": _("Mã đơn vị cấp trên"),
        "valid_from": _("Từ ngày"),
        "valid_to": _("Đến hết ngày"),
    }
    description_columns = {
        "name": _("Chỉ ghi tên riêng, ví dụ Cẩm Bình."),
        "valid_from": _("Để trống: có từ trước đến nay."),
        "valid_to": _("Để trống: đang hoạt động."),
    }
    list_columns = ["name", "kind", "code", "parent_code", "valid_from", "valid_to"]
    show_columns = ["kind", "code", "parent_code", "valid_from", "valid_to"]
    add_columns = edit_columns = list_columns
    search_columns = ["name", "code", "kind", "valid_to"]
    order_columns = ["name", "kind", "code", "valid_from", "valid_to"]
    base_order = ("code", "asc")
    verb_add, verb_edit = organisation.units.create, organisation.units.edit
    verb_delete = removing(organisation.units)

    def related(self, row: AdministrativeUnit) -> list[dict[str, Any]]:
        """Who came before and who comes after."""
        before, after = _("Thay cho"), _("Đơn vị kế tiếp")
        return [{"title": before, "units": row.predecessors}, {"title": after, "units": row.successors}]

    @expose("/<int:pk>/ket-thuc", methods=["GET", "POST"])
    @allowed
    def end(self, pk: int) -> Any:
        """Say until when a unit works and who continues."""
        unit = self.fetch(pk)
        form = EndForm(data={"valid_to": unit.valid_to, "successors": [row.id for row in unit.successors]})
        if form.validate_on_submit() and self.write(form, _end, pk):
            flash(gettext("Đã ghi ngày kết thúc và đơn vị kế tiếp."), "success")
            return redirect(self.address("show", pk))
        title = gettext("Kết thúc %(unit)s", unit=str(unit))
        return self.page(self.end_template, title, form=form, row=unit), status(form)

    def _loaded(self, statement: Any) -> Any:
        both = selectinload(AdministrativeUnit.successors), selectinload(AdministrativeUnit.predecessors)
        return super()._loaded(statement).options(*both)


def _end(actor: Actor, unit_id: int, values: dict[str, Any]) -> None:
    organisation.end_unit(actor, unit_id, values["valid_to"], values["successors"])


class OfAgency(Configured):
    """A row that belongs to an agency and can be switched off."""

    list_load: ClassVar[list[str]] = ["agency"]
    description_columns: ClassVar[dict[str, Any]] = {"active": ACTIVE_HELP}


class DepartmentAdmin(OfAgency, AdminModelView):
    """``/quan-tri/phong``."""

    datamodel = SQLAInterface(Department)
    route_base = "/quan-tri/phong"
    journal_noun = "department"
    list_title, show_title = _("Phòng chuyên môn"), _("Phòng chuyên môn")
    add_title, edit_title = _("Thêm phòng"), _("Sửa phòng")
    list_intro = _("Thủ tục chỉ ghi tên phòng; hồ sơ được chuyển tới phòng cùng tên của cơ quan tiếp nhận.")
    label_columns = AGENCY | {"name": _("Tên phòng"), "active": _("Đang sử dụng")}
    list_columns = show_columns = ["name", "agency.name", "active"]
    add_columns = edit_columns = ["agency", "name", "active"]
    search_columns = ["name", "agency", "active"]
    order_columns = ["name", "agency.name", "active"]
    base_order = ("agency.name", "asc")
    verb_add, verb_edit = organisation.departments.create, organisation.departments.edit
    verb_delete = removing(organisation.departments)


class PlaceAdmin(OfAgency, AdminModelView):
    """``/quan-tri/noi-tra``: counters where originals are shown and results handed over."""

    datamodel = SQLAInterface(ReceptionPlace)
    route_base = "/quan-tri/noi-tra"
    journal_noun = "place"
    list_title, show_title = _("Nơi trả kết quả"), _("Nơi trả kết quả")
    add_title, edit_title = _("Thêm nơi trả kết quả"), _("Sửa nơi trả kết quả")
    list_intro = _("Người nộp chọn một nơi khi soạn hồ sơ và mang bản gốc tới đó.")
    label_columns = AGENCY | {
        "name": _("Tên"),
        "address": _("Địa chỉ"),
        "phone": _("Điện thoại"),
        "active": _("Đang sử dụng"),
    }
    list_columns = show_columns = ["name", "agency.name", "address", "phone", "active"]
    add_columns = edit_columns = ["agency", "name", "address", "phone", "active"]
    search_columns = ["name", "address", "agency", "active"]
    order_columns = ["name", "agency.name", "active"]
    base_order = ("agency.name", "asc")
    verb_add, verb_edit = organisation.places.create, organisation.places.edit
    verb_delete = removing(organisation.places)


class AuthorityAdmin(OfAgency, AdminModelView):
    """``/quan-tri/co-quan-chuc-nang``: who is told when originals differ."""

    datamodel = SQLAInterface(ViolationAuthority)
    route_base = "/quan-tri/co-quan-chuc-nang"
    journal_noun = "authority"
    list_title, show_title = _("Cơ quan chức năng"), _("Cơ quan chức năng")
    add_title, edit_title = _("Thêm cơ quan chức năng"), _("Sửa cơ quan chức năng")
    list_intro = _("Nơi nhận báo cáo khi bản gốc không khớp bản đã gửi và kết quả bị hủy.")
    delete_warning = _("Cơ quan tiếp nhận không còn nơi báo cáo vi phạm thì không hủy kết quả được.")
    label_columns = AGENCY | {
        "name": _("Tên"),
        "field": _("Lĩnh vực"),
        "field.name": _("Lĩnh vực"),
        "email": _("Thư điện tử"),
    }
    description_columns = {"field": _("Để trống: mọi lĩnh vực chưa có nơi riêng.")}
    list_columns = show_columns = ["name", "agency.name", "field.name", "email"]
    add_columns = edit_columns = ["agency", "field", "name", "email"]
    search_columns = ["name", "agency", "field"]
    order_columns = ["name", "agency.name", "field.name"]
    base_order = ("agency.name", "asc")
    list_load = ["agency", "field"]
    formatters_columns = {"field.name": lambda name: name or _("Mọi lĩnh vực")}
    verb_add, verb_edit = organisation.authorities.create, organisation.authorities.edit
    verb_delete = removing(organisation.authorities)


class AgencyAdmin(Configured, AdminModelView):
    """``/quan-tri/co-quan``: people's committees with their one-stop units."""

    datamodel = SQLAInterface(Agency)
    route_base = "/quan-tri/co-quan"
    journal_noun = "agency"
    list_title, show_title = _("Cơ quan"), _("Cơ quan")
    add_title, edit_title = _("Thêm cơ quan"), _("Sửa cơ quan")
    label_columns = {
        "name": _("Tên cơ quan"),
        "identifier": _("Mã định danh điện tử"),
        "level": _("Cấp"),
        "unit": _("Đơn vị hành chính"),
        "hotline": _("Điện thoại"),
        "email": _("Thư điện tử"),
        "active": _("Đang sử dụng"),
        "id": _("Nhận hồ sơ qua mạng từ ngày"),
    }
    description_columns = {
        "identifier": _("Phần đầu của mã hồ sơ. Hồ sơ đã có mã không đổi mã."),
        "active": ACTIVE_HELP,
    }
    list_columns = ["name", "level", "identifier", "hotline", "active"]
    show_columns = ["identifier", "level", "unit", "hotline", "email", "active", "id"]
    add_columns = edit_columns = ["name", "identifier", "level", "unit", "hotline", "email", "active"]
    search_columns = ["name", "identifier", "level", "active"]
    order_columns = ["name", "level", "identifier", "active"]
    base_order = ("name", "asc")
    list_load = ["unit"]
    related_views = [DepartmentAdmin, PlaceAdmin, AuthorityAdmin]
    verb_add, verb_edit = organisation.agency_editor.create, organisation.agency_editor.edit
    verb_delete = removing(organisation.agency_editor)

    def cell(self, row: Agency, column: str) -> Any:
        """The day of the roll-out stands in the column of the key."""
        return rollout_plan.day_of(row) if column == "id" else super().cell(row, column)


def register(appbuilder: AppBuilder) -> None:
    """Add the pages."""
    views = (UnitAdmin, DepartmentAdmin, PlaceAdmin, AuthorityAdmin, AgencyAdmin)
    for view in views:
        appbuilder.add_view_no_menu(view)
