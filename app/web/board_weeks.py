"""The pictures of a board that go week by week."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.domain.periods import Period
from app.services.boards import Board, answered
from app.services.figures import Counts
from app.web import charts
from app.web.charts import Mark
from app.web.formats import ngay, so
from app.web.pictures import Cell, Link, Picture, percent, phan_tram


@dataclass(frozen=True)
class Share:
    """A part of a whole that has a target, followed week by week."""

    setting: str
    heading: Any
    finding: Any
    columns: tuple[tuple[Any, str], ...]
    """Heading and figure of each column of the table."""
    of: Callable[[Counts], float | None]
    """The percentage of a week; None when the week says nothing."""


NOT_LATE = Share(
    setting="target_not_late",
    heading=lazy_gettext("Hồ sơ không trễ hạn theo tuần"),
    finding=lazy_gettext(
        "Tỉ lệ hồ sơ không trễ hạn theo tuần từ %(first)s đến %(last)s; chỉ tiêu %(target)s."
    ),
    columns=((lazy_gettext("Đã giải quyết"), "done"), (lazy_gettext("Trễ hạn"), "done_late")),
    of=lambda counts: percent(counts["done"] - counts["done_late"], counts["done"]),
)
INTAKE = Share(
    setting="target_intake",
    heading=lazy_gettext("Tiếp nhận trong hạn theo tuần"),
    finding=lazy_gettext(
        "Tỉ lệ tiếp nhận trong hạn theo tuần từ %(first)s đến %(last)s; chỉ tiêu %(target)s."
    ),
    columns=(
        (lazy_gettext("Trong hạn"), "intake_within"),
        (lazy_gettext("Trễ hạn"), "intake_late"),
        (lazy_gettext("Quá hạn, chưa trả lời"), "intake_overdue"),
    ),
    of=lambda counts: percent(counts["intake_within"], answered(counts)),
)
SERIES = (
    ("vinh", "received", lazy_gettext("Đã tiếp nhận")),
    ("tot", "done", lazy_gettext("Giải quyết xong")),
)


def share(board: Board, link: Link, followed: Share, target: float) -> Picture | None:
    """How a share went, with its target; None when no week says anything."""
    shares = {week: followed.of(counts) for week, counts in board.weeks.items()}
    known = [value for value in shares.values() if value is not None]
    if not known:
        return None
    low = 10 * int(min([*known, target]) // 10)
    ends = {"first": phan_tram(known[0]), "last": phan_tram(known[-1]), "target": phan_tram(target)}
    marks = [Mark(value, f"{_week(week)}: {phan_tram(value)}") for week, value in shares.items()]
    return Picture(
        heading=str(followed.heading),
        aside=_("%(n)s tuần", n=len(shares)),
        svg=charts.trend(
            str(followed.finding) % ends, [_short(w) for w in shares], [("vinh", marks)], phan_tram,
            low=low, target=target,
        ),
        heads=[_("Tuần từ"), *(str(words) for words, _key in followed.columns), _("Tỉ lệ")],
        rows=_rows(board, link, followed, shares),
        legend=[("chi-tieu", _("Chỉ tiêu %(target)s", target=phan_tram(target)))],
        note=" ".join(filter(None, [_("Trục bắt đầu từ %(low)s.", low=phan_tram(low)) if low else "", _running()])),
    )  # fmt: skip


def flow(board: Board, link: Link) -> Picture:
    """Received and decided, week by week."""
    lines = [(tone, [_point(board, link, w, key, said) for w in board.weeks]) for tone, key, said in SERIES]
    received, done = (so(board.counts[key]) for key in ("received", "done"))
    return Picture(
        heading=_("Tiếp nhận và giải quyết theo tuần"),
        aside=_("số hồ sơ"),
        svg=charts.trend(
            _(
                "Trong kỳ tiếp nhận %(received)s hồ sơ, giải quyết xong %(done)s.",
                received=received,
                done=done,
            ),
            [_short(week) for week in board.weeks],
            lines,
        ),
        heads=[_("Tuần từ"), *(str(said) for _tone, _key, said in SERIES)],
        rows=[
            (ngay(week), [_cell(board, link, week, key) for _tone, key, _said in SERIES])
            for week in board.weeks
        ],
        legend=[(tone, str(said)) for tone, _key, said in SERIES],
        note=_running(),
    )


def _running() -> str:
    return str(_("Tuần cuối tính đến hôm nay."))


def _rows(
    board: Board, link: Link, followed: Share, shares: Mapping[date, float | None]
) -> list[tuple[str, list[Cell]]]:
    return [
        (
            ngay(week),
            [*(_cell(board, link, week, key) for _words, key in followed.columns), Cell(phan_tram(value))],
        )
        for week, value in shares.items()
    ]


def _point(board: Board, link: Link, week: date, key: str, said: Any) -> Mark:
    count = board.weeks[week][key]
    return Mark(count, f"{_week(week)}, {said}: {so(count)}", link(key, _days(week, board)))


def _cell(board: Board, link: Link, week: date, key: str) -> Cell:
    return Cell(so(board.weeks[week][key]), link(key, _days(week, board)))


def _days(week: date, board: Board) -> Period:
    return Period(week, min(week + timedelta(days=6), board.period.last), board.period.now)


def _week(week: date) -> str:
    return str(_("tuần từ %(day)s", day=ngay(week)))


def _short(week: date) -> str:
    return ngay(week).rsplit("/", 1)[0]
