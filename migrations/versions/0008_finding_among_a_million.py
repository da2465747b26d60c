"""Finding among a million: an index for every order of the lists of dossiers, and one for searching by text."""

import logging

import sqlalchemy as sa
from alembic import op

from app.models import search_index

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_dossier_agency_id_due_at": ["agency_id", "due_at", "id"],
    "ix_dossier_agency_id_submitted_at": ["agency_id", "submitted_at", "id"],
    "ix_dossier_agency_id_applicant_name": ["agency_id", "applicant_name", "id"],
    "ix_dossier_agency_id_procedure_name": ["agency_id", "procedure_name", "id"],
    "ix_dossier_department_id_id": ["department_id", "id"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "dossier", columns)
    running = sa.text("stopped_at IS NULL AND paused_at IS NULL")
    op.create_index(
        "ix_dossier_clock_pressing", "dossier_clock", ["three_quarters_at", "due_at", "dossier_id"],
        postgresql_where=running, sqlite_where=running,
    )  # fmt: skip
    if not search_index.make(op.get_bind()):
        logging.getLogger("alembic.env").warning("%s", search_index.MISSING)


def downgrade() -> None:
    search_index.drop(op.get_bind())
    op.drop_index("ix_dossier_clock_pressing", "dossier_clock")
    for name in INDEXES:
        op.drop_index(name, "dossier")
