"""Reports made of figures: one line for each unit, department, field or procedure, and a total."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from app.domain.language import say
from app.domain.periods import Period
from app.domain.roles import Actor
from app.domain.search import fold
from app.domain.sheets import TOTAL, Cell, Check, Column, Kind, Line, Sheet
from app.extensions import db
from app.models.catalogue import Field, Procedure
from app.models.organisation import Agency, Department
from app.services import figures, report_forms
from app.services.figures import By, Counts
from app.services.report_asked import Asked
from app.services.scopes import Scope

Identity = tuple[str, tuple[str, ...]]
NAMES: dict[By, tuple[str, Any]] = {
    By.UNIT: ("Đơn vị", Agency),
    By.DEPARTMENT: ("Phòng", Department),
    By.FIELD: ("Lĩnh vực", Field),
    By.PROCEDURE: ("Thủ tục", Procedure),
}
NOT_ASSIGNED = "Chưa chuyển phòng"
More = Callable[[Counts, Any], dict[str, Cell]]
"""What a report adds to the figures of a line: from its counts and its key (``TOTAL`` for the last line)."""


def ii06a(actor: Actor, asked: Asked, scope: Scope, period: Period) -> Sheet:
    """Form II.06a/VPCP/KSTT."""
    return _sheet(
        actor, asked, scope, period,
        "Tình hình, kết quả giải quyết thủ tục hành chính", report_forms.II06A, report_forms.II06A_CHECKS,
        (report_forms.COUNTED_FROM_RECEIPT, report_forms.JUDGED, report_forms.LEVEL_3),
        facts=(("Biểu số", "II.06a/VPCP/KSTT"), ("Đơn vị tính", "Số hồ sơ thủ tục hành chính")),
    )  # fmt: skip


def leaders(actor: Actor, asked: Asked, scope: Scope, period: Period) -> Sheet:
    """The leader's report of 18 columns."""
    return _sheet(
        actor, asked, scope, period,
        "Tổng hợp tình hình giải quyết hồ sơ", report_forms.LEADERS, report_forms.LEADERS_CHECKS,
        (report_forms.COUNTED_FROM_RECEIPT, report_forms.JUDGED, report_forms.LEVEL_3),
    )  # fmt: skip


def intake(actor: Actor, asked: Asked, scope: Scope, period: Period) -> Sheet:
    """Whether dossiers are answered within 8 working hours (announcement, point 3)."""
    times = figures.percentiles(scope, period, "sent", By(asked.by))
    if whole := figures.percentiles(scope, period, "sent"):
        times[TOTAL] = whole[None]

    def more(counts: Counts, key: Any) -> dict[str, Cell]:
        judged = counts["intake_within"] + counts["intake_late"] + counts["intake_overdue"]
        _, median, ninth = times.get(key, (0, None, None))
        rate = share(counts["intake_within"], judged)
        return {"rate": rate, "median": _minutes(median), "ninth": _minutes(ninth)}

    return _sheet(
        actor, asked, scope, period,
        "Tiếp nhận hồ sơ trong 8 giờ làm việc", report_forms.INTAKE, report_forms.INTAKE_CHECKS,
        (report_forms.INTAKE_NOTE, report_forms.RATE_NOTE), more,
    )  # fmt: skip


def violations(actor: Actor, asked: Asked, scope: Scope, period: Period) -> Sheet:
    """Void results and what became of their cases."""

    def more(counts: Counts, _: Any) -> dict[str, Cell]:
        return {"void_rate": share(counts["voided"], counts["voided"] + counts["returned"])}

    return _sheet(
        actor, asked, scope, period,
        "Hủy kết quả và vụ việc vi phạm", report_forms.VIOLATIONS, (), (report_forms.VIOLATIONS_NOTE,), more,
    )  # fmt: skip


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else seconds // 60


def share(part: int, whole: int) -> float | None:
    """The part of 1; None of nothing."""
    return part / whole if whole else None


def names_of(by: By, keys: Sequence[Any]) -> dict[Any, str]:
    """What the groups are called; the key None is "not assigned"."""
    model = NAMES[by][1]
    rows = db.session.scalars(select(model).where(model.id.in_([key for key in keys if key is not None])))
    return {None: say(NOT_ASSIGNED)} | {row.id: str(row) for row in rows}


def _sheet(  # noqa: PLR0913, PLR0917 - what makes a report
    actor: Actor,
    asked: Asked,
    scope: Scope,
    period: Period,
    title: str,
    columns: tuple[Column, ...],
    identities: Sequence[Identity],
    notes: tuple[str, ...],
    more: More = lambda _counts, _key: {},
    facts: tuple[tuple[str, str], ...] = (),
) -> Sheet:
    by = By(asked.by)
    keys = tuple(dict.fromkeys(column.figure for column in columns if column.figure))
    found = figures.counts(scope, period, keys, by)
    names = names_of(by, list(found))

    def line(number: Cell, key: Any, name: str, counts: Counts) -> Line:
        values: dict[str, Cell] = {report_forms.ZERO: 0, **counts, **more(counts, key)}
        return Line(key, (number, name, *(values[column.key] for column in columns)))

    ordered = sorted(found, key=lambda key: (key is None, fold(names[key])))
    lines = [line(number, key, names[key], found[key]) for number, key in enumerate(ordered, start=1)]
    total = line("", TOTAL, say("Tổng số"), figures.total(scope, period, keys))
    whole = (report_forms.ROW, Column("name", NAMES[by][0], Kind.TEXT, number="2"), *columns)
    return Sheet(
        title=say(title),
        columns=whole,
        lines=lines,
        size=len(lines),
        total=total,
        facts=(*((say(label), say(value)) for label, value in facts), *asked.facts(actor)),
        notes=tuple(say(note) for note in notes),
        checks=tuple(_check(identity, whole, [*lines, total]) for identity in identities),
    )


def _check(identity: Identity, columns: Sequence[Column], lines: Sequence[Line]) -> Check:
    place = {column.number: n for n, column in enumerate(columns)}
    left, right = identity

    def holds(line: Line) -> bool:
        return line.cells[place[left]] == sum(line.cells[place[number]] for number in right)  # type: ignore[misc]

    return Check(f"{left} = {' + '.join(right)}", all(holds(line) for line in lines))
