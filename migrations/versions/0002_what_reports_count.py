"""What reports count: one narrow row per sent dossier, and the working time of a stopped clock."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
RANGES = ("received_at", "finished_at", "submitted_at", "closed_at")


def upgrade() -> None:
    op.add_column("dossier_clock", sa.Column("worked_seconds", sa.Integer(), nullable=True))
    op.create_table(
        "counted_dossier",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("agency_id", BIG_ID, nullable=False),
        sa.Column("department_id", BIG_ID, nullable=True),
        sa.Column("procedure_id", BIG_ID, nullable=False),
        sa.Column("field_id", BIG_ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "discarded",
                "submitted",
                "supplement_requested",
                "refused",
                "closed_unanswered",
                "received",
                "in_appraisal",
                "information_requested",
                "awaiting_approval",
                "decided",
                "result_ready",
                "returned",
                "voided",
                "withdrawn",
                "stopped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("intake_due_at", MOMENT, nullable=False),
        sa.Column("intake_done_at", MOMENT, nullable=True),
        sa.Column("intake_seconds", sa.Integer(), nullable=True),
        sa.Column("received_at", MOMENT, nullable=True),
        sa.Column("forwarded_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column(
            "timeliness",
            sa.Enum(
                "early",
                "on_time",
                "late",
                name="timeliness",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("processing_seconds", sa.Integer(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["id"], ["dossier.id"], name="fk_counted_dossier_id_dossier", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_counted_dossier_agency_id_agency"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_counted_dossier_department_id_department"
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name="fk_counted_dossier_procedure_id_procedure"
        ),
        sa.ForeignKeyConstraint(["field_id"], ["field.id"], name="fk_counted_dossier_field_id_field"),
        sa.PrimaryKeyConstraint("id", name="pk_counted_dossier"),
    )
    for column in RANGES:
        op.create_index(f"ix_counted_dossier_{column}_agency_id", "counted_dossier", [column, "agency_id"])


def downgrade() -> None:
    op.drop_table("counted_dossier")
    op.drop_column("dossier_clock", "worked_seconds")
