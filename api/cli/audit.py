"""`anw audit verify`: whether the audit trail is what it was when it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.console import say, show_trouble
from scheduler.cli.options import option
from scheduler.cli.status import Status


def verify(
    data: Annotated[Path | None, option("--data", "data", "MAP")] = None,
    expect: Annotated[list[str] | None, option("--expect", "audit_expect", "KETEN:NR:HASH")] = None,
    backup: Annotated[Path | None, option("--backup", "audit_backup", "MAP")] = None,
) -> None:
    """Check every chain of the database; leaves with 1 when anything was changed, with 4 when it can't be read."""
    from api.audit.verify import verify_all
    from api.backup.manifest import read_manifest
    from api.cli.environment import open_database

    heads = read_manifest(backup).heads if backup else []
    database = open_database(data)
    findings = verify_all(database, [*(expect or []), *heads])
    database.close()
    for finding in findings.troubles:
        show_trouble(str(finding))
    if findings.troubles:
        raise typer.Exit(Status.VIOLATIONS)
    say("service.audit_sound", chains=findings.chains, entries=findings.entries, erased=findings.erased)
