"""Reading `roster.csv`, whether this program wrote it or a planner typed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.time import AMSTERDAM, HOUR
from scheduler.dossier import cells, consistency
from scheduler.dossier.findings import Findings
from scheduler.dossier.row import Row
from scheduler.dossier.rows import Placed
from scheduler.dossier.schema import ROSTER, WRITTEN_ROSTER, FileSpec
from scheduler.dossier.table import RawTable, read_table
from scheduler.errors import RosterUnreadable
from scheduler.messages import text


def read_roster(dossier: Dossier, shifts: Sequence[Shift], folder: Path) -> Roster:
    """Read `roster.csv` in `folder` as a roster of `shifts`; a shift without a row is unfilled.

    Needs only the columns `shift_id` and `gp_id`; times, where given, must be those of the shift. Raises
    RosterUnreadable when there is no such file, DossierError with every mistake in it.
    """
    findings = Findings()
    table = _table(folder, ROSTER, findings)
    shift_by_id = {shift.id: shift for shift in shifts}
    duties = [_duty(Row(ROSTER.name, raw, findings), dossier, shift_by_id) for raw in table.rows]
    consistency.once(duties, "shift_id", lambda duty: duty[0])
    findings.refuse_if_wrong()
    return Roster(
        shifts=tuple(shifts),
        gp_of={one.item[0]: one.item[1] for one in duties if one.item[1]},
        trainee_of={one.item[0]: one.item[2] for one in duties if one.item[2]},
    )


def read_output_roster(folder: Path) -> Roster:
    """Read a `roster.csv` of this program without its dossier: the shifts are those of its rows.

    The burden is the one that is written; whether a shift is a night shift follows from its times. Raises
    RosterUnreadable when there is no such file, DossierError with every mistake in it.
    """
    findings = Findings()
    table = _table(folder, WRITTEN_ROSTER, findings)
    duties = [_written(Row(ROSTER.name, raw, findings)) for raw in table.rows]
    consistency.once(duties, "shift_id", lambda duty: duty[0].id)
    findings.refuse_if_wrong()
    return Roster(
        shifts=tuple(one.item[0] for one in duties),
        gp_of={one.item[0].id: one.item[1] for one in duties if one.item[1]},
        trainee_of={one.item[0].id: one.item[2] for one in duties if one.item[2]},
    )


def _table(folder: Path, spec: FileSpec, findings: Findings) -> RawTable:
    path = folder / spec.name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RosterUnreadable(text("dossier.roster.missing", path=path)) from error
    table = read_table(content, spec, findings)
    findings.refuse_if_wrong()
    assert table is not None
    return table


def _written(row: Row) -> Placed[tuple[Shift, str, str]]:
    start, end = (_moment_in(row, column) for column in ("start", "end"))
    if end <= start:
        row.wrong("end", "after", column="start", value=start.astimezone(AMSTERDAM).isoformat(timespec="minutes"))
        end = start + HOUR
    shift = Shift.on_calendar(
        id=row.identifier("shift_id"),
        post_id=row.identifier("post_id"),
        role=row.choice("role", Role),
        start=start.astimezone(AMSTERDAM),
        end=end.astimezone(AMSTERDAM),
        calendar=Calendar(),
    ).replace(burden=row.choice("burden", Burden))
    return Placed(row, (shift, row.text("gp_id"), row.text("trainee_gp_id")))


def _moment_in(row: Row, column: str) -> datetime:
    moment = _moment(row.text(column))
    if moment is None:
        row.wrong(column, "moment")
    return moment or datetime(2000, 1, 1, tzinfo=UTC)


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
