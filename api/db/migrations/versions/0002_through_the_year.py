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
        "gp_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_gp_group_changed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_gp_group_hds_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gp_group")),
        sa.UniqueConstraint("hds_id", "id", name=op.f("uq_gp_group_hds_id_id")),
        sa.UniqueConstraint("hds_id", "name", name=op.f("uq_gp_group_hds_id_name")),
    )
    op.create_table(
        "message_preference",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "groups", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_message_preference_hds_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_message_preference_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hds_id", "user_id", name=op.f("pk_message_preference")),
    )
    op.create_table(
        "neighbour",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("invited_hds_id", sa.String(length=64), nullable=False),
        sa.Column("pair", sa.String(length=140), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('invited', 'accepted', 'refused', 'withdrawn', 'ended')", name=op.f("ck_neighbour_known_state")
        ),
        sa.CheckConstraint("hds_id <> invited_hds_id", name=op.f("ck_neighbour_two_hdss")),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_neighbour_hds_id")),
        sa.ForeignKeyConstraint(["invited_hds_id"], ["hds.id"], name=op.f("fk_neighbour_invited_hds_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour")),
    )
    with op.batch_alter_table("neighbour", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_neighbour_hds_id"), ["hds_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_neighbour_invited_hds_id"), ["invited_hds_id"], unique=False)
        batch_op.create_index(
            "uq_neighbour_live",
            ["pair"],
            unique=True,
            postgresql_where=sa.text("state IN ('invited', 'accepted')"),
            sqlite_where=sa.text("state IN ('invited', 'accepted')"),
        )

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
        "swap_search",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "found", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["user_account.id"], name=op.f("fk_swap_search_begun_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_swap_search_hds_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_search")),
    )
    with op.batch_alter_table("swap_search", schema=None) as batch_op:
        batch_op.create_index("ix_swap_search_begun", ["hds_id", "begun_at"], unique=False)

    op.create_table(
        "webhook",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column(
            "kinds", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("former_salt", sa.String(length=64), nullable=True),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_webhook_changed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_webhook_hds_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("hds_id", "url", name=op.f("uq_webhook_hds_id_url")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("webhook_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(channel = 'email') = (user_id IS NOT NULL) AND (channel = 'webhook') = (webhook_id IS NOT NULL)",
            name=op.f("ck_delivery_one_receiver"),
        ),
        sa.CheckConstraint("channel IN ('email', 'webhook')", name=op.f("ck_delivery_known_channel")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'dropped')", name=op.f("ck_delivery_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["outbox_event.id"], name=op.f("fk_delivery_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_delivery_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_delivery_hds_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_delivery_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhook.id"], name=op.f("fk_delivery_webhook_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("event_id", "user_id", name=op.f("uq_delivery_event_id_user_id")),
        sa.UniqueConstraint("event_id", "webhook_id", name=op.f("uq_delivery_event_id_webhook_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_due",
            ["channel", "next_at", "id"],
            unique=False,
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
            sqlite_where=sa.text("state IN ('waiting', 'sending')"),
        )
        batch_op.create_index("ix_delivery_hds", ["hds_id", "id"], unique=False)

    op.create_table(
        "escalation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("kind IN ('peak', 'refill')", name=op.f("ck_escalation_known_kind")),
        sa.ForeignKeyConstraint(
            ["hds_id", "dossier_id"], ["dossier.hds_id", "dossier.id"], name=op.f("fk_escalation_hds_id_dossier_id")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_escalation_hds_id")),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["user_account.id"], name=op.f("fk_escalation_opened_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("hds_id", "id", name=op.f("uq_escalation_hds_id_id")),
        sa.UniqueConstraint("hds_id", "idempotency_key", name=op.f("uq_escalation_hds_id_idempotency_key")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_hds_id"), ["hds_id"], unique=False)

    op.create_table(
        "feed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_feed_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_feed_hds_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_feed_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("hds_id", "user_id", name=op.f("uq_feed_hds_id_user_id")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_feed_secret_hash")),
    )
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_user_id"), ["user_id"], unique=False)

    op.create_table(
        "gp_group_member",
        sa.Column(
            "group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_gp_group_member_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "group_id"],
            ["gp_group.hds_id", "gp_group.id"],
            name=op.f("fk_gp_group_member_hds_id_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", "gp_number", name=op.f("pk_gp_group_member")),
    )
    with op.batch_alter_table("gp_group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gp_group_member_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "gp_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("one_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("self_made", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("one_number < other_number", name=op.f("ck_gp_link_in_order")),
        sa.ForeignKeyConstraint(["one_number"], ["gp.number"], name=op.f("fk_gp_link_one_number")),
        sa.ForeignKeyConstraint(["other_number"], ["gp.number"], name=op.f("fk_gp_link_other_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gp_link")),
        sa.UniqueConstraint("one_number", "other_number", name=op.f("uq_gp_link_one_number_other_number")),
    )
    with op.batch_alter_table("gp_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gp_link_other_number"), ["other_number"], unique=False)

    op.create_table(
        "gp_link_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("self_made", sa.Boolean(), nullable=False),
        sa.Column("big_proof", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_gp_link_code_gp_number")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_gp_link_code")),
    )
    with op.batch_alter_table("gp_link_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gp_link_code_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "guest",
        sa.Column(
            "gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("home_hds_id", sa.String(length=64), nullable=False),
        sa.Column("home_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_guest_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_guest_hds_id")),
        sa.ForeignKeyConstraint(
            ["home_hds_id", "home_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_guest_home_hds_id_home_number")
        ),
        sa.ForeignKeyConstraint(["home_hds_id"], ["hds.id"], name=op.f("fk_guest_home_hds_id")),
        sa.PrimaryKeyConstraint("gp_number", name=op.f("pk_guest")),
        sa.UniqueConstraint("hds_id", "home_number", name=op.f("uq_guest_hds_id_home_number")),
    )
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.create_index("ix_guest_home", ["home_hds_id", "home_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_guest_home_number"), ["home_number"], unique=False)

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
        "notice",
        sa.Column(
            "event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["outbox_event.id"], name=op.f("fk_notice_event_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_notice_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_notice_hds_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "user_id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_mine", ["hds_id", "user_id", "event_id"], unique=False)

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
        "repair",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "request", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column(
            "progress", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "proposal", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("error_code", sa.String(length=100), nullable=True),
        sa.Column("error_detail", sa.String(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("executor_id", sa.String(length=100), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'proposed', 'asking', 'applied', 'refused', 'expired', 'withdrawn', 'failed', 'cancelled')",
            name=op.f("ck_repair_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_repair_decided_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "dossier_id"], ["dossier.hds_id", "dossier.id"], name=op.f("fk_repair_hds_id_dossier_id")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_repair_hds_id")),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["user_account.id"], name=op.f("fk_repair_requested_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair")),
        sa.UniqueConstraint("hds_id", "idempotency_key", name=op.f("uq_repair_hds_id_idempotency_key")),
    )
    with op.batch_alter_table("repair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repair_hds_id"), ["hds_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_repair_state"), ["state"], unique=False)

    op.create_table(
        "sickness_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("recovered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('active', 'recovered', 'over')", name=op.f("ck_sickness_report_known_state")),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_sickness_report_in_order")),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_sickness_report_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_sickness_report_hds_id")),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["user_account.id"], name=op.f("fk_sickness_report_reported_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sickness_report")),
        sa.UniqueConstraint(
            "hds_id",
            "reported_by",
            "idempotency_key",
            name=op.f("uq_sickness_report_hds_id_reported_by_idempotency_key"),
        ),
    )
    with op.batch_alter_table("sickness_report", schema=None) as batch_op:
        batch_op.create_index("ix_sickness_report_gp", ["hds_id", "gp_number", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sickness_report_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "swap_found",
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("search_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["swap_deal.id"], name=op.f("fk_swap_found_deal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["search_id"], ["swap_search.id"], name=op.f("fk_swap_found_search_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deal_id", name=op.f("pk_swap_found")),
    )
    with op.batch_alter_table("swap_found", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swap_found_search_id"), ["search_id"], unique=False)

    op.create_table(
        "swap_pickup",
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("to_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["swap_deal.id"], name=op.f("fk_swap_pickup_deal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["to_number"], ["gp.number"], name=op.f("fk_swap_pickup_to_number")),
        sa.PrimaryKeyConstraint("deal_id", "shift_id", name=op.f("pk_swap_pickup")),
    )
    with op.batch_alter_table("swap_pickup", schema=None) as batch_op:
        batch_op.create_index("ix_swap_pickup_shift", ["shift_id"], unique=False)

    op.create_table(
        "swap_want",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "wanted", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'withdrawn', 'expired')", name=op.f("ck_swap_want_known_state")),
        sa.CheckConstraint("most >= 1", name=op.f("ck_swap_want_most")),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_swap_want_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_swap_want_hds_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_want")),
    )
    with op.batch_alter_table("swap_want", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swap_want_gp_number"), ["gp_number"], unique=False)
        batch_op.create_index("ix_swap_want_state", ["hds_id", "state"], unique=False)

    op.create_table(
        "escalation_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("escalation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("standby_id", sa.String(length=300), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_escalation_call_in_order")),
        sa.ForeignKeyConstraint(
            ["hds_id", "escalation_id"],
            ["escalation.hds_id", "escalation.id"],
            name=op.f("fk_escalation_call_hds_id_escalation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_escalation_call_hds_id_gp_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_call")),
        sa.UniqueConstraint(
            "hds_id", "shift_id", "standby_id", name=op.f("uq_escalation_call_hds_id_shift_id_standby_id")
        ),
    )
    with op.batch_alter_table("escalation_call", schema=None) as batch_op:
        batch_op.create_index("ix_escalation_call_escalation", ["escalation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_call_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "extra_shift",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("escalation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shift_type_id", sa.String(length=200), nullable=False),
        sa.Column("post_id", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_extra_shift_dossier_id")),
        sa.ForeignKeyConstraint(
            ["hds_id", "escalation_id"],
            ["escalation.hds_id", "escalation.id"],
            name=op.f("fk_extra_shift_hds_id_escalation_id"),
        ),
        sa.PrimaryKeyConstraint("hds_id", "shift_id", name=op.f("pk_extra_shift")),
    )
    with op.batch_alter_table("extra_shift", schema=None) as batch_op:
        batch_op.create_index("ix_extra_shift_dossier", ["dossier_id"], unique=False)
        batch_op.create_index("ix_extra_shift_escalation", ["escalation_id"], unique=False)

    op.create_table(
        "feed_item",
        sa.Column("feed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column(
            "shown", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_item_feed_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "shift_id", name=op.f("pk_feed_item")),
    )
    op.create_table(
        "repair_away",
        sa.Column("repair_id", sa.String(length=36), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_repair_away_in_order")),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_repair_away_gp_number")),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repair.id"], name=op.f("fk_repair_away_repair_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repair_id", "gp_number", "starts_at", name=op.f("pk_repair_away")),
    )
    with op.batch_alter_table("repair_away", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repair_away_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "repair_change",
        sa.Column("repair_id", sa.String(length=36), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("from_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("to_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column(
            "room_for", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("duty_revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("cause IN ('away', 'open', 'makes_room')", name=op.f("ck_repair_change_known_cause")),
        sa.ForeignKeyConstraint(["from_number"], ["gp.number"], name=op.f("fk_repair_change_from_number")),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repair.id"], name=op.f("fk_repair_change_repair_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["to_number"], ["gp.number"], name=op.f("fk_repair_change_to_number")),
        sa.PrimaryKeyConstraint("repair_id", "shift_id", name=op.f("pk_repair_change")),
    )
    with op.batch_alter_table("repair_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repair_change_from_number"), ["from_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_repair_change_to_number"), ["to_number"], unique=False)

    op.create_table(
        "repair_consent",
        sa.Column("repair_id", sa.String(length=36), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_repair_consent_gp_number")),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repair.id"], name=op.f("fk_repair_consent_repair_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repair_id", "gp_number", name=op.f("pk_repair_consent")),
    )
    with op.batch_alter_table("repair_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repair_consent_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "repair_event",
        sa.Column("repair_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "payload", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repair.id"], name=op.f("fk_repair_event_repair_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repair_id", "seq", name=op.f("pk_repair_event")),
    )
    op.create_table(
        "sickness_absence",
        sa.Column(
            "report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_sickness_absence_dossier_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["sickness_report.id"], name=op.f("fk_sickness_absence_report_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", "dossier_id", name=op.f("pk_sickness_absence")),
    )
    with op.batch_alter_table("sickness_absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sickness_absence_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "sickness_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("covered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('duty', 'refill')", name=op.f("ck_sickness_case_known_kind")),
        sa.CheckConstraint(
            "state IN ('waiting', 'asking', 'planner', 'covered', 'taken_back', 'closed')",
            name=op.f("ck_sickness_case_known_state"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_sickness_case_in_order")),
        sa.ForeignKeyConstraint(
            ["hds_id", "covered_by"], ["gp.hds_id", "gp.number"], name=op.f("fk_sickness_case_hds_id_covered_by")
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_sickness_case_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_sickness_case_hds_id")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["sickness_report.id"], name=op.f("fk_sickness_case_report_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sickness_case")),
    )
    with op.batch_alter_table("sickness_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sickness_case_covered_by"), ["covered_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_sickness_case_gp_number"), ["gp_number"], unique=False)
        batch_op.create_index("ix_sickness_case_next", ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sickness_case_report_id"), ["report_id"], unique=False)
        batch_op.create_index("ix_sickness_case_start", ["hds_id", "starts_at", "id"], unique=False)
        batch_op.create_index(
            "uq_sickness_case_open",
            ["hds_id", "shift_id"],
            unique=True,
            postgresql_where=sa.text("state IN ('waiting', 'asking', 'planner')"),
            sqlite_where=sa.text("state IN ('waiting', 'asking', 'planner')"),
        )

    op.create_table(
        "swap_want_use",
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("want_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["swap_deal.id"], name=op.f("fk_swap_want_use_deal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["want_id"], ["swap_want.id"], name=op.f("fk_swap_want_use_want_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deal_id", "shift_id", name=op.f("pk_swap_want_use")),
    )
    with op.batch_alter_table("swap_want_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swap_want_use_want_id"), ["want_id"], unique=False)

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
        "sickness_ask",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'agreed', 'refused', 'expired', 'withdrawn')", name=op.f("ck_sickness_ask_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["sickness_case.id"], name=op.f("fk_sickness_ask_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_sickness_ask_gp_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sickness_ask")),
        sa.UniqueConstraint("case_id", "gp_number", name=op.f("uq_sickness_ask_case_id_gp_number")),
    )
    with op.batch_alter_table("sickness_ask", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sickness_ask_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "sickness_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("standby_id", sa.String(length=300), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_sickness_call_in_order")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["sickness_case.id"], name=op.f("fk_sickness_call_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_sickness_call_gp_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sickness_call")),
    )
    with op.batch_alter_table("sickness_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sickness_call_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sickness_call_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "sickness_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["sickness_case.id"], name=op.f("fk_sickness_step_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_sickness_step_gp_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sickness_step")),
    )
    with op.batch_alter_table("sickness_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sickness_step_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sickness_step_gp_number"), ["gp_number"], unique=False)

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

    op.create_table(
        "lending_opening",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("neighbour_hds_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'taken', 'withdrawn')", name=op.f("ck_lending_opening_known_state")),
        sa.ForeignKeyConstraint(
            ["hds_id", "shift_id"],
            ["duty.hds_id", "duty.shift_id"],
            name=op.f("fk_lending_opening_hds_id_shift_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_lending_opening_hds_id")),
        sa.ForeignKeyConstraint(["neighbour_hds_id"], ["hds.id"], name=op.f("fk_lending_opening_neighbour_hds_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lending_opening")),
    )
    with op.batch_alter_table("lending_opening", schema=None) as batch_op:
        batch_op.create_index("ix_lending_opening_to", ["neighbour_hds_id", "state"], unique=False)
        batch_op.create_index(
            "uq_lending_opening_open",
            ["hds_id", "shift_id", "neighbour_hds_id"],
            unique=True,
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "open_offer",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["hds_id", "shift_id"],
            ["duty.hds_id", "duty.shift_id"],
            name=op.f("fk_open_offer_hds_id_shift_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["offered_by"], ["user_account.id"], name=op.f("fk_open_offer_offered_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("hds_id", "shift_id", name=op.f("pk_open_offer")),
    )
    op.create_table(
        "swap_offer_group",
        sa.Column(
            "offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["gp_group.id"], name=op.f("fk_swap_offer_group_group_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["swap_offer.id"], name=op.f("fk_swap_offer_group_offer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_swap_offer_group")),
    )
    with op.batch_alter_table("swap_offer_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swap_offer_group_group_id"), ["group_id"], unique=False)

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_gp", ["gp_number"], unique=False)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("ix_membership_gp")

    with op.batch_alter_table("swap_offer_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_swap_offer_group_group_id"))

    op.drop_table("swap_offer_group")
    op.drop_table("open_offer")
    with op.batch_alter_table("lending_opening", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_lending_opening_open",
            postgresql_where=sa.text("state = 'open'"),
            sqlite_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("ix_lending_opening_to")

    op.drop_table("lending_opening")
    with op.batch_alter_table("planning_step", schema=None) as batch_op:
        batch_op.drop_index("ix_planning_step_gp")

    op.drop_table("planning_step")
    op.drop_table("planning_phase")
    with op.batch_alter_table("sickness_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sickness_step_gp_number"))
        batch_op.drop_index(batch_op.f("ix_sickness_step_case_id"))

    op.drop_table("sickness_step")
    with op.batch_alter_table("sickness_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sickness_call_gp_number"))
        batch_op.drop_index(batch_op.f("ix_sickness_call_case_id"))

    op.drop_table("sickness_call")
    with op.batch_alter_table("sickness_ask", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sickness_ask_gp_number"))

    op.drop_table("sickness_ask")
    with op.batch_alter_table("planning_round", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_planning_round_running",
            postgresql_where=sa.text("state = 'running'"),
            sqlite_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index(batch_op.f("ix_planning_round_hds_id"))

    op.drop_table("planning_round")
    with op.batch_alter_table("swap_want_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_swap_want_use_want_id"))

    op.drop_table("swap_want_use")
    with op.batch_alter_table("sickness_case", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sickness_case_open",
            postgresql_where=sa.text("state IN ('waiting', 'asking', 'planner')"),
            sqlite_where=sa.text("state IN ('waiting', 'asking', 'planner')"),
        )
        batch_op.drop_index("ix_sickness_case_start")
        batch_op.drop_index(batch_op.f("ix_sickness_case_report_id"))
        batch_op.drop_index("ix_sickness_case_next")
        batch_op.drop_index(batch_op.f("ix_sickness_case_gp_number"))
        batch_op.drop_index(batch_op.f("ix_sickness_case_covered_by"))

    op.drop_table("sickness_case")
    with op.batch_alter_table("sickness_absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sickness_absence_dossier_id"))

    op.drop_table("sickness_absence")
    op.drop_table("repair_event")
    with op.batch_alter_table("repair_consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_repair_consent_gp_number"))

    op.drop_table("repair_consent")
    with op.batch_alter_table("repair_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_repair_change_to_number"))
        batch_op.drop_index(batch_op.f("ix_repair_change_from_number"))

    op.drop_table("repair_change")
    with op.batch_alter_table("repair_away", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_repair_away_gp_number"))

    op.drop_table("repair_away")
    op.drop_table("feed_item")
    with op.batch_alter_table("extra_shift", schema=None) as batch_op:
        batch_op.drop_index("ix_extra_shift_escalation")
        batch_op.drop_index("ix_extra_shift_dossier")

    op.drop_table("extra_shift")
    with op.batch_alter_table("escalation_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_call_gp_number"))
        batch_op.drop_index("ix_escalation_call_escalation")

    op.drop_table("escalation_call")
    with op.batch_alter_table("swap_want", schema=None) as batch_op:
        batch_op.drop_index("ix_swap_want_state")
        batch_op.drop_index(batch_op.f("ix_swap_want_gp_number"))

    op.drop_table("swap_want")
    with op.batch_alter_table("swap_pickup", schema=None) as batch_op:
        batch_op.drop_index("ix_swap_pickup_shift")

    op.drop_table("swap_pickup")
    with op.batch_alter_table("swap_found", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_swap_found_search_id"))

    op.drop_table("swap_found")
    with op.batch_alter_table("sickness_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sickness_report_gp_number"))
        batch_op.drop_index("ix_sickness_report_gp")

    op.drop_table("sickness_report")
    with op.batch_alter_table("repair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_repair_state"))
        batch_op.drop_index(batch_op.f("ix_repair_hds_id"))

    op.drop_table("repair")
    op.drop_table("own_window")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_mine")

    op.drop_table("notice")
    with op.batch_alter_table("handed_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handed_in_gp_number"))

    op.drop_table("handed_in")
    with op.batch_alter_table("guest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_home_number"))
        batch_op.drop_index("ix_guest_home")

    op.drop_table("guest")
    with op.batch_alter_table("gp_link_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gp_link_code_gp_number"))

    op.drop_table("gp_link_code")
    with op.batch_alter_table("gp_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gp_link_other_number"))

    op.drop_table("gp_link")
    with op.batch_alter_table("gp_group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gp_group_member_gp_number"))

    op.drop_table("gp_group_member")
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_user_id"))

    op.drop_table("feed")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_hds_id"))

    op.drop_table("escalation")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_hds")
        batch_op.drop_index(
            "ix_delivery_due",
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
            sqlite_where=sa.text("state IN ('waiting', 'sending')"),
        )

    op.drop_table("delivery")
    op.drop_table("webhook")
    with op.batch_alter_table("swap_search", schema=None) as batch_op:
        batch_op.drop_index("ix_swap_search_begun")

    op.drop_table("swap_search")
    with op.batch_alter_table("outbox_event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_event_waiting",
            postgresql_where=sa.text("spread_at IS NULL"),
            sqlite_where=sa.text("spread_at IS NULL"),
        )

    op.drop_table("outbox_event")
    with op.batch_alter_table("neighbour", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_neighbour_live",
            postgresql_where=sa.text("state IN ('invited', 'accepted')"),
            sqlite_where=sa.text("state IN ('invited', 'accepted')"),
        )
        batch_op.drop_index(batch_op.f("ix_neighbour_invited_hds_id"))
        batch_op.drop_index(batch_op.f("ix_neighbour_hds_id"))

    op.drop_table("neighbour")
    op.drop_table("message_preference")
    op.drop_table("gp_group")
