"""Telephone numbers of GPs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "gp_phone",
        sa.Column("gp_number", _ID, autoincrement=False, nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_gp_phone_changed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_gp_phone_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_gp_phone_hds_id")),
        sa.PrimaryKeyConstraint("gp_number", name=op.f("pk_gp_phone")),
    )
    with op.batch_alter_table("gp_phone") as batch_op:
        batch_op.create_index(batch_op.f("ix_gp_phone_hds_id"), ["hds_id"], unique=False)


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_table("gp_phone")
