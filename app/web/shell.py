"""What stands around every page: who is logged in, the menu of the role, the hotline, the languages."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import Flask, current_app, g, redirect, request, session
from flask_babel import get_locale, lazy_gettext, lazy_pgettext, refresh
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.actor import current_actor
from app.domain import clock
from app.domain.roles import STAFF, Actor, Role
from app.services import settings

_ = lazy_gettext
_many = lazy_pgettext
"""A noun that names a list: one word in Vietnamese, a plural elsewhere."""

PUBLIC_MENU = (
    (_many("menu", "Thủ tục"), "/thu-tuc"),
    (_("Tra cứu hồ sơ"), "/tra-cuu"),
    (_("Hồ sơ của tôi"), "/ho-so-cua-toi"),
    (_("Tin tức"), "/tin-tuc"),
    (_("Hỏi đáp"), "/hoi-dap"),
)
FOOTER = (
    (_("Tất cả thủ tục trực tuyến"), "/thu-tuc"),
    (_("Tra cứu hồ sơ đã nộp"), "/tra-cuu"),
    (_("Thời gian giải quyết thực tế"), "/thoi-gian-giai-quyet"),
    (_("Tin và thông báo"), "/tin-tuc"),
    (_("Hỏi đáp"), "/hoi-dap"),
)
INBOX = (_("Hộp hồ sơ"), "/hop-thu")
MY_DAY = (_many("menu", "Hôm nay"), "/ngay-lam-viec")
DOSSIERS = (_("Danh sách hồ sơ"), "/can-bo/danh-sach")
CASES = (_many("menu", "Vụ việc vi phạm"), "/vi-pham")
BOARD = (_("Điều hành"), "/dieu-hanh")
QUESTIONS = (_("Câu hỏi của người dân"), "/can-bo/hoi-dap")
REPORTS = (_many("menu", "Báo cáo"), "/bao-cao")
STAFF_MENU = {
    Role.RECEIVING_OFFICER: (INBOX, MY_DAY, DOSSIERS, CASES, QUESTIONS, REPORTS),
    Role.DEPARTMENT_OFFICER: (INBOX, MY_DAY, DOSSIERS),
    Role.LEADER: (INBOX, DOSSIERS, BOARD, REPORTS, CASES),
    Role.ADMINISTRATOR: ((_("Cấu hình"), "/quan-tri/"), (_("Bảng kỹ thuật"), "/console/")),
}
HOME = {Role.CITIZEN: "/ho-so-cua-toi", Role.ADMINISTRATOR: "/quan-tri/"}
ADMINISTRATION = (
    (
        _many("menu", "Thủ tục"),
        (
            (_("Thủ tục hành chính"), "/quan-tri/thu-tuc"),
            (_("Giấy tờ phải nộp"), "/quan-tri/giay-to"),
            (_("Phí, lệ phí"), "/quan-tri/phi"),
            (_many("menu", "Lĩnh vực"), "/quan-tri/linh-vuc"),
        ),
    ),
    (
        _("Địa bàn và cơ quan"),
        (
            (_("Đơn vị hành chính"), "/quan-tri/don-vi"),
            (_many("menu", "Cơ quan"), "/quan-tri/co-quan"),
            (_("Phòng chuyên môn"), "/quan-tri/phong"),
            (_("Nơi trả kết quả"), "/quan-tri/noi-tra"),
            (_many("menu", "Cơ quan chức năng"), "/quan-tri/co-quan-chuc-nang"),
            (_("Lịch triển khai"), "/quan-tri/trien-khai"),
        ),
    ),
    (
        _("Thời gian làm việc"),
        (
            (_("Giờ làm việc"), "/quan-tri/lich-lam-viec"),
            (_("Ngày nghỉ, ngày làm bù"), "/quan-tri/ngay-nghi"),
        ),
    ),
    (
        _("Người dùng"),
        (
            (_("Tài khoản cán bộ"), "/quan-tri/tai-khoan"),
            (_("Tài khoản người dân"), "/quan-tri/tai-khoan-nguoi-dan"),
        ),
    ),
    (_("Nội dung"), ((_("Tin tức"), "/quan-tri/tin-tuc"),)),
    (_("Vận hành"), ((_("Tham số"), "/quan-tri/tham-so"), (_("Bảng kỹ thuật"), "/console/"))),
)
STATE_TONES = {
    "submitted": "vinh",
    "supplement_requested": "can",
    "refused": "nguy",
    "received": "vinh",
    "in_appraisal": "vinh",
    "information_requested": "can",
    "awaiting_approval": "vinh",
    "decided": "vinh",
    "result_ready": "tot",
    "returned": "tot",
    "voided": "nguy",
    "opened": "can",
    "forwarded": "vinh",
    "queued": "vinh",
    "held": "can",
    "sending": "vinh",
    "sent": "tot",
    "failed": "nguy",
}
"""The colour of a state's tag; a state not named here is quiet. The word always stands beside it."""


