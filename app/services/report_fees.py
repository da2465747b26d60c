"""Money: what was taken by day, officer and procedure, and whether it is what was due.

What is due of a dossier is the sum of its fee lines that have an amount and were not exempted. Money is counted on
the day on which the receipt was written (Asia/Ho_Chi_Minh).
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select

from app.domain.dates import written
from app.domain.fees import FeeTiming
from app.domain.language import say
from app.domain.periods import Period
from app.domain.roles import Actor
from app.domain.search import fold
from app.domain.sheets import TOTAL, Column, Kind, Line, Sheet
from app.domain.states import State
from app.extensions import db
from app.models.dossier import Dossier, Outcome
from app.models.fees import DossierFee
from app.models.figures import CountedDossier, local_day
from app.models.handling import Payment
from app.models.organisation import User
from app.services import report_figures
from app.services.figures import By
from app.services.report_asked import Asked
from app.services.report_lists import AT_ONCE
from app.services.scopes import Scope


class FeeBy(StrEnum):
    """What money is grouped by."""

    DAY = "ngay"
    OFFICER = "cong-chuc"
    PROCEDURE = "thu-tuc"

    @property
    def column(self) -> SQLColumnExpression[Any]:
        """The column."""
        columns: dict[FeeBy, SQLColumnExpression[Any]] = {
            FeeBy.DAY: local_day(Payment.taken_at),
            FeeBy.OFFICER: Payment.taken_by_id,
            FeeBy.PROCEDURE: CountedDossier.procedure_id,
        }
        return columns[self]


TITLES = {FeeBy.DAY: "Ngày thu", FeeBy.OFFICER: "Công chức thu", FeeBy.PROCEDURE: "Thủ tục"}
TAKEN = (
    Column("dossiers", "Số hồ sơ", figure="paid"),
    Column("payments", "Số biên lai"),
    Column("amount", "Số tiền", Kind.MONEY),
)
LINES = (
    Column("code", "Mã hồ sơ", Kind.TEXT),
    Column("procedure", "Thủ tục", Kind.TEXT),
    Column("state", "Trạng thái", Kind.TEXT),
    Column("due", "Phải thu", Kind.MONEY),
    Column("within", "Đã thu trong kỳ", Kind.MONEY),
    Column("outside", "Đã thu ngoài kỳ", Kind.MONEY),
    Column("left", "Chênh lệch", Kind.MONEY),
)


def taken(actor: Actor, asked: Asked, scope: Scope, period: Period) -> Sheet:
    """Sums by day, officer or procedure."""
    by = FeeBy(asked.by)
    group = by.column
    columns: list[Any] = [group.label("group"), *_SUMS]
    query: Select[Any] = _payments(scope, period).with_only_columns(*columns).group_by(group)
    found = {row[0]: tuple(row[1:]) for row in db.session.execute(query)}
    names = names_of(by, list(found))
    ordered = sorted(found) if by is FeeBy.DAY else sorted(found, key=lambda key: fold(names[key]))
    total = db.session.execute(_payments(scope, period).with_only_columns(*_SUMS)).one()
    return Sheet(
        title=say("Phí, lệ phí đã thu"),
        columns=(Column("name", TITLES[by], Kind.TEXT), *TAKEN),
        lines=[Line(key, (names[key], *found[key])) for key in ordered],
        size=len(found),
        total=Line(TOTAL, (say("Tổng số"), *total)),
        facts=asked.facts(actor),
        notes=(say("Một hồ sơ thu nhiều lần được đếm một lần trong tổng số hồ sơ."),),
    )


def reconciliation(actor: Actor, asked: Asked, scope: Scope, period: Period) -> Sheet:
    """Each dossier that paid in the period: what was due against what the receipts say; differences first."""
    scope.refuse_closed(actor)
    query = _compared(scope, period)
    rows = query.subquery()
    sums = [func.coalesce(func.sum(rows.c[name]), 0) for name in ("due", "within", "outside", "left")]
    size, differing, *total = db.session.execute(
        select(func.count(), func.count().filter(rows.c.left != 0), *sums).select_from(rows)
    ).one()
    return Sheet(
        title=say("Đối chiếu phí, lệ phí"),
        columns=LINES,
        lines=_compared_lines(query),
        size=size,
        total=Line(TOTAL, (say("Tổng số"), "", "", *total)),
        facts=(*asked.facts(actor), (say("Hồ sơ có chênh lệch"), str(differing))),
        notes=(
            say("Chênh lệch = phải thu − đã thu trong kỳ − đã thu ngoài kỳ."),
            say(
                "Phải thu gồm khoản thu trước khi thẩm định và, khi kết quả đã có tại quầy, khoản thu khi trả; khoản "
                "được miễn hoặc chưa có mức thu không tính."
            ),
        ),
    )  # fmt: skip


def paid(scope: Scope, period: Period, group: tuple[str, Any] | None = None) -> Select[int]:
    """The keys of the dossiers with a receipt in the period, of one day, officer or procedure (see ``FeeBy``)."""
    found = _payments(scope, period)
    if group is not None:
        found = found.where(FeeBy(group[0]).column == group[1])
    return found.with_only_columns(CountedDossier.id).distinct()


_SUMS = (
    func.count(Payment.dossier_id.distinct()),
    func.count(Payment.id),
    func.coalesce(func.sum(Payment.amount), 0),
)


def _within(period: Period) -> ColumnElement[bool]:
    return and_(Payment.taken_at >= period.start, Payment.taken_at < period.end)


def _payments(scope: Scope, period: Period) -> Select[Any]:
    joined = select(Payment).join(CountedDossier, CountedDossier.id == Payment.dossier_id)
    return joined.where(_within(period), *scope.conditions())


def names_of(by: FeeBy, keys: list[Any]) -> dict[Any, str]:
    """What the groups are called."""
    if by is FeeBy.DAY:
        return {day: written(day) for day in keys}
    if by is FeeBy.PROCEDURE:
        return report_figures.names_of(By.PROCEDURE, keys)
    people = db.session.scalars(select(User).where(User.id.in_(keys)))
    return {user.id: f"{user.last_name} {user.first_name}".strip() for user in people}


def _compared(scope: Scope, period: Period) -> Select[Any]:
    """Dossiers that paid in the period, with their sums; each sum is made before the joins multiply rows."""
    ids = paid(scope, period)
    due = select(DossierFee.dossier_id, func.sum(DossierFee.amount).label("due")).join(DossierFee.dossier)
    due = due.where(DossierFee.exempt_reason == "", _is_due()).group_by(DossierFee.dossier_id)
    sums = select(
        Payment.dossier_id,
        func.sum(Payment.amount).label("all"),
        func.sum(Payment.amount).filter(_within(period)).label("within"),
    ).group_by(Payment.dossier_id)
    owed, money = (p.where(p.selected_columns.dossier_id.in_(ids)).subquery() for p in (due, sums))
    owing = func.coalesce(owed.c.due, 0)
    return (
        select(
            Dossier.id, Dossier.code, Dossier.reference, Dossier.procedure_name, Dossier.state, owing.label("due"),
            money.c.within, (money.c.all - money.c.within).label("outside"), (owing - money.c.all).label("left"),
        )
        .join(money, money.c.dossier_id == Dossier.id)
        .outerjoin(owed, owed.c.dossier_id == Dossier.id)
    )  # fmt: skip


def _is_due() -> ColumnElement[bool]:
    """Fees at return are due of a granted result only, once it is at the counter (announcement, point 6)."""
    granted = and_(
        Dossier.outcome == Outcome.GRANTED, Dossier.state.in_((State.RESULT_READY, State.RETURNED))
    )
    return or_(DossierFee.timing == FeeTiming.BEFORE_PROCESSING, granted)


def _compared_lines(query: Select[Any]) -> Iterator[Line]:
    left = query.selected_columns.left
    ordered = query.order_by(left == 0, Dossier.id).execution_options(yield_per=AT_ONCE)
    for key, code, reference, procedure, state, *money in db.session.execute(ordered):
        yield Line(key, (code or reference, procedure, state.label, *money))
