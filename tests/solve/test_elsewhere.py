"""Runs and repairs keep the rules across what GPs do at other HDSs, whatever the shares say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from scheduler.domain.availability import BusyElsewhere
from scheduler.domain.dossier import Dossier
from scheduler.domain.time import Period
from scheduler.generate import generate
from scheduler.mend.run import mend
from scheduler.solve import solve
from scheduler.verify import verify
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift

MARCH = Period(start=date(2027, 3, 1), end=date(2027, 3, 28))


def often_elsewhere(dossier: Dossier, gp_ids: Sequence[str]) -> Dossier:
    """These GPs with a duty or two a week at another HDS, from before the period until after it."""
    found = []
    for place, gp_id in enumerate(gp_ids):
        day = dossier.period.start - timedelta(days=14 - place % 5)
        while day < dossier.period.end + timedelta(days=14):
            shift = a_shift(day, "night" if place % 4 == 0 else "evening")
            found.append(BusyElsewhere(gp_id=gp_id, start=shift.start, end=shift.end, is_night=shift.is_night))
            day += timedelta(days=4 + place % 2)
    return dossier.with_elsewhere(found)


def test_a_run_keeps_the_rules_across_duties_elsewhere() -> None:
    """Legal by the checker, which counts them; the same run without them would break rules."""
    village = generate(gps=40, posts=1, seed=5).replace(period=MARCH, limits=())
    blind = solve(village, time_limit=2, workers=1, seed=3)
    told = often_elsewhere(village, sorted(blind.roster.by_gp)[:8])
    made = solve(told, time_limit=4, workers=1, seed=3)
    assert verify(told, made.roster, made.targets).is_legal
    assert not verify(told, blind.roster, blind.targets).is_legal


def test_a_run_has_the_same_targets_with_and_without() -> None:
    """What a GP does elsewhere is no part of the share here."""
    village = generate(gps=20, posts=1, seed=5).replace(period=MARCH, limits=())
    told = solve(often_elsewhere(village, [gp.id for gp in village.gps]), time_limit=1, workers=1, seed=3)
    assert told.targets == solve(village, time_limit=1, workers=1, seed=3).targets


def test_a_gap_goes_to_nobody_who_is_elsewhere() -> None:
    """Of two who could fill it the one who is busy is not asked; where nobody else is left it stays open."""
    shift = a_shift("2027-02-02")
    gps = (a_gp("G1"), a_gp("G2"))
    roster = a_roster({}, unfilled=[shift])
    busy = [BusyElsewhere(gp_id=gp_id, start=shift.start, end=shift.end) for gp_id in ("G1", "G2")]
    one = mend(a_dossier(*gps, elsewhere=(busy[0],)), roster, vacated=[shift.id], beside=False)
    assert one.roster.gp_of == {shift.id: "G2"}
    none = mend(a_dossier(*gps, elsewhere=tuple(busy)), roster, vacated=[shift.id], beside=False)
    assert none.roster.gp_of == {}
    assert dict(none.left_open[0].dropped_by_rule) == {"no_overlap": 2}


def test_what_is_done_elsewhere_is_never_moved_to_make_room() -> None:
    """A repair may move shifts of others here; those at the other HDS stand."""
    gap, own = a_shift("2027-02-02"), a_shift("2027-02-03")
    gps = (a_gp("G1"), a_gp("G2"))
    roster = a_roster({"G1": [own]}, unfilled=[gap])
    busy = tuple(BusyElsewhere(gp_id=gp_id, start=one.start, end=one.end) for gp_id, one in (("G1", gap), ("G2", gap)))
    found = mend(a_dossier(*gps, elsewhere=busy), roster, vacated=[gap.id], movable=[own.id], beside=False)
    assert found.roster.gp_of == {own.id: "G1"}
    assert found.open_bound == 1
