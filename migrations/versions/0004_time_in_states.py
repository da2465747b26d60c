"""Where the time of a dossier went, state by state; and the indexes of the officers' day and the public page."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = (
    "received_seconds",
    "appraisal_seconds",
    "approval_seconds",
    "decided_seconds",
    "waiting_seconds",
)


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("counted_dossier", sa.Column(column, sa.Integer(), nullable=True))
    op.create_index(
        "ix_counted_dossier_procedure_id_finished_at", "counted_dossier", ["procedure_id", "finished_at"]
    )
    op.create_index(
        "ix_counted_dossier_open",
        "counted_dossier",
        ["agency_id", "due_at"],
        postgresql_where=sa.text("finished_at IS NULL"),
        sqlite_where=sa.text("finished_at IS NULL"),
    )
    op.create_index("ix_journal_actor_id_at", "journal", ["actor_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_journal_actor_id_at", "journal")
    op.drop_index("ix_counted_dossier_open", "counted_dossier")
    op.drop_index("ix_counted_dossier_procedure_id_finished_at", "counted_dossier")
    for column in COLUMNS:
        op.drop_column("counted_dossier", column)
