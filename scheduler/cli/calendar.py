"""`anw calendar`: the shifts of one GP as iCalendar."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from scheduler.cli.options import RosterFolder, option


def calendar(
    folder: RosterFolder,
    gp: Annotated[str, option("--gp", "gp", "CODE")],
    out: Annotated[Path | None, option("--out", "calendar_out", "BESTAND.ics")] = None,
) -> None:
    """Write the calendar to a file, or to standard output."""
    from scheduler.atomic import replace_file
    from scheduler.report.ics import calendar_from_rows

    content = calendar_from_rows(folder, gp)
    if out is not None:
        replace_file(out, content)
    else:
        sys.stdout.buffer.write(content)
