"""Who could take a shift, at what cost, and who could not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scheduler.domain.availability import Absence, Wish, WishKind
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import Contract, Role
from scheduler.domain.time import Period
from scheduler.explain import Ledger
from scheduler.explain.candidates import first_broken, qualified
from scheduler.fairness import measure
from scheduler.rules.verdict import broken_by
from scheduler.wishes import total
from tests import builders
from tests.builders import agreement, gp, moment, shift_type
from tests.strategies import dossiers, rosters

EVENING = shift_type("e", days={"weekday"})
EARLIER = shift_type("d", "08:00", "16:00", days={"weekday"})
NIGHT = shift_type("n", "23:00", "08:00", days={"weekday"})
TUESDAY = "e/2027-01-05/1"
WEEK = Period(start=date(2027, 1, 4), end=date(2027, 1, 8))
EVENINGS = tuple(f"e/2027-01-0{day}/1" for day in range(4, 9))


def crowd() -> Dossier:
    """A GP for each way to drop out of the evening of Tuesday 5 January, two who are free, a trainee and a junior."""
    return builders.dossier(
        [
            *(gp(gp_id) for gp_id in ("free", "spare", "away", "visits", "rested")),
            gp("late", registered_until=date(2027, 1, 4)),
            gp("none"),
            gp("trainee", Contract.TRAINEE, trainer_gp_id="free"),
            gp("junior", Contract.JUNIOR),
        ],
        [
            *(agreement(gp_id) for gp_id in ("free", "spare", "away", "late", "rested")),
            agreement("visits", roles={Role.VISIT}),
            agreement("none", valid_from=date(2027, 1, 6)),
            agreement("trainee", contract=Contract.TRAINEE),
        ],
        [EVENING, EARLIER],
        absences=[Absence(gp_id="away", start=moment("2027-01-05"), end=moment("2027-01-06"))],
    )


def two(**fields: object) -> Dossier:
    """Five evenings in one week for A and B, who share them equally: fifteen hours each."""
    return builders.dossier([gp("A"), gp("B")], [agreement("A"), agreement("B")], [EVENING], period=WEEK, **fields)


def test_obstacles_name_rule_reason_and_the_clashing_shift() -> None:
    """Who worked until four in the afternoon is one hour short of the rest of eleven."""
    dossier = crowd()
    roster = builders.roster(dossier, {"d/2027-01-05/1": "rested"})
    obstacles = {o.gp_id: o for o in Ledger(dossier, roster).candidates(roster.shift_by_id[TUESDAY]).obstacles}
    assert {gp_id: (o.rule, o.reason) for gp_id, o in obstacles.items()} == {
        "away": ("absence", None),
        "visits": ("may_work", "other_role"),
        "rested": ("rest", None),
        "late": ("may_work", "registration_ended"),
        "none": ("may_work", "no_agreement"),
    }
    assert obstacles["rested"].violation.shift_ids == ("d/2027-01-05/1", TUESDAY)


def test_an_even_exchange_costs_nothing() -> None:
    """Three evenings against two: the deviations change places, half a shift each; B is then three days in a row."""
    dossier = two()
    roster = builders.roster(dossier, dict(zip(EVENINGS, "ABABA", strict=True)))
    (taker,) = Ledger(dossier, roster).candidates(roster.shift_by_id[EVENINGS[2]]).takers
    assert taker.deviation == pytest.approx((-0.5, 0.5))
    assert (taker.largest, taker.squares) == pytest.approx((0, 0))
    # A: days 4, 6, 8 cost 5 + 5, days 4, 8 cost 3; B: days 5, 7 cost 5, days 5, 6, 7 cost 6 + 6.
    assert taker.soft == {}


def test_a_taker_who_is_over_the_target_already_costs_fairness() -> None:
    """From two against three to one against four evenings: deviations from half a shift to one and a half."""
    dossier = two().replace(rules=two().rules.replace(max_shifts_per_week=7))
    roster = builders.roster(dossier, dict(zip(EVENINGS, "ABABB", strict=True)))
    (taker,) = Ledger(dossier, roster).candidates(roster.shift_by_id[EVENINGS[0]]).takers
    assert taker.deviation == pytest.approx((0.5, 1.5))
    assert taker.largest == pytest.approx(1.0)
    assert taker.squares == pytest.approx(2 * (1.5**2 - 0.5**2))


def test_filling_an_open_shift_changes_the_takers_account_only() -> None:
    """Of an open shift nobody gives anything up."""
    dossier = two()
    roster = builders.roster(dossier, dict(zip(EVENINGS[:4], "ABAB", strict=True)))
    takers = Ledger(dossier, roster).candidates(roster.shift_by_id[EVENINGS[4]]).takers
    assert [taker.gp_id for taker in takers] == ["A", "B"]
    assert takers[0].deviation == pytest.approx((-0.5, 0.5))
    assert takers[0].squares == pytest.approx(0)


def test_a_wish_that_would_be_broken_is_in_the_cost() -> None:
    """B would rather not work on Wednesday, with weight seven."""
    wish = Wish(gp_id="B", start=moment("2027-01-06"), end=moment("2027-01-07"), wish=WishKind.AVOID, weight=7)
    dossier = two(wishes=[wish])
    roster = builders.roster(dossier, dict(zip(EVENINGS, "ABABA", strict=True)))
    (taker,) = Ledger(dossier, roster).candidates(roster.shift_by_id[EVENINGS[2]]).takers
    assert taker.soft == {"avoid_wish": 7.0}
    assert taker.cost == (0.0, 0.0, 7.0)


def test_a_lock_keeps_others_from_a_shift() -> None:
    """Who else could have done a locked shift does not matter."""
    dossier = two(locks=[Lock(shift_id=EVENINGS[2], gp_id="A")])
    roster = builders.roster(dossier, dict(zip(EVENINGS, "ABABA", strict=True)))
    candidates = Ledger(dossier, roster).candidates(roster.shift_by_id[EVENINGS[2]])
    assert candidates.dropped_by_rule == {"locks": 1}


DAYS = st.lists(st.sampled_from("AB "), min_size=5, max_size=5)


@settings(max_examples=60, deadline=None)
@given(evenings=DAYS, nights=DAYS, asked=st.integers(0, 9))
def test_the_cost_of_a_taker_is_the_difference_between_two_whole_judgements(
    evenings: list[str], nights: list[str], asked: int
) -> None:
    """Against measuring fairness and soft cost of the roster before and after the change; rules as their own checks."""
    dossier = two(
        wishes=[Wish(gp_id="B", start=moment("2027-01-06"), end=moment("2027-01-07"), wish=WishKind.PREFER, weight=7)],
        clinic_days={"A": {"wed", "thu"}},
        locks=[Lock(shift_id=EVENINGS[2], gp_id="A")],
    ).replace(shift_types=(EVENING, NIGHT))
    empty = builders.roster(dossier)
    given_to = dict(zip((shift.id for shift in empty.shifts), evenings + nights, strict=True))
    roster = builders.roster(dossier, {shift_id: gp_id for shift_id, gp_id in given_to.items() if gp_id != " "})
    ledger, shift = Ledger(dossier, roster), roster.shifts[asked]
    before = measure(dossier, roster, ledger.targets)[shift.burden]
    candidates = ledger.candidates(shift)
    for taker in candidates.takers:
        changed = roster.with_gp(shift.id, taker.gp_id)
        after = measure(dossier, changed, ledger.targets)[shift.burden]
        assert taker.largest == pytest.approx(after.largest - before.largest)
        squares = [sum(own.deviation**2 for own in those.per_gp.values()) for those in (before, after)]
        assert taker.squares == pytest.approx(squares[1] - squares[0])
        assert taker.soft_total == pytest.approx(total(dossier, changed) - total(dossier, roster))
    for gp_id in "AB":
        broken = broken_by(dossier, roster, gp_id, shift)
        assert first_broken(dossier, roster, gp_id, shift) == (broken[0] if broken else None)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_everybody_is_a_taker_or_told_the_first_rule_in_the_way(data: st.DataObject) -> None:
    """Asked about all GPs at once as about one at a time."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier))
    assume(roster.shifts)
    found = Ledger(dossier, roster).candidates(data.draw(st.sampled_from(roster.shifts)))
    first = {
        gp_id: first_broken(dossier, roster, gp_id, found.shift)
        for gp_id in qualified(dossier)
        if gp_id != found.gp_id
    }  # fmt: skip
    assert {one.gp_id for one in found.takers} == {gp_id for gp_id, broken in first.items() if broken is None}
    assert {one.gp_id: one.violation for one in found.obstacles} == {k: v for k, v in first.items() if v is not None}
