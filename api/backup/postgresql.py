"""PostgreSQL: the documented `pg_dump` and `pg_restore`, each as a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from scheduler.errors import AnwError
from scheduler.messages import text

_SCHEMAS = ("public", "dbos")
"""Those of the service, and of its jobs."""


class ToolFailed(AnwError):
    """A program of PostgreSQL is missing or ended with an error."""

    code = "backup_tool_failed"


def dump_database(url: str, target: Path, snapshot: str) -> None:
    """Write the whole database, tables of the jobs included, as of an exported snapshot; raises ToolFailed."""
    _run(
        "pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"
    )


def restore_database(url: str, source: Path) -> None:
    """Fill an empty database, whole or not at all; raises ToolFailed."""
    _run(
        "pg_restore", url, "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", str(source)
    )  # fmt: skip


def has_tables(url: str) -> bool:
    """Whether anything stands in the schemas of the service."""
    with psycopg.connect(**_parameters(url)) as connection:  # type: ignore[arg-type]
        found = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = ANY(%s)", (list(_SCHEMAS),)
        ).fetchone()
    return bool(found and found[0])


def empty_database(url: str) -> None:
    """Take away what a restore put there, so that nobody starts on it."""
    with psycopg.connect(**_parameters(url)) as connection:  # type: ignore[arg-type]
        for schema in _SCHEMAS:
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())
        connection.execute("CREATE SCHEMA public")


def _parameters(url: str) -> dict[str, str | int]:
    """What libpq is told, from the address that SQLAlchemy takes."""
    parsed = make_url(url)
    given = {"host": parsed.host, "port": parsed.port, "user": parsed.username, "password": parsed.password}
    query = {key: value if isinstance(value, str) else value[-1] for key, value in parsed.query.items()}
    known = {key: value for key, value in given.items() if value is not None}
    return {**known, "dbname": parsed.database or "", **query}


def _run(program: str, url: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise ToolFailed(text("backup.no_tool", program=program))
    parameters = _parameters(url)
    # a password among the arguments would be there for everybody on the machine to read
    environment = os.environ | {"PGPASSWORD": str(parameters.pop("password", ""))}
    target = psycopg.conninfo.make_conninfo(**parameters)  # type: ignore[arg-type]
    done = subprocess.run(
        [path, f"--dbname={target}", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        trouble = " ".join((done.stderr.strip() or str(done.returncode)).split())
        raise ToolFailed(text("backup.tool_failed", program=program, trouble=trouble))
