"""`anw roster`: next year's roster from a dossier."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.console import STDERR, say, show_notices, show_trouble
from scheduler.cli.options import DossierFolder, Seed, option
from scheduler.cli.status import Status
from scheduler.messages import text
from scheduler.messages.dutch import number

if TYPE_CHECKING:
    from scheduler.domain.result import RosterResult
    from scheduler.domain.roster import Roster
    from scheduler.dossier import DossierReading

DEFAULT_SECONDS = 60.0
SECONDS_TO_WRITE, SECONDS_TO_WRITE_A_SHIFT = 1.2, 3e-4
"""Seconds kept for judging and writing: 1.9 s measured with 2,158 shifts, 3.3 s with 6,188."""
MOST_TO_WRITE = 0.25
"""Part of the time limit that is kept for it at most: who asks for a few seconds wants them spent on the roster."""
LONGEST = 7 * 24 * 3600


def roster(
    dossier: DossierFolder,
    out: Annotated[Path, option("--out", "out", "MAP")],
    time_limit: Annotated[float, option("--time-limit", "time_limit", "SECONDEN", 1, LONGEST)] = DEFAULT_SECONDS,
    workers: Annotated[int, option("--workers", "workers", "GETAL", 1, 256)] = 2,
    seed: Seed = 1,
    start: Annotated[Path | None, option("--start", "start", "MAP")] = None,
) -> None:
    """Make the roster, write it and its report, and leave with 0 (all filled) or 3 (shifts are open)."""
    begun = time.monotonic()
    reading = _prepared(dossier, out)
    earlier = _earlier(reading, start)
    from scheduler.cli.interrupt import stoppable
    from scheduler.cli.progress import ProgressView
    from scheduler.solve import solve

    to_write = SECONDS_TO_WRITE + SECONDS_TO_WRITE_A_SHIFT * len(reading.shifts)
    spent = time.monotonic() - begun + min(to_write, MOST_TO_WRITE * time_limit)
    with ProgressView() as view:
        result = stoppable(
            lambda cancel: solve(
                reading.dossier, time_limit=time_limit, workers=workers, seed=seed, start=earlier,
                progress=view.show, cancel=cancel, spent=spent,
            ),
            on_stop=lambda: view.say(text("cli.stopping")),
        )  # fmt: skip
    _write(reading, result, out, begun)
    if earlier is not None:
        _say_what_changed(earlier, result.roster)
    raise typer.Exit(Status.UNFILLED if result.roster.unfilled else Status.FINE)


def _write(reading: DossierReading, result: RosterResult, out: Path, begun: float) -> None:
    """Write the output and say what it comes to; what was solved is lost for no report and no folder that fails."""
    from scheduler.cli.summary import show_summary
    from scheduler.errors import OutputError, ReportUnmade
    from scheduler.report.output import write_output

    STDERR.print(text("cli.writing"), style="dim")
    try:
        judgement = write_output(reading.dossier, result, out, reading.notices)
    except ReportUnmade as error:
        show_trouble(str(error))
    except OutputError as error:
        refuge = Path(tempfile.mkdtemp(prefix="anw-"))
        write_output(reading.dossier, result, refuge, reading.notices)
        raise OutputError(text("cli.refuge", trouble=error, folder=refuge)) from error
    else:
        show_summary(reading.dossier, judgement, out, seconds=time.monotonic() - begun)


def _prepared(dossier: Path, out: Path) -> DossierReading:
    """The dossier, when it is right and the output can be written; else both troubles are told."""
    from scheduler.atomic import require_writable
    from scheduler.errors import DossierError, OutputError
    from scheduler.intake import take_in

    try:
        reading = take_in(dossier)
    except DossierError:
        try:
            require_writable(out)
        except OutputError as error:
            show_trouble(str(error))
        raise
    require_writable(out)
    show_notices(reading.notices)
    return reading


def _earlier(reading: DossierReading, folder: Path | None) -> Roster | None:
    from scheduler.dossier import read_roster

    return None if folder is None else read_roster(reading.dossier, reading.shifts, folder)


def _say_what_changed(earlier: Roster, now: Roster) -> None:
    changed = sum(earlier.gp_of.get(shift.id) != now.gp_of.get(shift.id) for shift in now.shifts)
    say("cli.summary.changed", changed=number(changed), shifts=number(len(now.shifts)))
