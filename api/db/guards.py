"""What plain constraints can't say, in the words of each database: no double booking, no rewriting of history.

PostgreSQL holds overlaps with exclusion constraints; a number enters one as a range of itself, which needs no
extension. SQLite holds the same with triggers. Both are run by the first migration and by `create_all`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import DDL, event

from api.db.base import Base


@dataclass(frozen=True)
class NoOverlap:
    """No two rows of `table` with equal `keys` (numbers or texts) overlap in `[start, end)`, days: `[start, end]`."""

    table: str
    keys: tuple[str, ...]
    start: str
    end: str
    of_days: bool = False

    @property
    def name(self) -> str:
        """The name of the constraint, and the start of the names of the triggers."""
        return f"ex_{self.table}_overlap"

    def postgresql(self) -> Iterator[str]:
        """The exclusion constraint."""
        number = [f"int8range({key}, {key}, '[]') WITH &&" for key in self.keys]
        span = f"daterange({self.start}, {self.end}, '[]')" if self.of_days else f"tstzrange({self.start}, {self.end})"
        yield f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} EXCLUDE USING gist ({', '.join(number)}, {span} WITH &&) WHERE ({self.keys[-1]} IS NOT NULL)"  # noqa: E501

    def sqlite(self) -> Iterator[str]:
        """A trigger for each way in."""
        least = "<=" if self.of_days else "<"
        same = " AND ".join(f"o.{key} = NEW.{key}" for key in self.keys)
        clash = f"o.{self.start} {least} NEW.{self.end} AND NEW.{self.start} {least} o.{self.end}"
        columns = ", ".join((*self.keys, self.start, self.end))
        for when in ("INSERT", f"UPDATE OF {columns}"):
            yield (
                f"CREATE TRIGGER {self.name}_{when[:6].lower()} BEFORE {when} ON {self.table} "
                f"WHEN EXISTS (SELECT 1 FROM {self.table} o WHERE {same} AND {clash} AND o.rowid <> "
                f"{'-1' if when == 'INSERT' else 'OLD.rowid'}) "
                f"BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
            )


@dataclass(frozen=True)
class Frozen:
    """Rows of `table` are never changed (or not in the way of `when`), and never deleted unless `deletable`."""

    table: str
    when: str = ""
    deletable: bool = False

    @property
    def name(self) -> str:
        """The name of the trigger."""
        return f"frozen_{self.table}"

    def postgresql(self) -> Iterator[str]:
        """One function and one trigger."""
        events = "UPDATE" if self.deletable else "UPDATE OR DELETE"
        condition = f" WHEN ({self.when})" if self.when else ""
        yield (
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{self.name}' USING ERRCODE = '23000'; END $$"
        )
        yield f"CREATE TRIGGER {self.name} BEFORE {events} ON {self.table} FOR EACH ROW{condition} EXECUTE FUNCTION {self.name}()"  # noqa: E501

    def sqlite(self) -> Iterator[str]:
        """A trigger for each way out."""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
        condition = f" WHEN {self.when.replace('IS DISTINCT FROM', 'IS NOT')}" if self.when else ""
        yield f"CREATE TRIGGER {self.name}_update BEFORE UPDATE ON {self.table}{condition} {refuse}"
        if not self.deletable:
            yield f"CREATE TRIGGER {self.name}_delete BEFORE DELETE ON {self.table} {refuse}"


GUARDS: tuple[NoOverlap | Frozen, ...] = (
    NoOverlap("assignment", ("version_id", "gp_number"), "starts_at", "ends_at"),
    NoOverlap("duty", ("performer_number",), "starts_at", "ends_at"),
    NoOverlap("dossier_agreement", ("dossier_id", "gp_number"), "valid_from", "valid_until", of_days=True),
    Frozen("published_duty"),
    Frozen("audit_entry"),
    Frozen("payment_run"),
    Frozen("payment_run_file"),
    Frozen("payment_statement"),
    Frozen("payment_line"),
    Frozen("payment_transfer"),
    Frozen("payment_file_sent"),
    Frozen(
        "duty",
        when="OLD.responsible_number IS DISTINCT FROM NEW.responsible_number"
        " AND OLD.publication_id = NEW.publication_id",
        deletable=True,
    ),
)
"""`gp.number` is unique over all HDSs, so that a performer's number alone tells whose duty it is."""


def statements(dialect: str) -> Iterator[str]:
    """The SQL that puts every guard in place."""
    for guard in GUARDS:
        yield from guard.postgresql() if dialect == "postgresql" else guard.sqlite()


for _dialect in ("postgresql", "sqlite"):
    for _statement in statements(_dialect):
        _ddl = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(Base.metadata, "after_create", _ddl.execute_if(dialect=_dialect))
