"""Papers that were issued, their serials, the apology of a late dossier, and a mail's attachment."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_counter",
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "receipt",
                "supplement",
                "refusal",
                "apology",
                "stop_notice",
                "control_slip",
                "register",
                "fee_receipt",
                "mismatch_record",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_paper_counter_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_counter")),
        sa.UniqueConstraint("agency_id", "form", "year", name=op.f("uq_paper_counter_agency_id_form_year")),
    )
    op.create_table(
        "issued_paper",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "receipt",
                "supplement",
                "refusal",
                "apology",
                "stop_notice",
                "control_slip",
                "register",
                "fee_receipt",
                "mismatch_record",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("layout", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("journal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("mailed_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("number <> ''", name=op.f("ck_issued_paper_has_number")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_issued_paper_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_issued_paper_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_issued_paper_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["ab_user.id"], name=op.f("fk_issued_paper_issued_by_id_ab_user")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id"], ["journal.id"], name=op.f("fk_issued_paper_journal_id_journal")
        ),
        sa.ForeignKeyConstraint(
            ["mailed_file_id"], ["stored_file.id"], name=op.f("fk_issued_paper_mailed_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_paper")),
        sa.UniqueConstraint(
            "agency_id", "form", "year", "serial", name=op.f("uq_issued_paper_agency_id_form_year_serial")
        ),
    )
    with op.batch_alter_table("issued_paper", schema=None) as batch_op:
        batch_op.create_index("ix_issued_paper_dossier_id", ["dossier_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_paper_file_id"), ["file_id"], unique=False)

    op.create_table(
        "apology",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted", "sent", name="apology_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'drafted' OR (promised_on IS NOT NULL AND reason <> '' AND signed_by_id IS NOT NULL AND signed_at IS NOT NULL)",
            name=op.f("ck_apology_sent_is_complete"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_apology_dossier_id_dossier"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["issued_paper.id"], name=op.f("fk_apology_paper_id_issued_paper")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["ab_user.id"], name=op.f("fk_apology_signed_by_id_ab_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apology")),
        sa.UniqueConstraint("dossier_id", name=op.f("uq_apology_dossier_id")),
    )
    with op.batch_alter_table("apology", schema=None) as batch_op:
        batch_op.create_index("ix_apology_state", ["state", "dossier_id"], unique=False)

    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_outbox_message_paper_id"), ["paper_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_message_paper_id_issued_paper"), "issued_paper", ["paper_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbox_message_paper_id_issued_paper"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_outbox_message_paper_id"))
        batch_op.drop_column("paper_id")

    with op.batch_alter_table("apology", schema=None) as batch_op:
        batch_op.drop_index("ix_apology_state")

    op.drop_table("apology")
    with op.batch_alter_table("issued_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issued_paper_file_id"))
        batch_op.drop_index("ix_issued_paper_dossier_id")

    op.drop_table("issued_paper")
    op.drop_table("paper_counter")
