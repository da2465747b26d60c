"""What the pages of one dossier share: case file, buttons, and a refused form shown again as typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

from flask import flash, make_response, redirect, render_template, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from app.actor import require_actor, status_of
from app.domain import clock
from app.domain.errors import Conflict, DomainError, NotAllowed, NotFound
from app.domain.originals import Verdict
from app.domain.roles import Actor
from app.domain.transitions import Transition
from app.models.handling import ItemKind
from app.reasons import words
from app.services import casefile, queues
from app.services.case_lines import Line
from app.services.casefile import CaseFile
from app.services.queues import Around
from app.web import headers, intake_checks, journal_words, typed, viewer
from app.web.intake_checks import Check
from app.web.viewer import First, View

ROOT = "/can-bo/ho-so"
ID = "<int(max=9223372036854775807):dossier_id>"
"""A dossier's key in an address; a larger number is no key of our tables."""

PAGES = {
    "ho-so": ("", "staff/dossier.html"),
    "doi-chieu": ("/doi-chieu", "staff/counter.html"),
    "phe-duyet": ("/phe-duyet", "staff/approval.html"),
}
"""The pages that a form can have been sent from: the end of the address, and the template."""

CONSEQUENCES: dict[str, Any] = {
    "refuse": _(
        "Không thể khôi phục. Hồ sơ kết thúc tại đây; người nộp nhận phiếu từ chối kèm lý do qua thư điện tử"
        " và phải nộp hồ sơ mới nếu còn nhu cầu."
    ),
    "stop": _(
        "Không thể khôi phục. Hồ sơ dừng giải quyết, mọi thời hạn ngừng tính; người nộp nhận thông báo dừng"
        " kèm lý do qua thư điện tử."
    ),
    "void_on_mismatch": _(
        "Không thể khôi phục. Kết quả bị hủy vĩnh viễn, vụ việc vi phạm được lập và báo ngay cho cơ quan"
        " chức năng, lãnh đạo và người nộp qua thư điện tử."
    ),
}
"""Steps that cannot be undone, and what they lead to; each is confirmed on a page of its own."""

NOTES: dict[str, Any] = {
    "receive": _("Cấp mã hồ sơ; giấy tiếp nhận và hẹn trả gửi tới người nộp"),
    "request_supplement": _("Ngừng tính hạn tiếp nhận; phiếu yêu cầu gửi tới người nộp"),
    "refuse": _("Phải ghi lý do, không thể khôi phục"),
    "forward": _("Phòng chuyên môn nhận việc và được báo qua thư điện tử"),
    "request_information": _("Tạm dừng hạn giải quyết cho đến khi người nộp trả lời"),
    "propose_grant": _("Lãnh đạo nhận hồ sơ cùng ý kiến và dự thảo kết quả"),
    "propose_denial": _("Phải ghi lý do, lãnh đạo quyết định"),
    "send_back": _("Hồ sơ trở lại phòng kèm lý do"),
    "approve": _("Kết quả có hiệu lực, chuyển về bộ phận trả kết quả"),
    "announce_result": _("Người nộp được mời đến nơi đã đăng ký cùng bản gốc giấy tờ"),
    "return_result": _("Kết thúc hồ sơ"),
    "void_on_mismatch": _("Không thể khôi phục, báo cơ quan chức năng"),
    "stop": _("Phải ghi lý do, không thể khôi phục"),
}
"""One line under each open button: what pressing it leads to."""


@dataclass(frozen=True)
class Failure:
    """A refused form: its name on the page, why, and everything that was typed."""

    form: str
    error: DomainError
    typed: Mapping[str, str]

    @property
    def words(self) -> str:
        """The sentence of the refusal."""
        return words(self.error)

    @property
    def stale(self) -> bool:
        """Whether somebody else was quicker, so that the page has to be read again first."""
        return isinstance(self.error, Conflict)


@dataclass(frozen=True)
class Button:
    """One transition on the action bar."""

    transition: Transition
    refusals: Sequence[Any]
    """Refusals of the guards, from services.dossiers.offers()."""
    token: str
    """The idempotency key of this page's button: pressed twice, the step is made once."""

    @property
    def reasons(self) -> list[str]:
        """Why it is locked, in words; empty when it is open."""
        return [words(r.as_error()) for r in self.refusals]

    def reasons_but(self, key: str) -> list[str]:
        """The same without one reason that the form itself removes."""
        return [words(r.as_error()) for r in self.refusals if r.key != key]

    @property
    def irreversible(self) -> bool:
        """Whether it is confirmed on a page of its own."""
        return self.transition.key in CONSEQUENCES

    @property
    def note(self) -> Any:
        """What it leads to, in a line."""
        return NOTES.get(self.transition.key, "")


