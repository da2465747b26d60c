"""Open dossiers by due time: a tab of several states is read in its order without passing what was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_dossier_open", "dossier", ["agency_id", "due_at", "id"],
        postgresql_where=is_open, sqlite_where=is_open,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_dossier_open", "dossier")
