"""The states of a dossier, as the citizen and the officer read them."""

from enum import StrEnum

from app.domain.language import say


class State(StrEnum):
    """Where a dossier stands. Set only by services.dossiers.apply()."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    SUBMITTED = "submitted"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    REFUSED = "refused"
    CLOSED_UNANSWERED = "closed_unanswered"
    RECEIVED = "received"
    IN_APPRAISAL = "in_appraisal"
    INFORMATION_REQUESTED = "information_requested"
    AWAITING_APPROVAL = "awaiting_approval"
    DECIDED = "decided"
    RESULT_READY = "result_ready"
    RETURNED = "returned"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        """The Vietnamese name, one meaning one word."""
        return say(STATE_LABELS[self])

    @property
    def national_code(self) -> int | None:
        """Code of the national portal; None before submission. It has none for a void result: 8 is sent."""
        return NATIONAL_CODES.get(self)


STATE_LABELS = {
    State.DRAFT: "Bản nháp",
    State.DISCARDED: "Đã hủy bản nháp",
    State.SUBMITTED: "Chờ tiếp nhận",
    State.SUPPLEMENT_REQUESTED: "Chờ bổ sung",
    State.REFUSED: "Đã từ chối tiếp nhận",
    State.CLOSED_UNANSWERED: "Đã đóng do không bổ sung",
    State.RECEIVED: "Đã tiếp nhận",
    State.IN_APPRAISAL: "Đang thẩm định",
    State.INFORMATION_REQUESTED: "Chờ bổ sung khi thẩm định",
    State.AWAITING_APPROVAL: "Chờ phê duyệt",
    State.DECIDED: "Đã có kết quả",
    State.RESULT_READY: "Chờ trả kết quả",
    State.RETURNED: "Đã trả kết quả",
    State.VOIDED: "Đã hủy kết quả",
    State.WITHDRAWN: "Đã rút",
    State.STOPPED: "Đã dừng giải quyết",
}

NATIONAL_CODES = {
    State.SUBMITTED: 1,
    State.RECEIVED: 2,
    State.REFUSED: 3,
    State.IN_APPRAISAL: 4,
    State.AWAITING_APPROVAL: 4,
    State.SUPPLEMENT_REQUESTED: 5,
    State.INFORMATION_REQUESTED: 5,
    State.WITHDRAWN: 7,
    State.CLOSED_UNANSWERED: 8,
    State.VOIDED: 8,
    State.STOPPED: 8,
    State.DECIDED: 9,
    State.RESULT_READY: 9,
    State.RETURNED: 10,
}


class ClockKind(StrEnum):
    """What is being timed."""

    INTAKE = "intake"
    PROCESSING = "processing"
    SUPPLEMENT = "supplement"
    PICKUP = "pickup"

    @property
    def label(self) -> str:
        """The Vietnamese name of the clock."""
        return say(CLOCK_LABELS[self])


CLOCK_LABELS = {
    ClockKind.INTAKE: "Hạn tiếp nhận",
    ClockKind.PROCESSING: "Hạn giải quyết",
    ClockKind.SUPPLEMENT: "Hạn bổ sung",
    ClockKind.PICKUP: "Thời gian chờ nhận kết quả",
}


class ClockAction(StrEnum):
    """What happens to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
