"""Small results to report on: a dossier, who does what, and the rest filled in plainly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract, Post, Role
from scheduler.domain.result import Phase, RosterResult
from scheduler.domain.roster import Roster
from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.fair_shares import fair_shares
from tests import builders

WEEK = Period(start=date(2027, 1, 4), end=date(2027, 1, 10))


def result_of(
    dossier: Dossier, gp_of: Mapping[str, str], trainee_of: Mapping[str, str] | None = None, **fields: Any
) -> RosterResult:
    """A result of seed 1 and one worker that proves nothing, unless said otherwise."""
    shifts = shifts_of(dossier)
    plain: dict[str, Any] = {
        "roster": Roster(shifts=shifts, gp_of=gp_of, trainee_of=trainee_of or {}),
        "targets": fair_shares(dossier, shifts).targets,
        "deviation_bound": dict.fromkeys(Burden, 0.0),
        "seconds": {Phase.PLACE: 1.5},
        "seed": 1,
        "workers": 1,
        "engine_version": "0.0.1",
    }
    return RosterResult(**(plain | fields))


def one_gp() -> tuple[Dossier, RosterResult]:
    """One GP, one evening, nothing else: the smallest roster there is."""
    dossier = builders.dossier(
        [builders.gp("A")],
        [builders.agreement("A")],
        [builders.shift_type("evening", days={"mon"})],
        period=WEEK,
    )
    return dossier, result_of(dossier, {"evening/2027-01-04/1": "A"})


def two_posts(*, filled: bool = True, **fields: Any) -> tuple[Dossier, RosterResult]:
    """A month of evenings, nights and standby at two posts, shared by six GPs in turn, one with a trainee.

    With `filled` false every shift stays open. The roster is no legal one.
    """
    ids = ("A", "B", "C", "D", "E", "F")
    kinds = (Contract.PRACTICE_OWNER, Contract.SALARIED, Contract.LOCUM)
    gps = [builders.gp(gp_id, kinds[number % 3], practice_id="PR") for number, gp_id in enumerate(ids)]
    rows = [
        builders.agreement(
            gp.id, posts={"P", "Q"}, roles={Role.CONSULT, Role.STANDBY}, contract=gp.contract,
            hours=None if gp.contract is Contract.PRACTICE_OWNER else 80.0,
        )
        for gp in gps
    ]  # fmt: skip
    dossier = builders.dossier(
        [*gps, builders.gp("T", Contract.TRAINEE, trainer_gp_id="A")],
        rows,
        [
            builders.shift_type("evening", headcount=2),
            builders.shift_type("late", "16:00", "23:00", post_id="Q", days={"saturday", "sunday"}),
            builders.shift_type("night", "23:00", "08:00", post_id="Q"),
            builders.shift_type("standby", "23:00", "08:00", role=Role.STANDBY),
        ],
        posts=[Post(id="P", name="Post <P>", patients=100), Post(id="Q", name="Post Q", patients=50)],
        **fields,
    )
    gp_of = {shift.id: ids[number % 6] for number, shift in enumerate(shifts_of(dossier)) if filled}
    beside_a = next((shift_id for shift_id, gp_id in gp_of.items() if gp_id == "A"), None)
    return dossier, result_of(dossier, gp_of, {beside_a: "T"} if beside_a else {})


def one_away(**fields: Any) -> tuple[Dossier, RosterResult]:
    """Four evenings, which B does all, as A is away; C does the fifth. The bounds are those of that week."""
    away = Absence(gp_id="A", start=builders.moment("2027-01-01"), end=builders.moment("2027-02-01"), reason="reis")
    dossier = builders.dossier(
        [builders.gp(gp_id) for gp_id in "ABC"],
        [builders.agreement(gp_id) for gp_id in "ABC"],
        [builders.shift_type("evening", days={"weekday"})],
        period=WEEK,
        absences=[away],
        rules=RuleParameters(max_shifts_per_week=7),
    )
    gp_of = {f"evening/2027-01-0{day}/1": "B" if day < 7 else "C" for day in range(4, 9)}
    bounds = {
        "deviation_bound": {Burden.EVENING: 5 / 3},
        "deviation_bound_within_reach": {Burden.EVENING: 4 / 3},
    }
    return dossier, result_of(dossier, gp_of, **(bounds | fields))
