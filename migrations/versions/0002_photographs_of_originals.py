"""Photographs of originals that differ from their scans: evidence for the violation case.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "original_photograph",
        sa.Column("id", BIG, nullable=False),
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("file_id", BIG, nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["dossier_document.id"],
            name=op.f("fk_original_photograph_document_id_dossier_document"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_original_photograph_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["ab_user.id"], name=op.f("fk_original_photograph_taken_by_id_ab_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_original_photograph")),
        sa.UniqueConstraint(
            "document_id", "file_id", name=op.f("uq_original_photograph_document_id_file_id")
        ),
    )
    op.create_index(op.f("ix_original_photograph_file_id"), "original_photograph", ["file_id"])


def downgrade() -> None:
    """Take the table away; the bytes stay in the store."""
    op.drop_index(op.f("ix_original_photograph_file_id"), table_name="original_photograph")
    op.drop_table("original_photograph")
