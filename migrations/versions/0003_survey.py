"""The survey of a returned dossier: answers, and marks that say who has answered without telling what."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

QUESTIONS = ("information", "paperwork", "attitude", "time", "result")


def upgrade() -> None:
    op.create_table(
        "survey_mark",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_survey_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_answer",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("procedure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *(sa.Column(question, sa.Integer(), nullable=False) for question in QUESTIONS),
        sa.Column("remark", sa.Text(), nullable=False),
        *(
            sa.CheckConstraint(
                f"{question} BETWEEN 1 AND 5", name=op.f(f"ck_survey_answer_{question}_on_scale")
            )
            for question in QUESTIONS
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_survey_answer_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_survey_answer_procedure_id_procedure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
    )
    with op.batch_alter_table("survey_answer", schema=None) as batch_op:
        batch_op.create_index("ix_survey_answer_agency_id_month", ["agency_id", "month"])
        batch_op.create_index("ix_survey_answer_procedure_id_month", ["procedure_id", "month"])
        batch_op.create_index("ix_survey_answer_month", ["month"])


def downgrade() -> None:
    op.drop_table("survey_answer")
    op.drop_table("survey_mark")
