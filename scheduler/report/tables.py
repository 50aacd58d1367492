"""The CSV files of an output folder, column by column as the dossier format has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.explain.drop_outs import told

ROSTER_COLUMNS = ("shift_id", "post_id", "role", "start", "end", "burden", "gp_id", "trainee_gp_id")
QUOTA_COLUMNS = ("gp_id", "burden", "target_hours", "assigned_hours")
UNFILLED_COLUMNS = ("shift_id", "reasons")

Row = tuple[str, ...]


def roster_rows(roster: Roster) -> Iterable[Row]:
    """One row a shift in order of start and id; no GP: unfilled. Times are local, with their UTC offset."""
    for shift in sorted(roster.shifts, key=lambda shift: (shift.starts_at, shift.id)):
        yield (
            shift.id,
            shift.post_id,
            shift.role.value,
            shift.start.isoformat(timespec="minutes"),
            shift.end.isoformat(timespec="minutes"),
            shift.burden.value,
            roster.gp_of.get(shift.id, ""),
            roster.trainee_of.get(shift.id, ""),
        )


def assigned_hours(roster: Roster) -> Mapping[tuple[str, Burden], float]:
    """Elapsed hours per GP and burden; a trainee's hours beside the trainer count for nobody."""
    hours: defaultdict[tuple[str, Burden], float] = defaultdict(float)
    for gp_id, shifts in roster.by_gp.items():
        for shift in shifts:
            hours[gp_id, shift.burden] += shift.hours
    return hours


def quota_rows(roster: Roster, targets: Mapping[tuple[str, Burden], float]) -> Iterable[Row]:
    """Target and assigned hours of each GP and burden that has either."""
    assigned = assigned_hours(roster)
    order = {burden: number for number, burden in enumerate(Burden)}
    for gp_id, burden in sorted({*targets, *assigned}, key=lambda key: (key[0], order[key[1]])):
        target, given = targets.get((gp_id, burden), 0.0), assigned.get((gp_id, burden), 0.0)
        if target or given:
            yield gp_id, burden.value, plain_number(target), plain_number(given)


def unfilled_rows(unfilled: Iterable[tuple[Shift, Mapping[str, int]]]) -> Iterable[Row]:
    """Each unfilled shift with how many GPs drop out by which rule, as `rule=count`, most first."""
    for shift, reasons in unfilled:
        yield shift.id, ";".join(f"{rule}={count}" for rule, count in told(reasons))


def plain_number(value: float) -> str:
    """A number with a point and at most four decimals, none that say nothing."""
    return f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")
