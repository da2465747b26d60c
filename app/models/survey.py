"""Answers of the survey: what was said, kept apart from who was asked."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BigId, Model


class SurveyAnswer(Base):
    """One answered survey: where, about what, in which month; never whose.

    The key is drawn at random and there is no time of day, so that neither tells the dossier.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (
        *(
            CheckConstraint(f"{question} BETWEEN 1 AND 5", name=f"{question}_on_scale")
            for question in ("information", "paperwork", "attitude", "time", "result")
        ),
        Index("ix_survey_answer_agency_id_month", "agency_id", "month"),
        Index("ix_survey_answer_procedure_id_month", "procedure_id", "month"),
        Index("ix_survey_answer_month", "month"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"))
    month: Mapped[date]
    """Its first day."""
    information: Mapped[int]
    paperwork: Mapped[int]
    attitude: Mapped[int]
    time: Mapped[int]
    result: Mapped[int]
    remark: Mapped[str] = mapped_column(Text, default="")


class SurveyMark(Model):
    """That a dossier's survey was answered: a keyed hash, from which nobody reads the dossier back.

    Without rowids, so that on SQLite the order of the marks does not tell whose answer is whose.
    """

    __tablename__ = "survey_mark"
    __table_args__ = {"sqlite_with_rowid": False}

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
