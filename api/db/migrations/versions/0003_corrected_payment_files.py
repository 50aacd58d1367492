"""Payment files of a run that take the place of one that was not sent, and files that were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go to this revision."""
    _thaw("payment_transfer")
    with op.batch_alter_table("payment_transfer", recreate="auto") as batch_op:
        batch_op.add_column(
            sa.Column("version", sa.Integer(), autoincrement=False, nullable=False, server_default=sa.text("1"))
        )
        batch_op.add_column(sa.Column("reason", sa.String(), nullable=False, server_default=""))
        batch_op.drop_constraint("pk_payment_transfer", type_="primary")
        batch_op.create_primary_key("pk_payment_transfer", ["hds_id", "number", "version"])
        batch_op.create_check_constraint(op.f("ck_payment_transfer_version"), "version >= 1")
    with op.batch_alter_table("payment_transfer") as batch_op:
        batch_op.alter_column("version", server_default=None, existing_type=sa.Integer())
        batch_op.alter_column("reason", server_default=None, existing_type=sa.String())
    op.create_table(
        "payment_file_sent",
        sa.Column("hds_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", _ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["hds_id", "number"],
            ["payment_run.hds_id", "payment_run.number"],
            name=op.f("fk_payment_file_sent_hds_id_number"),
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["user_account.id"], name=op.f("fk_payment_file_sent_sent_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("hds_id", "number", name=op.f("pk_payment_file_sent")),
    )
    _freeze("payment_transfer")
    _freeze("payment_file_sent")


def downgrade() -> None:
    """Go back to the revision before; of the payment files of a run the one in force is kept."""
    _thaw("payment_transfer")
    _thaw("payment_file_sent")
    op.drop_table("payment_file_sent")
    op.execute(
        "DELETE FROM payment_transfer WHERE version < (SELECT max(o.version) FROM payment_transfer o"
        " WHERE o.hds_id = payment_transfer.hds_id AND o.number = payment_transfer.number)"
    )
    with op.batch_alter_table("payment_transfer") as batch_op:
        batch_op.drop_constraint("pk_payment_transfer", type_="primary")
        batch_op.create_primary_key("pk_payment_transfer", ["hds_id", "number"])
        batch_op.drop_constraint(op.f("ck_payment_transfer_version"), type_="check")
        batch_op.drop_column("reason")
        batch_op.drop_column("version")
    _freeze("payment_transfer")


def _freeze(table: str) -> None:
    name = f"frozen_{table}"
    if op.get_bind().dialect.name == "sqlite":
        for way in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {name}_{way} BEFORE {way.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{name}' USING ERRCODE = '23000'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _thaw(table: str) -> None:
    name = f"frozen_{table}"
    if op.get_bind().dialect.name == "sqlite":
        for way in ("update", "delete"):
            op.execute(f"DROP TRIGGER {name}_{way}")
        return
    op.execute(f"DROP FUNCTION {name}() CASCADE")
