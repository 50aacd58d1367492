"""The tables of the service, with the guards that plain constraints cannot express."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


GUARDS = {
    "postgresql": (
        "ALTER TABLE assignment ADD CONSTRAINT ex_assignment_overlap EXCLUDE USING gist (int8range(version_id, version_id, '[]') WITH &&, int8range(gp_number, gp_number, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE (gp_number IS NOT NULL)",
        "ALTER TABLE duty ADD CONSTRAINT ex_duty_overlap EXCLUDE USING gist (int8range(performer_number, performer_number, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE (performer_number IS NOT NULL)",
        "ALTER TABLE dossier_agreement ADD CONSTRAINT ex_dossier_agreement_overlap EXCLUDE USING gist (int8range(dossier_id, dossier_id, '[]') WITH &&, int8range(gp_number, gp_number, '[]') WITH &&, daterange(valid_from, valid_until, '[]') WITH &&) WHERE (gp_number IS NOT NULL)",
        "CREATE FUNCTION frozen_published_duty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'frozen_published_duty' USING ERRCODE = '23000'; END $$",
        "CREATE TRIGGER frozen_published_duty BEFORE UPDATE OR DELETE ON published_duty FOR EACH ROW EXECUTE FUNCTION frozen_published_duty()",
        "CREATE FUNCTION frozen_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'frozen_audit_entry' USING ERRCODE = '23000'; END $$",
        "CREATE TRIGGER frozen_audit_entry BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION frozen_audit_entry()",
        "CREATE FUNCTION frozen_payment_run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'frozen_payment_run' USING ERRCODE = '23000'; END $$",
        "CREATE TRIGGER frozen_payment_run BEFORE UPDATE OR DELETE ON payment_run FOR EACH ROW EXECUTE FUNCTION frozen_payment_run()",
        "CREATE FUNCTION frozen_payment_run_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'frozen_payment_run_file' USING ERRCODE = '23000'; END $$",
        "CREATE TRIGGER frozen_payment_run_file BEFORE UPDATE OR DELETE ON payment_run_file FOR EACH ROW EXECUTE FUNCTION frozen_payment_run_file()",
        "CREATE FUNCTION frozen_payment_statement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'frozen_payment_statement' USING ERRCODE = '23000'; END $$",
        "CREATE TRIGGER frozen_payment_statement BEFORE UPDATE OR DELETE ON payment_statement FOR EACH ROW EXECUTE FUNCTION frozen_payment_statement()",
        "CREATE FUNCTION frozen_payment_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'frozen_payment_line' USING ERRCODE = '23000'; END $$",
        "CREATE TRIGGER frozen_payment_line BEFORE UPDATE OR DELETE ON payment_line FOR EACH ROW EXECUTE FUNCTION frozen_payment_line()",
        "CREATE FUNCTION frozen_payment_transfer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'frozen_payment_transfer' USING ERRCODE = '23000'; END $$",
        "CREATE TRIGGER frozen_payment_transfer BEFORE UPDATE OR DELETE ON payment_transfer FOR EACH ROW EXECUTE FUNCTION frozen_payment_transfer()",
        "CREATE FUNCTION frozen_duty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'frozen_duty' USING ERRCODE = '23000'; END $$",
        "CREATE TRIGGER frozen_duty BEFORE UPDATE ON duty FOR EACH ROW WHEN (OLD.responsible_number IS DISTINCT FROM NEW.responsible_number AND OLD.publication_id = NEW.publication_id) EXECUTE FUNCTION frozen_duty()",
    ),
    "sqlite": (
        "CREATE TRIGGER ex_assignment_overlap_insert BEFORE INSERT ON assignment WHEN EXISTS (SELECT 1 FROM assignment o WHERE o.version_id = NEW.version_id AND o.gp_number = NEW.gp_number AND o.starts_at < NEW.ends_at AND NEW.starts_at < o.ends_at AND o.rowid <> -1) BEGIN SELECT RAISE(ABORT, 'ex_assignment_overlap'); END",
        "CREATE TRIGGER ex_assignment_overlap_update BEFORE UPDATE OF version_id, gp_number, starts_at, ends_at ON assignment WHEN EXISTS (SELECT 1 FROM assignment o WHERE o.version_id = NEW.version_id AND o.gp_number = NEW.gp_number AND o.starts_at < NEW.ends_at AND NEW.starts_at < o.ends_at AND o.rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'ex_assignment_overlap'); END",
        "CREATE TRIGGER ex_duty_overlap_insert BEFORE INSERT ON duty WHEN EXISTS (SELECT 1 FROM duty o WHERE o.performer_number = NEW.performer_number AND o.starts_at < NEW.ends_at AND NEW.starts_at < o.ends_at AND o.rowid <> -1) BEGIN SELECT RAISE(ABORT, 'ex_duty_overlap'); END",
        "CREATE TRIGGER ex_duty_overlap_update BEFORE UPDATE OF performer_number, starts_at, ends_at ON duty WHEN EXISTS (SELECT 1 FROM duty o WHERE o.performer_number = NEW.performer_number AND o.starts_at < NEW.ends_at AND NEW.starts_at < o.ends_at AND o.rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'ex_duty_overlap'); END",
        "CREATE TRIGGER ex_dossier_agreement_overlap_insert BEFORE INSERT ON dossier_agreement WHEN EXISTS (SELECT 1 FROM dossier_agreement o WHERE o.dossier_id = NEW.dossier_id AND o.gp_number = NEW.gp_number AND o.valid_from <= NEW.valid_until AND NEW.valid_from <= o.valid_until AND o.rowid <> -1) BEGIN SELECT RAISE(ABORT, 'ex_dossier_agreement_overlap'); END",
        "CREATE TRIGGER ex_dossier_agreement_overlap_update BEFORE UPDATE OF dossier_id, gp_number, valid_from, valid_until ON dossier_agreement WHEN EXISTS (SELECT 1 FROM dossier_agreement o WHERE o.dossier_id = NEW.dossier_id AND o.gp_number = NEW.gp_number AND o.valid_from <= NEW.valid_until AND NEW.valid_from <= o.valid_until AND o.rowid <> OLD.rowid) BEGIN SELECT RAISE(ABORT, 'ex_dossier_agreement_overlap'); END",
        "CREATE TRIGGER frozen_published_duty_update BEFORE UPDATE ON published_duty BEGIN SELECT RAISE(ABORT, 'frozen_published_duty'); END",
        "CREATE TRIGGER frozen_published_duty_delete BEFORE DELETE ON published_duty BEGIN SELECT RAISE(ABORT, 'frozen_published_duty'); END",
        "CREATE TRIGGER frozen_audit_entry_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'frozen_audit_entry'); END",
        "CREATE TRIGGER frozen_audit_entry_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'frozen_audit_entry'); END",
        "CREATE TRIGGER frozen_payment_run_update BEFORE UPDATE ON payment_run BEGIN SELECT RAISE(ABORT, 'frozen_payment_run'); END",
        "CREATE TRIGGER frozen_payment_run_delete BEFORE DELETE ON payment_run BEGIN SELECT RAISE(ABORT, 'frozen_payment_run'); END",
        "CREATE TRIGGER frozen_payment_run_file_update BEFORE UPDATE ON payment_run_file BEGIN SELECT RAISE(ABORT, 'frozen_payment_run_file'); END",
        "CREATE TRIGGER frozen_payment_run_file_delete BEFORE DELETE ON payment_run_file BEGIN SELECT RAISE(ABORT, 'frozen_payment_run_file'); END",
        "CREATE TRIGGER frozen_payment_statement_update BEFORE UPDATE ON payment_statement BEGIN SELECT RAISE(ABORT, 'frozen_payment_statement'); END",
        "CREATE TRIGGER frozen_payment_statement_delete BEFORE DELETE ON payment_statement BEGIN SELECT RAISE(ABORT, 'frozen_payment_statement'); END",
        "CREATE TRIGGER frozen_payment_line_update BEFORE UPDATE ON payment_line BEGIN SELECT RAISE(ABORT, 'frozen_payment_line'); END",
        "CREATE TRIGGER frozen_payment_line_delete BEFORE DELETE ON payment_line BEGIN SELECT RAISE(ABORT, 'frozen_payment_line'); END",
        "CREATE TRIGGER frozen_payment_transfer_update BEFORE UPDATE ON payment_transfer BEGIN SELECT RAISE(ABORT, 'frozen_payment_transfer'); END",
        "CREATE TRIGGER frozen_payment_transfer_delete BEFORE DELETE ON payment_transfer BEGIN SELECT RAISE(ABORT, 'frozen_payment_transfer'); END",
        "CREATE TRIGGER frozen_duty_update BEFORE UPDATE ON duty WHEN OLD.responsible_number IS NOT NEW.responsible_number AND OLD.publication_id = NEW.publication_id BEGIN SELECT RAISE(ABORT, 'frozen_duty'); END",
    ),
}
FUNCTIONS = (
    "DROP FUNCTION IF EXISTS frozen_published_duty() CASCADE",
    "DROP FUNCTION IF EXISTS frozen_audit_entry() CASCADE",
    "DROP FUNCTION IF EXISTS frozen_payment_run() CASCADE",
    "DROP FUNCTION IF EXISTS frozen_payment_run_file() CASCADE",
    "DROP FUNCTION IF EXISTS frozen_payment_statement() CASCADE",
    "DROP FUNCTION IF EXISTS frozen_payment_line() CASCADE",
    "DROP FUNCTION IF EXISTS frozen_payment_transfer() CASCADE",
    "DROP FUNCTION IF EXISTS frozen_duty() CASCADE",
)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "audit_entry",
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("detail_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_subject", ["chain", "subject"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "dossier_snapshot",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_dossier_snapshot")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("username_hash", sa.String(length=64), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_attempt_address_hash"), ["address_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_attempt_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_attempt_username_hash"), ["username_hash"], unique=False)

    op.create_table(
        "oidc_login",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("code_verifier", sa.String(), nullable=False),
        sa.Column("return_to", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_oidc_login")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("username", sa.String(length=200), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("oidc_issuer", sa.String(), nullable=True),
        sa.Column("oidc_subject", sa.String(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_user_account_changed_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("oidc_issuer", "oidc_subject", name=op.f("uq_user_account_oidc_issuer_oidc_subject")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "worker_heartbeat",
        sa.Column("executor_id", sa.String(length=100), nullable=False),
        sa.Column("hostname", sa.String(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("executor_id", name=op.f("pk_worker_heartbeat")),
    )
    op.create_table(
        "audit_detail",
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column(
            "before", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column(
            "after", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["chain", "seq"], ["audit_entry.chain", "audit_entry.seq"], name=op.f("fk_audit_detail_chain_seq")
        ),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_detail")),
    )
    with op.batch_alter_table("audit_detail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_detail_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "hds",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "settings", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_hds_changed_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hds")),
    )
    op.create_table(
        "login_session",
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_login_session_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_login_session")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "region_run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column(
            "request", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("requested_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_region_run_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["user_account.id"], name=op.f("fk_region_run_requested_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_run")),
        sa.UniqueConstraint("requested_by", "idempotency_key", name=op.f("uq_region_run_requested_by_idempotency_key")),
    )
    op.create_table(
        "added_once",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_added_once_hds_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_added_once_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hds_id", "user_id", "key", name=op.f("pk_added_once")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "scopes", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_api_token_hds_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_api_token_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "dossier",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("hds_name", sa.String(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column(
            "calendar", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "rules", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "weights", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "burdens", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "sharing", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "payout", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("period_end >= period_start", name=op.f("ck_dossier_period_in_order")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_dossier_changed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_dossier_hds_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("hds_id", "id", name=op.f("uq_dossier_hds_id_id")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_hds_id"), ["hds_id"], unique=False)

    op.create_table(
        "gp",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("gp_id", sa.String(length=200), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_gp_hds_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_gp")),
        sa.UniqueConstraint("hds_id", "gp_id", name=op.f("uq_gp_hds_id_gp_id")),
        sa.UniqueConstraint("hds_id", "number", name=op.f("uq_gp_hds_id_number")),
    )
    op.create_table(
        "payment_run",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "record", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_payment_run_number")),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["user_account.id"], name=op.f("fk_payment_run_closed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_payment_run_hds_id")),
        sa.PrimaryKeyConstraint("hds_id", "number", name=op.f("pk_payment_run")),
        sa.UniqueConstraint("hds_id", "idempotency_key", name=op.f("uq_payment_run_hds_id_idempotency_key")),
    )
    op.create_table(
        "swap_deal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('handover', 'exchange', 'ring')", name=op.f("ck_swap_deal_known_kind")),
        sa.CheckConstraint(
            "state IN ('proposed', 'awaiting_planner', 'done', 'withdrawn', 'refused', 'expired')",
            name=op.f("ck_swap_deal_known_state"),
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_swap_deal_hds_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["user_account.id"], name=op.f("fk_swap_deal_proposed_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_deal")),
    )
    with op.batch_alter_table("swap_deal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swap_deal_hds_id"), ["hds_id"], unique=False)

    op.create_table(
        "tariff",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("cents_per_hour", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(length=20), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "certainty IN ('stated', 'secondary', 'derived', 'fictitious')", name=op.f("ck_tariff_known_certainty")
        ),
        sa.CheckConstraint("kind IN ('evening', 'night', 'weekend', 'holiday')", name=op.f("ck_tariff_known_kind")),
        sa.CheckConstraint("cents_per_hour > 0", name=op.f("ck_tariff_cents")),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_tariff_in_order")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["user_account.id"], name=op.f("fk_tariff_entered_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_tariff_hds_id")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["user_account.id"], name=op.f("fk_tariff_withdrawn_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariff")),
    )
    with op.batch_alter_table("tariff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tariff_hds_id"), ["hds_id"], unique=False)

    op.create_table(
        "dossier_post",
        sa.Column("post_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("patients", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("patients >= 0", name=op.f("ck_dossier_post_patients")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_post_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_post")),
        sa.UniqueConstraint("dossier_id", "post_id", name=op.f("uq_dossier_post_dossier_id_post_id")),
    )
    with op.batch_alter_table("dossier_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_post_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_practice",
        sa.Column("practice_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("patients", sa.Double(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("patients >= 0", name=op.f("ck_dossier_practice_patients")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_practice_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_practice")),
        sa.UniqueConstraint("dossier_id", "practice_id", name=op.f("uq_dossier_practice_dossier_id_practice_id")),
    )
    with op.batch_alter_table("dossier_practice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_practice_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("(role = 'gp') = (gp_number IS NOT NULL)", name=op.f("ck_membership_gp_is_somebody")),
        sa.CheckConstraint(
            "role IN ('planner', 'gp', 'finance', 'insurer', 'administrator')", name=op.f("ck_membership_known_role")
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_membership_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_membership_hds_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "hds_id", "role", name=op.f("pk_membership")),
    )
    op.create_table(
        "payment_run_file",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hds_id", "number"],
            ["payment_run.hds_id", "payment_run.number"],
            name=op.f("fk_payment_run_file_hds_id_number"),
        ),
        sa.PrimaryKeyConstraint("hds_id", "number", "name", name=op.f("pk_payment_run_file")),
    )
    op.create_table(
        "payment_statement",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("gp_id", sa.String(length=200), nullable=False),
        sa.Column("lines_cents", sa.BigInteger(), nullable=False),
        sa.Column("carried_in_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("carried_out_cents", sa.BigInteger(), nullable=False),
        sa.Column("only_gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "lines_cents + carried_in_cents = paid_cents + carried_out_cents", name=op.f("ck_payment_statement_balance")
        ),
        sa.CheckConstraint(
            "paid_cents >= 0 AND carried_in_cents <= 0 AND carried_out_cents <= 0",
            name=op.f("ck_payment_statement_signs"),
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "number"],
            ["payment_run.hds_id", "payment_run.number"],
            name=op.f("fk_payment_statement_hds_id_number"),
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "only_gp_number"],
            ["gp.hds_id", "gp.number"],
            name=op.f("fk_payment_statement_hds_id_only_gp_number"),
        ),
        sa.PrimaryKeyConstraint("hds_id", "number", "name", name=op.f("pk_payment_statement")),
    )
    with op.batch_alter_table("payment_statement", schema=None) as batch_op:
        batch_op.create_index("ix_payment_statement_only_gp", ["hds_id", "only_gp_number", "number"], unique=False)

    op.create_table(
        "payment_transfer",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pay_on", sa.Date(), nullable=False),
        sa.Column("debtor_name", sa.String(length=200), nullable=False),
        sa.Column("debtor_iban", sa.String(length=34), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["hds_id", "number"],
            ["payment_run.hds_id", "payment_run.number"],
            name=op.f("fk_payment_transfer_hds_id_number"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_payment_transfer_made_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("hds_id", "number", name=op.f("pk_payment_transfer")),
    )
    op.create_table(
        "roster_run",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("region_run_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column(
            "request", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("start_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "progress", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("error_code", sa.String(length=100), nullable=True),
        sa.Column("error_detail", sa.String(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("executor_id", sa.String(length=100), nullable=True),
        sa.Column("requested_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_roster_run_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "dossier_id"], ["dossier.hds_id", "dossier.id"], name=op.f("fk_roster_run_hds_id_dossier_id")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_roster_run_hds_id")),
        sa.ForeignKeyConstraint(["region_run_id"], ["region_run.id"], name=op.f("fk_roster_run_region_run_id")),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["user_account.id"], name=op.f("fk_roster_run_requested_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["snapshot"], ["dossier_snapshot.sha256"], name=op.f("fk_roster_run_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_run")),
        sa.UniqueConstraint("hds_id", "idempotency_key", name=op.f("uq_roster_run_hds_id_idempotency_key")),
    )
    with op.batch_alter_table("roster_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_run_hds_id"), ["hds_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_run_region_run_id"), ["region_run_id"], unique=False)

    op.create_table(
        "swap_consent",
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["swap_deal.id"], name=op.f("fk_swap_consent_deal_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_swap_consent_gp_number")),
        sa.PrimaryKeyConstraint("deal_id", "gp_number", name=op.f("pk_swap_consent")),
    )
    with op.batch_alter_table("swap_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swap_consent_gp_number"), ["gp_number"], unique=False)

    op.create_table(
        "dossier_gp",
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contract", sa.String(length=20), nullable=False),
        sa.Column("practice_id", sa.String(length=200), nullable=True),
        sa.Column("trainer_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("registered_until", sa.Date(), nullable=True),
        sa.Column("fte", sa.Double(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "contract IN ('practice_owner', 'salaried', 'locum', 'trainee', 'junior')",
            name=op.f("ck_dossier_gp_known_contract"),
        ),
        sa.CheckConstraint("fte > 0", name=op.f("ck_dossier_gp_fte")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "practice_id"],
            ["dossier_practice.dossier_id", "dossier_practice.practice_id"],
            name=op.f("fk_dossier_gp_dossier_id_practice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "trainer_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_gp_dossier_id_trainer_number"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_gp_dossier_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_dossier_gp_gp_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_gp")),
        sa.UniqueConstraint("dossier_id", "gp_number", name=op.f("uq_dossier_gp_dossier_id_gp_number")),
    )
    with op.batch_alter_table("dossier_gp", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_gp_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_shift_type",
        sa.Column("shift_type_id", sa.String(length=200), nullable=False),
        sa.Column("post_id", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column(
            "days", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("end", sa.Time(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "role IN ('consult', 'visit', 'lead', 'standby')", name=op.f("ck_dossier_shift_type_known_role")
        ),
        sa.CheckConstraint("headcount >= 1", name=op.f("ck_dossier_shift_type_headcount")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "post_id"],
            ["dossier_post.dossier_id", "dossier_post.post_id"],
            name=op.f("fk_dossier_shift_type_dossier_id_post_id"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_shift_type_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_shift_type")),
        sa.UniqueConstraint("dossier_id", "shift_type_id", name=op.f("uq_dossier_shift_type_dossier_id_shift_type_id")),
    )
    with op.batch_alter_table("dossier_shift_type", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_shift_type_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "payment_line",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement", sa.String(length=200), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("contract", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sign", sa.Integer(), nullable=False),
        sa.Column("rate_cents", sa.BigInteger(), nullable=False),
        sa.Column("agreed_cents", sa.BigInteger(), nullable=False),
        sa.Column("maximum_cents", sa.Integer(), nullable=True),
        sa.Column("capped", sa.Boolean(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.CheckConstraint("minutes >= 0 AND rate_cents > 0", name=op.f("ck_payment_line_positive")),
        sa.CheckConstraint(
            "sign = -1 OR maximum_cents IS NULL OR rate_cents <= maximum_cents",
            name=op.f("ck_payment_line_at_most_the_maximum"),
        ),
        sa.CheckConstraint("sign IN (-1, 1)", name=op.f("ck_payment_line_sign")),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_payment_line_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "number", "statement"],
            ["payment_statement.hds_id", "payment_statement.number", "payment_statement.name"],
            name=op.f("fk_payment_line_hds_id_number_statement"),
        ),
        sa.PrimaryKeyConstraint("hds_id", "number", "position", name=op.f("pk_payment_line")),
    )
    with op.batch_alter_table("payment_line", schema=None) as batch_op:
        batch_op.create_index("ix_payment_line_gp", ["hds_id", "gp_number", "number", "position"], unique=False)

    op.create_table(
        "roster_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("run_id", sa.String(length=36), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "figures", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "proof", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "origin IN ('run', 'import', 'edit', 'rollback', 'repair')", name=op.f("ck_roster_version_known_origin")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'superseded', 'discarded')", name=op.f("ck_roster_version_known_state")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user_account.id"], name=op.f("fk_roster_version_changed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_roster_version_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "dossier_id"], ["dossier.hds_id", "dossier.id"], name=op.f("fk_roster_version_hds_id_dossier_id")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_roster_version_hds_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["roster_version.id"], name=op.f("fk_roster_version_parent_id")),
        sa.ForeignKeyConstraint(["run_id"], ["roster_run.id"], name=op.f("fk_roster_version_run_id")),
        sa.ForeignKeyConstraint(["snapshot"], ["dossier_snapshot.sha256"], name=op.f("fk_roster_version_snapshot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_version")),
        sa.UniqueConstraint("dossier_id", "number", name=op.f("uq_roster_version_dossier_id_number")),
        sa.UniqueConstraint("hds_id", "id", name=op.f("uq_roster_version_hds_id_id")),
        sa.UniqueConstraint("run_id", name=op.f("uq_roster_version_run_id")),
    )
    with op.batch_alter_table("roster_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_version_hds_id"), ["hds_id"], unique=False)

    op.create_table(
        "run_event",
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "payload", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["roster_run.id"], name=op.f("fk_run_event_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "seq", name=op.f("pk_run_event")),
    )
    op.create_table(
        "assignment",
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("post_id", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("burden", sa.String(length=20), nullable=False),
        sa.Column("is_night", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("trainee_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "burden IN ('evening', 'night', 'weekend', 'holiday', 'standby')", name=op.f("ck_assignment_known_burden")
        ),
        sa.CheckConstraint("role IN ('consult', 'visit', 'lead', 'standby')", name=op.f("ck_assignment_known_role")),
        sa.CheckConstraint("NOT locked OR gp_number IS NOT NULL", name=op.f("ck_assignment_lock_holds_a_gp")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_assignment_in_order")),
        sa.CheckConstraint(
            "trainee_number IS NULL OR gp_number IS NOT NULL", name=op.f("ck_assignment_trainee_beside_gp")
        ),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_assignment_gp_number")),
        sa.ForeignKeyConstraint(["trainee_number"], ["gp.number"], name=op.f("fk_assignment_trainee_number")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["roster_version.id"], name=op.f("fk_assignment_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "shift_id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_gp", ["version_id", "gp_number", "starts_at"], unique=False)

    op.create_table(
        "dossier_absence",
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_dossier_absence_in_order")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gp_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_absence_dossier_id_gp_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_absence_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_absence")),
    )
    with op.batch_alter_table("dossier_absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_absence_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_agreement",
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column(
            "roles", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("nights", sa.Boolean(), nullable=False),
        sa.Column("contract", sa.String(length=20), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("share > 0", name=op.f("ck_dossier_agreement_share")),
        sa.CheckConstraint(
            "contract IN ('practice_owner', 'salaried', 'locum', 'trainee', 'junior')",
            name=op.f("ck_dossier_agreement_known_contract"),
        ),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_dossier_agreement_hours")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_dossier_agreement_in_order")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gp_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_agreement_dossier_id_gp_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_agreement_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_agreement")),
        sa.UniqueConstraint("dossier_id", "id", name=op.f("uq_dossier_agreement_dossier_id_id")),
    )
    with op.batch_alter_table("dossier_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_agreement_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_balance",
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("burden", sa.String(length=20), nullable=False),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "burden IN ('evening', 'night', 'weekend', 'holiday', 'standby')",
            name=op.f("ck_dossier_balance_known_burden"),
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gp_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_balance_dossier_id_gp_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_balance_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_balance")),
        sa.UniqueConstraint(
            "dossier_id", "gp_number", "burden", name=op.f("uq_dossier_balance_dossier_id_gp_number_burden")
        ),
    )
    with op.batch_alter_table("dossier_balance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_balance_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_clinic_days",
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "weekdays", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gp_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_clinic_days_dossier_id_gp_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_clinic_days_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_clinic_days")),
        sa.UniqueConstraint("dossier_id", "gp_number", name=op.f("uq_dossier_clinic_days_dossier_id_gp_number")),
    )
    with op.batch_alter_table("dossier_clinic_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_clinic_days_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_limit",
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("burden", sa.String(length=20), nullable=False),
        sa.Column("max_hours", sa.Double(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "burden IN ('evening', 'night', 'weekend', 'holiday', 'standby', 'total')",
            name=op.f("ck_dossier_limit_known_burden"),
        ),
        sa.CheckConstraint("max_hours >= 0", name=op.f("ck_dossier_limit_max_hours")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gp_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_limit_dossier_id_gp_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_limit_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_limit")),
        sa.UniqueConstraint(
            "dossier_id", "gp_number", "burden", name=op.f("uq_dossier_limit_dossier_id_gp_number_burden")
        ),
    )
    with op.batch_alter_table("dossier_limit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_limit_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_lock",
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gp_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_lock_dossier_id_gp_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_lock_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_lock")),
        sa.UniqueConstraint("dossier_id", "shift_id", name=op.f("uq_dossier_lock_dossier_id_shift_id")),
    )
    with op.batch_alter_table("dossier_lock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_lock_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_past_holiday",
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gp_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_past_holiday_dossier_id_gp_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_past_holiday_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_past_holiday")),
    )
    with op.batch_alter_table("dossier_past_holiday", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_past_holiday_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_payee",
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("payee_name", sa.String(), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("basis IN ('self_employed', 'via_practice')", name=op.f("ck_dossier_payee_known_basis")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gp_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_payee_dossier_id_gp_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_payee_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_payee")),
        sa.UniqueConstraint(
            "dossier_id", "gp_number", "valid_from", name=op.f("uq_dossier_payee_dossier_id_gp_number_valid_from")
        ),
    )
    with op.batch_alter_table("dossier_payee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_payee_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_preference",
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("burden", sa.String(length=20), nullable=False),
        sa.Column("factor", sa.Double(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "burden IN ('evening', 'night', 'weekend', 'holiday', 'standby')",
            name=op.f("ck_dossier_preference_known_burden"),
        ),
        sa.CheckConstraint("factor BETWEEN 0.25 AND 4", name=op.f("ck_dossier_preference_factor")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gp_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_preference_dossier_id_gp_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_preference_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_preference")),
        sa.UniqueConstraint(
            "dossier_id", "gp_number", "burden", name=op.f("uq_dossier_preference_dossier_id_gp_number_burden")
        ),
    )
    with op.batch_alter_table("dossier_preference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_preference_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "dossier_wish",
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wish", sa.String(length=10), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("wish IN ('avoid', 'prefer')", name=op.f("ck_dossier_wish_known_wish")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_dossier_wish_in_order")),
        sa.CheckConstraint("weight BETWEEN 1 AND 10", name=op.f("ck_dossier_wish_weight")),
        sa.ForeignKeyConstraint(
            ["dossier_id", "gp_number"],
            ["dossier_gp.dossier_id", "dossier_gp.gp_number"],
            name=op.f("fk_dossier_wish_dossier_id_gp_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_wish_dossier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_wish")),
    )
    with op.batch_alter_table("dossier_wish", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_wish_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "publication",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("freeze_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column(
            "outcome", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column(
            "violations", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["hds_id", "version_id"],
            ["roster_version.hds_id", "roster_version.id"],
            name=op.f("fk_publication_hds_id_version_id"),
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_publication_hds_id")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["user_account.id"], name=op.f("fk_publication_published_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("hds_id", "id", name=op.f("uq_publication_hds_id_id")),
        sa.UniqueConstraint("hds_id", "idempotency_key", name=op.f("uq_publication_hds_id_idempotency_key")),
        sa.UniqueConstraint("hds_id", "number", name=op.f("uq_publication_hds_id_number")),
    )
    op.create_table(
        "dossier_agreement_post",
        sa.Column(
            "agreement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("post_id", sa.String(length=200), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "agreement_id"],
            ["dossier_agreement.dossier_id", "dossier_agreement.id"],
            name=op.f("fk_dossier_agreement_post_dossier_id_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id", "post_id"],
            ["dossier_post.dossier_id", "dossier_post.post_id"],
            name=op.f("fk_dossier_agreement_post_dossier_id_post_id"),
        ),
        sa.PrimaryKeyConstraint("agreement_id", "post_id", name=op.f("pk_dossier_agreement_post")),
    )
    with op.batch_alter_table("dossier_agreement_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_agreement_post_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "duty",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("burden", sa.String(length=20), nullable=False),
        sa.Column("is_night", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("performer_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("responsible_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("trainee_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "burden IN ('evening', 'night', 'weekend', 'holiday', 'standby')", name=op.f("ck_duty_known_burden")
        ),
        sa.CheckConstraint("role IN ('consult', 'visit', 'lead', 'standby')", name=op.f("ck_duty_known_role")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_duty_in_order")),
        sa.CheckConstraint(
            "trainee_number IS NULL OR performer_number IS NOT NULL", name=op.f("ck_duty_trainee_beside_gp")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_duty_dossier_id")),
        sa.ForeignKeyConstraint(
            ["hds_id", "performer_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_duty_hds_id_performer_number")
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "publication_id"],
            ["publication.hds_id", "publication.id"],
            name=op.f("fk_duty_hds_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "responsible_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_duty_hds_id_responsible_number")
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_duty_hds_id")),
        sa.ForeignKeyConstraint(["trainee_number"], ["gp.number"], name=op.f("fk_duty_trainee_number")),
        sa.PrimaryKeyConstraint("hds_id", "shift_id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index("ix_duty_performer", ["hds_id", "performer_number", "starts_at"], unique=False)
        batch_op.create_index("ix_duty_performing", ["performer_number", "starts_at"], unique=False)
        batch_op.create_index("ix_duty_responsible", ["hds_id", "responsible_number", "starts_at"], unique=False)
        batch_op.create_index("ix_duty_start", ["hds_id", "starts_at", "shift_id"], unique=False)
        batch_op.create_index("ix_duty_trainee", ["hds_id", "trainee_number", "starts_at"], unique=False)

    op.create_table(
        "published_duty",
        sa.Column(
            "publication_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_published_duty_gp_number")),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name=op.f("fk_published_duty_publication_id")),
        sa.PrimaryKeyConstraint("publication_id", "shift_id", name=op.f("pk_published_duty")),
    )
    op.create_table(
        "call_in",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_call_in_in_order")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["user_account.id"], name=op.f("fk_call_in_entered_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_call_in_gp_number")),
        sa.ForeignKeyConstraint(
            ["hds_id", "shift_id"], ["duty.hds_id", "duty.shift_id"], name=op.f("fk_call_in_hds_id_shift_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_in")),
    )
    with op.batch_alter_table("call_in", schema=None) as batch_op:
        batch_op.create_index("ix_call_in_shift", ["hds_id", "shift_id"], unique=False)

    op.create_table(
        "swap_offer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "wanted", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("colleague_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(audience = 'colleague') = (colleague_number IS NOT NULL)", name=op.f("ck_swap_offer_colleague_named")
        ),
        sa.CheckConstraint("audience IN ('colleague', 'practice', 'all')", name=op.f("ck_swap_offer_known_audience")),
        sa.CheckConstraint(
            "state IN ('open', 'proposed', 'awaiting_planner', 'done', 'withdrawn', 'refused', 'expired')",
            name=op.f("ck_swap_offer_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "colleague_number"],
            ["gp.hds_id", "gp.number"],
            name=op.f("fk_swap_offer_hds_id_colleague_number"),
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "gp_number"], ["gp.hds_id", "gp.number"], name=op.f("fk_swap_offer_hds_id_gp_number")
        ),
        sa.ForeignKeyConstraint(
            ["hds_id", "shift_id"],
            ["duty.hds_id", "duty.shift_id"],
            name=op.f("fk_swap_offer_hds_id_shift_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["hds_id"], ["hds.id"], name=op.f("fk_swap_offer_hds_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap_offer")),
    )
    with op.batch_alter_table("swap_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swap_offer_gp_number"), ["gp_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_swap_offer_hds_id"), ["hds_id"], unique=False)
        batch_op.create_index(
            "uq_swap_offer_live",
            ["hds_id", "shift_id"],
            unique=True,
            postgresql_where=sa.text("state IN ('open', 'proposed', 'awaiting_planner')"),
            sqlite_where=sa.text("state IN ('open', 'proposed', 'awaiting_planner')"),
        )

    op.create_table(
        "worked",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("gp_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_worked_in_order")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["user_account.id"], name=op.f("fk_worked_entered_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["gp_number"], ["gp.number"], name=op.f("fk_worked_gp_number")),
        sa.ForeignKeyConstraint(
            ["hds_id", "shift_id"], ["duty.hds_id", "duty.shift_id"], name=op.f("fk_worked_hds_id_shift_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worked")),
    )
    with op.batch_alter_table("worked", schema=None) as batch_op:
        batch_op.create_index("ix_worked_shift", ["hds_id", "shift_id"], unique=False)

    op.create_table(
        "swap_move",
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("shift_id", sa.String(length=300), nullable=False),
        sa.Column("from_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("from_number <> to_number", name=op.f("ck_swap_move_to_somebody_else")),
        sa.ForeignKeyConstraint(["deal_id"], ["swap_deal.id"], name=op.f("fk_swap_move_deal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["from_number"], ["gp.number"], name=op.f("fk_swap_move_from_number")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["swap_offer.id"], name=op.f("fk_swap_move_offer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["to_number"], ["gp.number"], name=op.f("fk_swap_move_to_number")),
        sa.PrimaryKeyConstraint("deal_id", "shift_id", name=op.f("pk_swap_move")),
    )
    with op.batch_alter_table("swap_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_swap_move_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index("ix_swap_move_shift", ["shift_id"], unique=False)
    for statement in GUARDS[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Go back to the revision before."""
    with op.batch_alter_table("swap_move", schema=None) as batch_op:
        batch_op.drop_index("ix_swap_move_shift")
        batch_op.drop_index(batch_op.f("ix_swap_move_offer_id"))

    op.drop_table("swap_move")
    with op.batch_alter_table("worked", schema=None) as batch_op:
        batch_op.drop_index("ix_worked_shift")

    op.drop_table("worked")
    with op.batch_alter_table("swap_offer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_swap_offer_live",
            postgresql_where=sa.text("state IN ('open', 'proposed', 'awaiting_planner')"),
            sqlite_where=sa.text("state IN ('open', 'proposed', 'awaiting_planner')"),
        )
        batch_op.drop_index(batch_op.f("ix_swap_offer_hds_id"))
        batch_op.drop_index(batch_op.f("ix_swap_offer_gp_number"))

    op.drop_table("swap_offer")
    with op.batch_alter_table("call_in", schema=None) as batch_op:
        batch_op.drop_index("ix_call_in_shift")

    op.drop_table("call_in")
    op.drop_table("published_duty")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index("ix_duty_trainee")
        batch_op.drop_index("ix_duty_start")
        batch_op.drop_index("ix_duty_responsible")
        batch_op.drop_index("ix_duty_performing")
        batch_op.drop_index("ix_duty_performer")

    op.drop_table("duty")
    with op.batch_alter_table("dossier_agreement_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_agreement_post_dossier_id"))

    op.drop_table("dossier_agreement_post")
    op.drop_table("publication")
    with op.batch_alter_table("dossier_wish", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_wish_dossier_id"))

    op.drop_table("dossier_wish")
    with op.batch_alter_table("dossier_preference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_preference_dossier_id"))

    op.drop_table("dossier_preference")
    with op.batch_alter_table("dossier_payee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_payee_dossier_id"))

    op.drop_table("dossier_payee")
    with op.batch_alter_table("dossier_past_holiday", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_past_holiday_dossier_id"))

    op.drop_table("dossier_past_holiday")
    with op.batch_alter_table("dossier_lock", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_lock_dossier_id"))

    op.drop_table("dossier_lock")
    with op.batch_alter_table("dossier_limit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_limit_dossier_id"))

    op.drop_table("dossier_limit")
    with op.batch_alter_table("dossier_clinic_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_clinic_days_dossier_id"))

    op.drop_table("dossier_clinic_days")
    with op.batch_alter_table("dossier_balance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_balance_dossier_id"))

    op.drop_table("dossier_balance")
    with op.batch_alter_table("dossier_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_agreement_dossier_id"))

    op.drop_table("dossier_agreement")
    with op.batch_alter_table("dossier_absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_absence_dossier_id"))

    op.drop_table("dossier_absence")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_gp")

    op.drop_table("assignment")
    op.drop_table("run_event")
    with op.batch_alter_table("roster_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_version_hds_id"))

    op.drop_table("roster_version")
    with op.batch_alter_table("payment_line", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_line_gp")

    op.drop_table("payment_line")
    with op.batch_alter_table("dossier_shift_type", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_shift_type_dossier_id"))

    op.drop_table("dossier_shift_type")
    with op.batch_alter_table("dossier_gp", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_gp_dossier_id"))

    op.drop_table("dossier_gp")
    with op.batch_alter_table("swap_consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_swap_consent_gp_number"))

    op.drop_table("swap_consent")
    with op.batch_alter_table("roster_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_run_region_run_id"))
        batch_op.drop_index(batch_op.f("ix_roster_run_hds_id"))

    op.drop_table("roster_run")
    op.drop_table("payment_transfer")
    with op.batch_alter_table("payment_statement", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_statement_only_gp")

    op.drop_table("payment_statement")
    op.drop_table("payment_run_file")
    op.drop_table("membership")
    with op.batch_alter_table("dossier_practice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_practice_dossier_id"))

    op.drop_table("dossier_practice")
    with op.batch_alter_table("dossier_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_post_dossier_id"))

    op.drop_table("dossier_post")
    with op.batch_alter_table("tariff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tariff_hds_id"))

    op.drop_table("tariff")
    with op.batch_alter_table("swap_deal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_swap_deal_hds_id"))

    op.drop_table("swap_deal")
    op.drop_table("payment_run")
    op.drop_table("gp")
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_hds_id"))

    op.drop_table("dossier")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_user_id"))

    op.drop_table("api_token")
    op.drop_table("added_once")
    op.drop_table("region_run")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))
        batch_op.drop_index(batch_op.f("ix_login_session_expires_at"))

    op.drop_table("login_session")
    op.drop_table("hds")
    with op.batch_alter_table("audit_detail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_detail_gp_number"))

    op.drop_table("audit_detail")
    op.drop_table("worker_heartbeat")
    op.drop_table("user_account")
    op.drop_table("oidc_login")
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_attempt_username_hash"))
        batch_op.drop_index(batch_op.f("ix_login_attempt_at"))
        batch_op.drop_index(batch_op.f("ix_login_attempt_address_hash"))

    op.drop_table("login_attempt")
    op.drop_table("dossier_snapshot")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject")

    op.drop_table("audit_entry")
    if op.get_context().dialect.name == "postgresql":
        for statement in FUNCTIONS:
            op.execute(statement)
