"""What keeps a roster whole through the year: messages, the round, sickness, extra shifts, neighbours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "outbox_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column(
            "about", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "gp_numbers", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("to_planners", sa.Boolean(), nullable=False),
        sa.Column("once", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spread_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_outbox_event_hds_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
        sa.UniqueConstraint("hds_id", "once", name=op.f("uq_outbox_event_hds_id_once")),
    )
    with op.batch_alter_table("outbox_event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_event_waiting",
            ["id"],
            unique=False,
            postgresql_where=sa.text("spread_at IS NULL"),
            sqlite_where=sa.text("spread_at IS NULL"),
        )


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("outbox_event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_event_waiting",
            postgresql_where=sa.text("spread_at IS NULL"),
            sqlite_where=sa.text("spread_at IS NULL"),
        )

    op.drop_table("outbox_event")
