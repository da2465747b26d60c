"""Files of reports that the worker makes; payments are found by their day."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def text_enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "report_export",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_format", text_enum("file_format", "csv", "xlsx", "pdf"), nullable=False),
        sa.Column(
            "state", text_enum("export_state", "waiting", "running", "ready", "failed"), nullable=False
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", BIG_ID, nullable=True),
        sa.CheckConstraint("state <> 'ready' OR sha256 IS NOT NULL", name="ck_report_export_ready_has_file"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["ab_user.id"], name="fk_report_export_owner_id_ab_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_export"),
    )
    op.create_index("ix_report_export_owner_id", "report_export", ["owner_id", "id"])
    op.create_index("ix_report_export_state_touched_at", "report_export", ["state", "touched_at"])
    op.create_index("ix_payment_taken_at", "payment", ["taken_at"])


def downgrade() -> None:
    op.drop_index("ix_payment_taken_at", "payment")
    op.drop_table("report_export")
