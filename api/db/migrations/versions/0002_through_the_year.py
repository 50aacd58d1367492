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

    op.create_table(
        "handed_in",
        sa.Column(
            "dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_handed_in_dossier_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_handed_in_gp_number")),
        sa.PrimaryKeyConstraint("dossier_id", "gp_number", name=op.f("pk_handed_in")),
    )
    with op.batch_alter_table("handed_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handed_in_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "own_window",
        sa.Column(
            "dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_own_window_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_own_window")),
    )
    op.create_table(
        "planning_round",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column(
            "choices", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'published', 'cancelled')", name=op.f("ck_planning_round_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "dossier_id"], ["dossier.hds_id", "dossier.id"], name=op.f("fk_planning_round_hds_id_dossier_id")
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "version_id"],
            ["roster_version.hds_id", "roster_version.id"],
            name=op.f("fk_planning_round_hds_id_version_id"),
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_planning_round_hds_id")),
        sa.ForeignKeyConstraint(
            ["planner_id"], ["user_account.id"], name=op.f("fk_planning_round_planner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_round")),
    )
    with op.batch_alter_table("planning_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planning_round_hds_id"), ["hds_id"], unique=False)
        batch_op.create_index(
            "uq_planning_round_running",
            ["dossier_id"],
            unique=True,
            postgresql_where=sa.text("state = 'running'"),
            sqlite_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "planning_phase",
        sa.Column(
            "round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.CheckConstraint(
            "name IN ('registration', 'making', 'draft_published', 'free_locums', 'closing', 'published')",
            name=op.f("ck_planning_phase_known_phase"),
        ),
        sa.CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_planning_phase_in_order")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["planning_round.id"], name=op.f("fk_planning_phase_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "name", name=op.f("pk_planning_phase")),
    )
    op.create_table(
        "planning_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "figures", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('given_back', 'picked_up', 'assigned')", name=op.f("ck_planning_step_known_kind")),
        sa.CheckConstraint(
            "phase IN ('registration', 'making', 'draft_published', 'free_locums', 'closing', 'published')",
            name=op.f("ck_planning_step_known_phase"),
        ),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_planning_step_gp_number")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["planning_round.id"], name=op.f("fk_planning_step_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["version_id"], ["roster_version.id"], name=op.f("fk_planning_step_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_step")),
    )
    with op.batch_alter_table("planning_step", schema=None) as batch_op:
        batch_op.create_index("ix_planning_step_gp", ["round_id", "gp_number"], unique=False)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("planning_step", schema=None) as batch_op:
        batch_op.drop_index("ix_planning_step_gp")

    op.drop_table("planning_step")
    op.drop_table("planning_phase")
    with op.batch_alter_table("planning_round", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_planning_round_running",
            postgresql_where=sa.text("state = 'running'"),
            sqlite_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index(batch_op.f("ix_planning_round_hds_id"))

    op.drop_table("planning_round")
    op.drop_table("own_window")
    with op.batch_alter_table("handed_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handed_in_gp_number"))

    op.drop_table("handed_in")
    with op.batch_alter_table("outbox_event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_event_waiting",
            postgresql_where=sa.text("spread_at IS NULL"),
            sqlite_where=sa.text("spread_at IS NULL"),
        )

    op.drop_table("outbox_event")
