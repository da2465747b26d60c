"""Reports that name dossiers: one line each, read in a stream."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, func

from app.domain.calendar import Calendar
from app.domain.language import say
from app.domain.periods import Period
from app.domain.roles import Actor
from app.domain.sheets import Column, Kind, Line, Sheet
from app.domain.working_time import working_between
from app.extensions import db
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from app.models.organisation import Department
from app.models.papers import Apology
from app.services import calendars, figures
from app.services.report_asked import Asked
from app.services.scopes import Scope

AT_ONCE = 1000
"""Rows fetched in one go."""

LATE = (
    Column("code", "Mã hồ sơ", Kind.TEXT),
    Column("procedure", "Thủ tục", Kind.TEXT),
    Column("applicant", "Người nộp", Kind.TEXT),
    Column("department", "Phòng", Kind.TEXT),
    Column("state", "Trạng thái", Kind.TEXT),
    Column("received_at", "Tiếp nhận lúc", Kind.MOMENT),
    Column("due_at", "Hẹn trả lúc", Kind.MOMENT),
    Column("finished_at", "Có kết quả lúc", Kind.MOMENT),
    Column("late_by", "Trễ, tính theo giờ làm việc", Kind.MINUTES),
    Column("apology", "Phiếu xin lỗi", Kind.TEXT),
)


def late(actor: Actor, asked: Asked, scope: Scope, period: Period) -> Sheet:
    """Each dossier that was or is past its due time in the period, the longest overdue first.

    NotAllowed for units whose dossiers are not this person's to see.
    """
    query = figures.dossiers(actor, scope, period, "late")
    return Sheet(
        title=say("Danh sách hồ sơ trễ hạn"),
        columns=LATE,
        lines=_late_lines(query, period),
        size=db.session.scalar(query.with_only_columns(func.count(Dossier.id))) or 0,
        facts=asked.facts(actor),
        notes=(
            say(
                "Hồ sơ đã có kết quả sau giờ hẹn trong kỳ, và hồ sơ quá hạn chưa có kết quả tính đến cuối kỳ."
            ),
        ),
    )


def _late_lines(query: Select[Dossier], period: Period) -> Iterator[Line]:
    joined: Select[Any] = query  # its columns change
    joined = joined.outerjoin(Apology, Apology.dossier_id == Dossier.id)
    rows = joined.outerjoin(Department, Department.id == Dossier.department_id).with_only_columns(
        Dossier.id, Dossier.code, Dossier.procedure_name, Dossier.applicant_name, Department.name, Dossier.state,
        CountedDossier.received_at, CountedDossier.due_at, CountedDossier.waiting_since, CountedDossier.finished_at,
        Dossier.agency_id, Apology.state,
    )  # fmt: skip
    calendar_of = cache(calendars.calendar_for)
    ordered = rows.order_by(CountedDossier.due_at, Dossier.id).execution_options(yield_per=AT_ONCE)
    for (
        key,
        code,
        procedure,
        applicant,
        department,
        state,
        received,
        due,
        waiting,
        finished,
        agency,
        apology,
    ) in db.session.execute(ordered):
        finished_then = finished if finished is not None and finished < period.end else None
        until = min(moment for moment in (waiting, finished_then, period.as_of) if moment is not None)
        cells = (code, procedure, applicant, department or "", state.label, received, due, finished_then)
        said = apology.label if apology else say("Chưa soạn")
        yield Line(key, (*cells, _minutes(calendar_of(agency), due, until), said))


def _minutes(calendar: Calendar, due: datetime | None, until: datetime) -> int | None:
    return None if due is None else int(working_between(calendar, due, until).total_seconds() // 60)
