"""The pictures of a board that compare departments, units and states."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.domain.states import State
from app.services.boards import DONE, Board, Group, answered
from app.services.figures import By, Counts
from app.web import charts
from app.web.charts import Mark, Row
from app.web.formats import khoang, so
from app.web.pictures import Cell, Link, Picture, intake_limit, percent, phan_tram

MOST_ROWS = 20
"""Rows of a picture; the table has them all."""
TONES = ("tot", "giua", "nguy")
WORDS = (lazy_gettext("Trước hạn"), lazy_gettext("Đúng hạn"), lazy_gettext("Trễ hạn"))
NEAR = 2
"""Percentage points below a target within which a unit is called near."""


def results(board: Board, link: Link) -> Picture | None:
    """Early, on time and late by department or unit; None when nothing was decided."""
    groups = [group for group in board.groups if _done(group.counts)]
    if not groups:
        return None
    by_unit = board.by is By.UNIT
    first = groups[0]
    finding = _(
        "Kết quả giải quyết, xếp theo số hồ sơ. %(name)s nhiều nhất: %(n)s hồ sơ, trễ %(late)s.",
        name=name(first),
        n=so(_done(first.counts)),
        late=so(first.counts["done_late"]),
    )
    return Picture(
        heading=_("Kết quả giải quyết theo cơ quan") if by_unit else _("Kết quả giải quyết theo phòng"),
        aside=_("số hồ sơ"),
        svg=charts.bars(finding, TONES, [_result_row(board, group, link) for group in groups[:MOST_ROWS]]),
        heads=[_("Cơ quan") if by_unit else _("Phòng"), *(str(words) for words in WORDS), _("Cộng")],
        rows=[(name(group), _result_cells(board, group, link)) for group in groups],
        legend=list(zip(TONES, (str(words) for words in WORDS), strict=True)),
        note=_("Biểu đồ vẽ %(n)s nơi nhiều hồ sơ nhất; bảng có đủ.", n=MOST_ROWS)
        if len(groups) > MOST_ROWS
        else "",
    )


def _result_row(board: Board, group: Group, link: Link) -> Row:
    marks = [
        Mark(
            group.counts[key],
            f"{name(group)}, {words}: {so(group.counts[key])}",
            _behind(board, group, link, key),
        )
        for key, words in zip(DONE, WORDS, strict=True)
    ]
    late = group.counts["done_late"]
    return Row(name(group), marks, _("%(n)s trễ", n=so(late)) if late else "", "nguy")


def _result_cells(board: Board, group: Group, link: Link) -> list[Cell]:
    parts = [Cell(so(group.counts[key]), _behind(board, group, link, key)) for key in DONE]
    return [*parts, Cell(so(_done(group.counts)), _behind(board, group, link, "done"))]


def _behind(board: Board, group: Group, link: Link, key: str) -> str:
    return link(key, board.period, board.by, group.key)


def name(group: Group) -> str:
    """Of a group; dossiers without one are named too."""
    return group.name or _("Chưa giao phòng")


def intake(board: Board, target: float) -> Picture | None:
    """Taken in within the limit per unit, the worst first; None when there was nothing to take in."""
    found = [(percent(g.counts["intake_within"], answered(g.counts)), g) for g in board.groups]
    shares = sorted(
        ((share, g) for share, g in found if share is not None), key=lambda item: (item[0], item[1].name)
    )
    if not shares:
        return None
    worst, at = shares[0]
    low = min(90, 10 * int(worst // 10))
    return Picture(
        heading=_("Tiếp nhận trong %(limit)s làm việc theo cơ quan", limit=intake_limit()),
        aside=_("thấp nhất ở trên"),
        svg=charts.dots(
            _("Tiếp nhận trong hạn theo cơ quan. Thấp nhất: %(name)s, %(share)s; chỉ tiêu %(target)s.",
              name=at.name, share=phan_tram(worst), target=phan_tram(target)),
            [_intake_row(share, group, target) for share, group in shares[:MOST_ROWS]],
            low, 100, phan_tram,
        ),
        heads=[_("Cơ quan"), _("Phải trả lời"), _("Trong hạn"), _("Tỉ lệ")],
        rows=[
            (g.name, [Cell(so(answered(g.counts))), Cell(so(g.counts["intake_within"])), Cell(phan_tram(share))])
            for share, g in shares
        ],
        note=_("Trục bắt đầu từ %(low)s.", low=phan_tram(low)) if low else "",
    )  # fmt: skip


def _intake_row(share: float, group: Group, target: float) -> Row:
    tone = "tot" if share >= target else "can" if share >= target - NEAR else "nguy"
    note = f"{phan_tram(share)} ({so(group.counts['intake_within'])}/{so(answered(group.counts))})"
    return Row(group.name, [Mark(share, f"{group.name}: {note}")], note, tone)


def time_spent(board: Board, link: Link) -> Picture | None:
    """Mean working time in each state of the dossiers with a result; None without any."""
    if not board.stays:
        return None
    longest = max(board.stays, key=lambda state: board.stays[state])
    whole = sum(board.stays.values())
    behind = link("results", board.period)
    said = {state: khoang(seconds / 60) for state, seconds in board.stays.items()}
    rows = [
        Row(_step(state), [Mark(seconds / 3600, f"{_step(state)}: {said[state]}", behind)], said[state])
        for state, seconds in board.stays.items()
    ]
    finding = _(
        "Thời gian làm việc trung bình ở từng bước. Lâu nhất: %(step)s, %(time)s, chiếm %(share)s.",
        step=_step(longest),
        time=said[longest],
        share=phan_tram(percent(board.stays[longest], whole)),
    )
    return Picture(
        heading=_("Thời gian ở từng bước"),
        aside=_("trung bình một hồ sơ có kết quả"),
        svg=charts.bars(finding, ("vinh",), rows, lambda hours: _("%(n)s giờ", n=so(hours)), inside=False),
        heads=[_("Bước"), _("Thời gian làm việc"), _("Tỉ lệ")],
        rows=[
            (_step(state), [Cell(said[state], behind), Cell(phan_tram(percent(seconds, whole)))])
            for state, seconds in board.stays.items()
        ],
        note=_("Thời gian chờ người nộp bổ sung không tính vào thời hạn giải quyết."),
    )


def _step(state: State) -> str:
    return _("Chờ thông báo kết quả") if state is State.DECIDED else state.label


def _done(counts: Counts) -> int:
    return sum(counts[key] for key in DONE)
