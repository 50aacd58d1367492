"""Reading `roster.csv`, whether this program wrote it or a planner typed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.time import AMSTERDAM
from scheduler.dossier import cells, consistency
from scheduler.dossier.findings import Findings
from scheduler.dossier.row import Row
from scheduler.dossier.rows import Placed
from scheduler.dossier.schema import ROSTER
from scheduler.dossier.table import read_table
from scheduler.errors import RosterUnreadable
from scheduler.messages import text


def read_roster(dossier: Dossier, shifts: Sequence[Shift], folder: Path) -> Roster:
    """Read `roster.csv` in `folder` as a roster of `shifts`; a shift without a row is unfilled.

    Needs only the columns `shift_id` and `gp_id`; times, where given, must be those of the shift. Raises
    RosterUnreadable when there is no such file, DossierError with every mistake in it.
    """
    path = folder / ROSTER.name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RosterUnreadable(text("dossier.roster.missing", path=path)) from error
    findings = Findings()
    table = read_table(content, ROSTER, findings)
    findings.refuse_if_wrong()
    assert table is not None
    shift_by_id = {shift.id: shift for shift in shifts}
    duties = [_duty(Row(ROSTER.name, raw, findings), dossier, shift_by_id) for raw in table.rows]
    consistency.once(duties, "shift_id", lambda duty: duty[0])
    findings.refuse_if_wrong()
    return Roster(
        shifts=tuple(shifts),
        gp_of={one.item[0]: one.item[1] for one in duties if one.item[1]},
        trainee_of={one.item[0]: one.item[2] for one in duties if one.item[2]},
    )


Duty = tuple[str, str | None, str | None]
"""A shift, its GP and the trainee beside that GP."""


def _duty(row: Row, dossier: Dossier, shift_by_id: Mapping[str, Shift]) -> Placed[Duty]:
    shift_id = row.identifier("shift_id")
    shift = shift_by_id.get(shift_id)
    if shift is None:
        row.wrong("shift_id", "known_shift")
    else:
        _same_moment(row, "start", shift.starts_at)
        _same_moment(row, "end", shift.ends_at)
    gps = dossier.gp_by_id
    gp_id = row.optional_reference("gp_id", gps, "gp")
    return Placed(row, (shift_id, gp_id, row.optional_reference("trainee_gp_id", gps, "gp")))


def _same_moment(row: Row, column: str, moment: datetime) -> None:
    cell = row.text(column)
    if cell and _moment(cell) != moment:
        row.wrong(column, "times", value=moment.astimezone(AMSTERDAM).isoformat(timespec="minutes"))


def _moment(cell: str) -> datetime | None:
    """The moment in UTC, with an offset or local; None when the text is no moment."""
    try:
        return (
            datetime.fromisoformat(cell).astimezone(UTC) if "+" in cell else cells.parse_moment(cell)[0].astimezone(UTC)
        )
    except ValueError:
        return None
