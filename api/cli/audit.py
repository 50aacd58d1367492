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
) -> None:
    """Check every chain of the database; leaves with 1 when anything was changed."""
    from api.audit.verify import verify_all
    from api.cli.environment import open_database

    database = open_database(data)
    findings = verify_all(database, expect or [])
    database.close()
    for finding in findings.troubles:
        show_trouble(str(finding))
    if findings.troubles:
        raise typer.Exit(Status.VIOLATIONS)
    say("service.audit_sound", chains=findings.chains, entries=findings.entries, erased=findings.erased)