@dataclass(frozen=True)
class Item:
    """A link of a menu."""

    label: Any
    path: str
    current: bool


@dataclass(frozen=True)
class Group:
    """A heading of the administrator's side menu with its links."""

    label: Any
    items: list[Item]


class Shell:
    """Read by the layouts; every value is found when first asked for, so a plain page costs few queries."""

    def __init__(self, *, offline: bool = False) -> None:
        """``offline``: the database may be out of order (page 500), so ask it nothing."""
        self._offline = offline

    @cached_property
    def actor(self) -> Actor | None:
        """The person logged in."""
        return None if self._offline else current_actor()

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the city."""
        return self.actor is not None and self.actor.role in STAFF

    @cached_property
    def hotline(self) -> str:
        """The telephone number that stands on every public page."""
        default = str(settings.DEFINITIONS["hotline"].default)
        if self._offline:
            return default
        try:
            return str(settings.get("hotline"))
        except SQLAlchemyError:
            return default

    @property
    def hotline_digits(self) -> str:
        """The number as a telephone dials it."""
        return "".join(sign for sign in self.hotline if sign.isdigit() or sign == "+")

    @property
    def now(self) -> datetime:
        """The moment of this page."""
        return clock.now()

    @property
    def app_name(self) -> str:
        """Name of the service."""
        return str(current_app.config["APP_NAME"])

    @property
    def locale(self) -> str:
        """Language of the page, for the lang attribute."""
        return str(get_locale() or "vi")

    @property
    def languages(self) -> list[Any]:
        """The languages to choose from."""
        names = current_app.config["LANGUAGES"].items()
        return [
            {"code": code, "name": names_of["name"], "path": f"/lang/{code}", "current": code == self.locale}
            for code, names_of in names
        ]

    @property
    def home(self) -> str:
        """Where this person's work begins."""
        path = HOME.get(self.actor.role, INBOX[1]) if self.actor else "/"
        return path if self.has(path) else "/"

    @property
    def menu(self) -> list[Item]:
        """The links of an officer's bar, or of the public page."""
        if self.actor and self.actor.role in STAFF_MENU:
            return self._items(STAFF_MENU[self.actor.role])
        return self.public_menu

    @property
    def public_menu(self) -> list[Item]:
        """The links of the public page; staff find their way back to work there."""
        if not self.is_staff:
            return self._items(PUBLIC_MENU)
        own = [entry for entry in PUBLIC_MENU if entry[1] != "/ho-so-cua-toi"]
        return self._items((*own, (_("Bàn làm việc"), self.home)))

    @property
    def footer(self) -> list[Item]:
        """The links at the foot of the public page."""
        return self._items(FOOTER)

    @property
    def side(self) -> list[Group]:
        """The administrator's side menu, on the pages of the configuration only."""
        if self.actor is None or self.actor.role is not Role.ADMINISTRATOR:
            return []
        if not request.path.startswith("/quan-tri"):
            return []
        groups = [Group(label, self._items(entries)) for label, entries in ADMINISTRATION]
        return [group for group in groups if group.items]

    @property
    def logout(self) -> str | None:
        """Where the log-out form is posted."""
        return "/dang-xuat" if self.has("/dang-xuat", "POST") else None

    def has(self, path: str, method: str = "GET") -> bool:
        """Whether a page answers at this address; routes do not change after the start."""
        known: dict[tuple[str, str], bool] = current_app.extensions.setdefault("mc_paths", {})
        if (path, method) not in known:
            known[path, method] = current_app.url_map.bind("localhost").test(path, method)
        return known[path, method]

    def _items(self, entries: Any) -> list[Item]:
        return [Item(label, path, _is_current(path)) for label, path in entries if self.has(path)]


def _is_current(path: str) -> bool:
    here = request.path.rstrip("/")
    own = path.rstrip("/")
    if path == "/quan-tri/":
        return here.startswith(own)
    return here == own or (own != "" and here.startswith(own + "/"))


def shell() -> Shell:
    """The shell of this request, made once."""
    if "shell" not in g:
        g.shell = Shell()
    found: Shell = g.shell
    return found


def switch_language(locale: str) -> Response:
    """Keep the language in the session and go back to the page that asked."""
    if locale not in current_app.config["LANGUAGES"]:
        raise NotFound
    session["locale"] = locale
    refresh()
    return redirect(_page_before())


def _page_before() -> str:
    referrer, here = request.referrer or "", request.host_url
    return referrer[len(here) - 1 :] if referrer.startswith(here) else "/"


def init_app(app: Flask) -> None:
    """Give the layouts their ``shell`` and make the language links return to their page."""
    app.jinja_env.globals["STATE_TONES"] = STATE_TONES
    app.context_processor(lambda: {"shell": shell()})
    # FAB's own view goes back through a history that only FAB's pages fill.
    app.view_functions["LocaleView.index"] = switch_language
