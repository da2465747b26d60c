"""Satisfaction as a report: what the surveys say of a unit by procedure, of the whole city by unit.

Only what services.survey_figures shows: months that are over, groups that are large enough; never a dossier.
"""

from app.domain.language import say
from app.domain.periods import Period
from app.domain.roles import Actor
from app.domain.sheets import TOTAL, Cell, Column, Kind, Line, Sheet
from app.domain.survey import QUESTIONS, Question
from app.models.catalogue import Procedure
from app.models.organisation import Agency
from app.services import settings, survey_figures
from app.services.report_asked import Asked
from app.services.scopes import Scope
from app.services.survey_figures import Score

SCALE = "Điểm trung bình, từ 1 đến 5"
COLUMNS = (
    Column("answers", "Số phiếu"),
    *(Column(question.value, words, Kind.SCORE, SCALE) for question, words in QUESTIONS.items()),
    Column("satisfied", "Hài lòng với kết quả", Kind.SHARE),
)  # fmt: skip
WHOLE_MONTHS = (
    "Tính trọn từng tháng đã kết thúc, theo tháng trả lời phiếu; tháng chưa đủ {number} phiếu được cộng vào tháng sau "
    "trong cùng năm."
)
HIDDEN = (
    "Nhóm dưới {number} phiếu không hiện riêng, để không ai đoán được người trả lời; các dòng cộng lại có thể ít hơn "
    "tổng số."
)


def satisfaction(actor: Actor, asked: Asked, scope: Scope, period: Period) -> Sheet:
    """Averages of each question by group; a total of everything that may be shown."""
    if scope.agency_id is None:
        found, by = survey_figures.of_city(period.first, period.last), ("Đơn vị", Agency)
    else:
        found, by = (
            survey_figures.of_agency(scope.agency_id, period.first, period.last),
            ("Thủ tục", Procedure),
        )
    words, model = by
    smallest = settings.get("survey_group")
    lines = [Line(name, _cells(name, scores)) for name, scores in survey_figures.named(found.groups, model)]
    return Sheet(
        title=say("Mức độ hài lòng của người nộp hồ sơ"),
        columns=(Column("name", words, Kind.TEXT), *COLUMNS),
        lines=lines,
        size=len(lines),
        total=Line(TOTAL, _cells(say("Tổng số"), found.scores)),
        facts=asked.facts(actor),
        notes=(
            say(WHOLE_MONTHS, number=smallest),
            say(HIDDEN, number=smallest),
            say("Phiếu trả lời không gắn với hồ sơ."),
        ),
    )


def _cells(name: str, scores: tuple[Score, ...]) -> tuple[Cell, ...]:
    if not scores:
        return (name, 0, *(None for _ in Question), None)
    by_question = {score.question: score for score in scores}
    result = by_question[Question.RESULT]
    averages = (by_question[question].average for question in QUESTIONS)
    return (name, result.answers, *averages, result.satisfied / 100)
