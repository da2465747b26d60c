"""The tabs of the inboxes, as data: which dossiers, which columns, what a line invites to, what a pile allows."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.domain.language import say
from app.domain.roles import Role
from app.domain.states import State


class Timing(StrEnum):
    """A tab of dossiers whose clock of ours needs attention."""

    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True)
class Queue:
    """One tab of an inbox."""

    key: str
    name: str
    states: tuple[State, ...]
    nothing: str
    columns: tuple[str, ...] = ("department", "sent", "state")
    """Between applicant and deadline: place, papers, department, proposal, draft, sent, state."""
    invites: str = ""
    """What a line's link says it is opened for; empty: the code alone leads to the dossier."""
    page: str = ""
    """The end of the address where that is done."""
    step: str = ""
    """The transition that may be made for a pile of them."""
    timing: Timing | None = None

    @property
    def label(self) -> str:
        """The words on the tab."""
        return say(self.name)

    @property
    def empty(self) -> str:
        """The sentence when nothing is in it."""
        return say(self.nothing)

    @property
    def act(self) -> str:
        """The words of a line's link."""
        return say(self.invites) if self.invites else ""


QUEUES: dict[Role, tuple[Queue, ...]] = {
    Role.RECEIVING_OFFICER: (
        Queue(
            "intake", "Chờ tiếp nhận", (State.SUBMITTED,), "Không có hồ sơ nào chờ tiếp nhận.",
            columns=("papers", "sent"), invites="Xem và tiếp nhận",
        ),
        Queue(
            "received", "Chờ chuyển thẩm định", (State.RECEIVED,), "Không có hồ sơ nào chờ chuyển.",
            columns=("department", "sent"), invites="Chọn phòng, chuyển", step="forward",
        ),
        Queue(
            "decided", "Chờ thông báo kết quả", (State.DECIDED,), "Không có kết quả nào chờ thông báo.",
            columns=("department", "place"), invites="Xem và thông báo", step="announce_result",
        ),
        Queue(
            "counter", "Chờ trả kết quả", (State.RESULT_READY,), "Không có kết quả nào chờ trả.",
            columns=("place", "papers"), invites="Đối chiếu bản gốc", page="/doi-chieu",
        ),
        Queue(
            "elsewhere",
            "Đang ở nơi khác",
            (
                State.SUPPLEMENT_REQUESTED,
                State.IN_APPRAISAL,
                State.INFORMATION_REQUESTED,
                State.AWAITING_APPROVAL,
            ),
            "Không có hồ sơ nào đang ở phòng, lãnh đạo hoặc chờ người nộp.",
        ),
    ),
    Role.DEPARTMENT_OFFICER: (
        Queue(
            "appraisal", "Cần thẩm định", (State.IN_APPRAISAL,), "Không có hồ sơ nào cần thẩm định.",
            columns=("papers", "sent"), invites="Mở để thẩm định",
        ),
        Queue(
            "waiting", "Chờ bổ sung", (State.INFORMATION_REQUESTED,), "Không có hồ sơ nào chờ bổ sung.",
            columns=("papers", "sent"),
        ),
        Queue(
            "approval", "Đã trình", (State.AWAITING_APPROVAL,), "Không có hồ sơ nào đang chờ phê duyệt.",
            columns=("proposal", "sent"),
        ),
    ),
    Role.LEADER: (
        Queue(
            "approval", "Chờ phê duyệt", (State.AWAITING_APPROVAL,), "Không có hồ sơ nào chờ phê duyệt.",
            columns=("draft", "proposal", "department"), invites="Xem và phê duyệt", page="/phe-duyet",
        ),
        Queue(
            "running",
            "Đang giải quyết",
            (
                State.SUBMITTED,
                State.SUPPLEMENT_REQUESTED,
                State.RECEIVED,
                State.IN_APPRAISAL,
                State.INFORMATION_REQUESTED,
                State.DECIDED,
                State.RESULT_READY,
            ),
            "Không có hồ sơ nào đang giải quyết.",
        ),
    ),
}  # fmt: skip

CLOSED_QUEUE = Queue(
    "closed",
    "Đã kết thúc",
    (
        State.RETURNED,
        State.VOIDED,
        State.REFUSED,
        State.CLOSED_UNANSWERED,
        State.WITHDRAWN,
        State.STOPPED,
    ),
    "Chưa có hồ sơ nào kết thúc.",
)


@cache
def of(role: Role) -> tuple[Queue, ...]:
    """The tabs of a role: its own, what is nearly late and late among them, what is closed; none for others."""
    own = QUEUES.get(role, ())
    if not own:
        return ()
    running = tuple(state for queue in own for state in queue.states)
    soon = Queue("soon", "Sắp trễ", running, "Không có hồ sơ nào sắp trễ hạn.", timing=Timing.SOON)
    late = Queue("late", "Quá hạn", running, "Không có hồ sơ nào quá hạn.", timing=Timing.LATE)
    return (*own, soon, late, CLOSED_QUEUE)


def first_of(role: Role, state: State) -> Queue | None:
    """The tab where a dossier in that state waits for this role."""
    return next((queue for queue in of(role) if state in queue.states), None)