class Screen:
    """What the templates of one dossier get."""

    def __init__(self, case: CaseFile, page: str, failure: Failure | None) -> None:
        self.case, self.page, self.failure = case, page, failure
        self._mark = uuid4().hex

    @property
    def path(self) -> str:
        """Address of the dossier, under which all its forms are posted."""
        return f"{ROOT}/{self.case.dossier.id}"

    @property
    def here(self) -> str:
        """Address of this page."""
        return self.path + PAGES[self.page][0]

    @cached_property
    def buttons(self) -> list[Button]:
        """The action bar: every offered step; the way forward first, what cannot be undone last."""
        made = [Button(t, refusals, f"{self._mark}-{t.key}") for t, refusals in self.case.offers]
        return sorted(made, key=lambda b: (b.irreversible, b.transition.needs_reason))

    def button(self, key: str) -> Button | None:
        """One button, if it is offered."""
        return next((b for b in self.buttons if b.transition.key == key), None)

    @cached_property
    def line(self) -> Line | None:
        """The document that is open in the viewer."""
        asked = self.case.line(typed.key(request.values.get("giay-to")))
        if asked is None and self.page == "doi-chieu":
            return self.case.next_unchecked or next(iter(self.case.scanned), None)
        return asked

    @cached_property
    def view(self) -> View | None:
        """What is open in the viewer: a document, or on the leader's page the result."""
        asked = typed.key(request.args.get("trang")) or 1
        if self.line is not None:
            return viewer.of_scans(self.here, self.line.document.id, self.line.pages, asked)
        result = self.case.result if self.page == "phe-duyet" else None
        file = (result.signed_file or result.draft_file) if result else None
        return viewer.of_result(self.here, self.path, file, asked) if file else None

    @property
    def checks(self) -> Sequence[Check]:
        """What intake makes sure of."""
        return intake_checks.of(self.case)

    @property
    def first(self) -> First | None:
        """The document to begin with, while none is open."""
        line = self.case.next_unjudged or next(iter(self.case.scanned), None)
        return First(f"{self.here}?giay-to={line.document.id}#xem", line.document.name) if line else None

    @cached_property
    def around(self) -> Around | None:
        """Where the dossier stands in its tab of the inbox."""
        return queues.around(self.case.actor, self.case.dossier)

    def beside(self, dossier_id: int) -> str:
        """Address of a neighbour's same page."""
        return f"{ROOT}/{dossier_id}{PAGES[self.page][0]}"

    def failed(self, form: str) -> Failure | None:
        """The refusal of this form, if it is the one that was just sent."""
        return self.failure if self.failure and self.failure.form == form else None

    def typed(self, form: str, name: str, default: object = "") -> object:
        """What was typed into a field before the refusal, else the default."""
        failure = self.failed(form)
        return failure.typed.get(name, "") if failure else default


def officer() -> Actor:
    """The officer behind this request; others are refused, a visitor is sent to log in."""
    return require_actor(*casefile.OFFICERS)


def show(actor: Actor, dossier_id: int, page: str = "ho-so", failure: Failure | None = None) -> Response:
    """The page of a dossier, with a refused form as it was typed."""
    opened = typed.key(request.values.get("giay-to")) if page == "ho-so" else None
    case = casefile.of(actor, dossier_id, opened=opened)
    screen = Screen(case, page, failure)
    if page == "doi-chieu":
        headers.allow_camera()
    body = render_template(
        PAGES[page][1],
        man=screen,
        case=case,
        dossier=case.dossier,
        cau=journal_words.sentence,
        item_kinds=list(ItemKind),
        verdicts=list(Verdict),
        today=clock.today(),
    )
    return make_response(body, status_of(failure.error) if failure else 200)


def attempt(actor: Actor, dossier_id: int, form: str, verb: Callable[[], object]) -> Response | None:
    """Do what a form asks for; the page with the form as it was typed when a rule refuses, else None.

    What is not there for this person (404) or not theirs to do (403) shows nothing of the dossier.
    """
    try:
        verb()
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        return show(actor, dossier_id, sent_from(), Failure(form, error, request.form.to_dict()))
    return None


def answer(
    actor: Actor, dossier_id: int, form: str, verb: Callable[[], object], done: Any, *, to: str | None = None
) -> Response:
    """Do what a form asks for, say so, and go back to its page."""
    refused = attempt(actor, dossier_id, form, verb)
    return refused or go(to or back(dossier_id), done)


def go(address: str, done: Any) -> Response:
    """Say what was done, on the page at that address."""
    flash(str(done), "success")
    return redirect(address)


def ask(actor: Actor, dossier_id: int, transition: Transition) -> Response:
    """The page that says what a step leads to and takes its reason, before it is made."""
    screen = Screen(casefile.of(actor, dossier_id), sent_from(), None)
    button = screen.button(transition.key)
    if button is None:
        raise Conflict("stale_version")
    body = render_template(
        "staff/step.html",
        man=screen,
        case=screen.case,
        dossier=screen.case.dossier,
        button=button,
        consequence=CONSEQUENCES.get(transition.key, ""),
    )
    return make_response(body)


def sent_from() -> str:
    """The page that the form stands on."""
    name = request.form.get("page", "")
    return name if name in PAGES else "ho-so"


def back(dossier_id: int) -> str:
    """Address of the page that the form stands on, with the same document open."""
    document = typed.key(request.form.get("giay-to"))
    return f"{ROOT}/{dossier_id}{PAGES[sent_from()][0]}" + (f"?giay-to={document}" if document else "")
