"""Free-standing shifts, and dossiers and rosters made of them, with defaults that no rule objects to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import GP, Agreement, Contract, Post, Practice, Role
from scheduler.domain.roster import Roster
from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Shift, ShiftType
from scheduler.domain.time import DAY, Period, local

YEAR = Period(start=date(2027, 1, 1), end=date(2027, 12, 31))
ALL_DAYS = frozenset({"weekday", "saturday", "sunday", "holiday"})
ALL_ROLES = frozenset(Role)
SPANS = {
    "evening": (time(17), time(23)),
    "night": (time(23), time(8)),
    "day": (time(8), time(16)),
    "late": (time(16), time(23)),
}


def a_gp(gp_id: str = "G1", contract: Contract = Contract.LOCUM, **fields: Any) -> GP:
    """A GP, a locum unless told otherwise."""
    return GP(id=gp_id, name=f"Huisarts {gp_id}", contract=contract, **fields)


def an_agreement(gp_id: str = "G1", contract: Contract = Contract.LOCUM, **fields: Any) -> Agreement:
    """An agreement for the whole of 2027 and the years around it, post P1, every role, nights included."""
    whole: dict[str, Any] = {
        "valid_from": date(2026, 1, 1),
        "valid_until": date(2028, 12, 31),
        "posts": frozenset({"P1"}),
        "roles": ALL_ROLES,
        "hours": None if contract is Contract.PRACTICE_OWNER else 100.0,
        "nights": True,
    }
    return Agreement(gp_id=gp_id, contract=contract, **(whole | fields))


def a_shift_type(name: str = "evening", *, role: Role = Role.CONSULT, **fields: Any) -> ShiftType:
    """A shift type on every day; `name` gives the times, as in `SPANS`."""
    start, end = SPANS[name]
    whole: dict[str, Any] = {"id": f"P1-{role.value}-{name}", "post_id": "P1", "days": ALL_DAYS, "headcount": 1}
    return ShiftType(role=role, **({"start": start, "end": end} | whole | fields))


def a_shift(
    day: date | str,
    name: str = "evening",
    *,
    role: Role = Role.CONSULT,
    post: str = "P1",
    number: int = 1,
    start: time | None = None,
    end: time | None = None,
) -> Shift:
    """A shift on a day (a date or `YYYY-MM-DD`); `name` gives the times, `start` and `end` replace them."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    begin, stop = start or SPANS[name][0], end or SPANS[name][1]
    return Shift.on_calendar(
        id=f"{post}-{role.value}-{name}/{on}/{number}",
        post_id=post,
        role=role,
        start=local(on, begin),
        end=local(on if stop > begin else on + DAY, stop),
        calendar=Calendar(),
    )


def a_dossier(*gps: GP, rules: Mapping[str, Any] | None = None, **fields: Any) -> Dossier:
    """A dossier of one post for 2027; without GPs: one locum, `G1`. Each GP gets a plain agreement unless given."""
    people = gps or (a_gp(),)
    whole: dict[str, Any] = {
        "hds_id": "test",
        "hds_name": "Test",
        "period": YEAR,
        "posts": (Post(id="P1", name="Post 1", patients=10_000), Post(id="P2", name="Post 2", patients=5_000)),
        "shift_types": (a_shift_type(),),
        "practices": (Practice(id="H1", name="Praktijk 1", patients=2_000),),
        "gps": people,
        "agreements": tuple(an_agreement(gp.id, gp.contract) for gp in people),
        "rules": RuleParameters(**(rules or {})),
    }
    return Dossier(**(whole | fields))


def a_roster(
    given: Mapping[str, Iterable[Shift]], *, unfilled: Iterable[Shift] = (), trainees: Mapping[str, str] | None = None
) -> Roster:
    """A roster in which each GP has the shifts given; `trainees` maps shift ids to trainees."""
    gp_of = {shift.id: gp_id for gp_id, shifts in given.items() for shift in shifts}
    shifts = [shift for those in given.values() for shift in those] + list(unfilled)
    ordered = tuple(sorted(shifts, key=lambda shift: (shift.starts_at, shift.id)))
    return Roster(shifts=ordered, gp_of=gp_of, trainee_of=dict(trainees or {}))
