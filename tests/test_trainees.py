"""Coupling trainees to the shifts of their own trainers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import trainees
from scheduler.domain.availability import Absence, PastHoliday, Wish, WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import GP, Agreement, Contract, Post, Role
from scheduler.domain.roster import Roster
from scheduler.rules import RULES
from scheduler.trainees import couple_trainees, trainee_hours
from tests import builders
from tests.builders import agreement, gp, moment, shift_type

EVENING = shift_type("e", "17:00", "23:00", days={"weekday"})
WEEKEND = shift_type("w", "08:00", "16:00", days={"saturday", "sunday", "holiday"})
NIGHT = shift_type("n", "23:00", "08:00", days={"weekday"})
STANDBY = shift_type("s", "17:00", "23:00", days={"weekday"}, role=Role.STANDBY)
EVENINGS = ("e/2027-01-05/1", "e/2027-01-12/1", "e/2027-01-19/1", "e/2027-01-26/1")
WEEKENDS = ("w/2027-01-09/1", "w/2027-01-23/1")


def trainee(gp_id: str = "T", **fields: Any) -> GP:
    """A trainee of trainer A."""
    return gp(gp_id, Contract.TRAINEE, trainer_gp_id="A", **fields)


def training(gp_id: str = "T", hours: float = 20.0, **fields: Any) -> Agreement:
    """A trainee's agreement."""
    return agreement(gp_id, contract=Contract.TRAINEE, hours=hours, **fields)


def case(
    *agreements: Agreement, trainees: Sequence[GP] = (), types: Sequence[Any] = (EVENING, WEEKEND), **fields: Any
) -> Dossier:
    """Trainer A, who may do everything, with trainees (T alone unless given)."""
    everything = agreement("A", roles=set(Role), posts={"P", "Q"})
    posts = [Post(id=post, name=post, patients=1000) for post in "PQ"]
    return builders.dossier(
        [gp("A"), *(trainees or [trainee()])], [everything, *agreements], types, posts=posts, **fields
    )


def coupled(dossier: Dossier, *shift_ids: str) -> dict[str, str]:
    """Who stands beside A on A's shifts."""
    return dict(couple_trainees(dossier, builders.roster(dossier, dict.fromkeys(shift_ids, "A"))).trainee_of)


def hours(dossier: Dossier, roster: Roster) -> dict[str, tuple[float, float]]:
    """Coupled and lacking hours of each trainee."""
    return {those.gp_id: (those.coupled_hours, those.lacking_hours) for those in trainee_hours(dossier, roster)}


def test_the_agreed_hours_are_met_exactly_where_they_can_be() -> None:
    """Twenty hours are two evenings of six and one weekend shift of eight, not three evenings."""
    dossier = case(training(hours=20))
    roster = couple_trainees(dossier, builders.roster(dossier, dict.fromkeys(EVENINGS + WEEKENDS, "A")))
    assert sorted(shift_id[0] for shift_id in roster.trainee_of) == ["e", "e", "w"]
    assert hours(dossier, roster) == {"T": (20.0, 0.0)}


def test_the_agreed_hours_are_never_exceeded() -> None:
    """With shifts of six hours and eleven agreed, the trainee joins one and lacks five."""
    dossier = case(training(hours=11))
    roster = couple_trainees(dossier, builders.roster(dossier, dict.fromkeys(EVENINGS, "A")))
    assert hours(dossier, roster) == {"T": (6.0, 5.0)}


def test_a_trainee_stands_beside_the_own_trainer_only() -> None:
    """Shifts of another GP, and open ones, get no trainee; the GPs stay as they were."""
    dossier = case(training(hours=100), trainees=[gp("B"), trainee()])
    before = builders.roster(dossier, {EVENINGS[0]: "B", EVENINGS[1]: "A"}, {EVENINGS[0]: "T"})
    after = couple_trainees(dossier, before)
    assert after.trainee_of == {EVENINGS[1]: "T"}
    assert after.gp_of == before.gp_of


@pytest.mark.parametrize(
    ("terms", "allowed"),
    [
        ({}, {"e/2027-01-05/1", "n/2027-01-13/1"}),
        ({"nights": False}, {"e/2027-01-05/1"}),
        ({"valid_from": date(2027, 1, 6)}, {"n/2027-01-13/1"}),
        ({"posts": {"Q"}}, set()),
        ({"roles": {Role.CONSULT, Role.STANDBY}}, {"e/2027-01-05/1", "n/2027-01-13/1", "s/2027-01-20/1"}),
    ],
)
def test_only_shifts_within_the_trainees_own_agreement_count(terms: dict[str, Any], allowed: set[str]) -> None:
    """Dates, post, role (standby only when named) and nights of the trainee's agreement are kept."""
    dossier = case(training(hours=100, **terms), types=[EVENING, NIGHT, STANDBY])
    assert coupled(dossier, "e/2027-01-05/1", "n/2027-01-13/1", "s/2027-01-20/1").keys() == allowed


def test_an_agreement_as_gp_later_in_the_year_gives_no_hours_as_trainee() -> None:
    """Who becomes a GP halfway is a trainee only under the agreement as trainee."""
    dossier = case(
        training(hours=100, valid_until=date(2027, 1, 15)), agreement("T", valid_from=date(2027, 1, 16), hours=50)
    )
    assert coupled(dossier, *EVENINGS).keys() == set(EVENINGS[:2])


def test_a_trainee_is_not_coupled_during_an_absence() -> None:
    """A shift that touches the trainee's absence goes without trainee."""
    away = Absence(gp_id="T", start=moment("2027-01-12T22:00"), end=moment("2027-01-13"))
    assert EVENINGS[1] not in coupled(case(training(hours=100), absences=[away]), *EVENINGS)


def test_christmas_worked_last_year_rules_out_new_year() -> None:
    """The trainee's own past counts, not the trainer's."""
    past = PastHoliday(gp_id="T", date=date(2026, 12, 25))
    shifts = ("w/2027-01-01/1", "w/2027-01-09/1")
    assert coupled(case(training(hours=100), past_holidays=[past]), *shifts).keys() == {"w/2027-01-09/1"}


def test_rest_rules_hold_though_the_trainers_roster_breaks_them() -> None:
    """Of two shifts of the trainer that overlap, the trainee joins one."""
    double = shift_type("f", "17:00", "23:00", days={"weekday"})
    dossier = case(training(hours=100), types=[EVENING, double])
    assert len(coupled(dossier, "e/2027-01-05/1", "f/2027-01-05/1")) == 1


def test_two_trainees_of_one_trainer_share_the_shifts() -> None:
    """Six hours and eight agreed, one shift of each length: both trainees come out exactly."""
    dossier = case(training("T", 6), training("U", 8), trainees=[trainee("T"), trainee("U")])
    assert coupled(dossier, EVENINGS[0], WEEKENDS[0]) == {EVENINGS[0]: "T", WEEKENDS[0]: "U"}


def test_what_lacks_is_spread_over_two_trainees() -> None:
    """Four evenings for two trainees of eighteen hours: two each, not three and one."""
    dossier = case(training("T", 18), training("U", 18), trainees=[trainee("T"), trainee("U")])
    assert sorted(coupled(dossier, *EVENINGS).values()) == ["T", "T", "U", "U"]


def test_trainees_that_are_too_many_for_one_table_still_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit of joint states the scarcest trainee chooses first, and nobody's limits are passed."""
    monkeypatch.setattr(trainees, "MOST_STATES", 1)
    narrow = training("U", 6, valid_until=date(2027, 1, 5))
    dossier = case(training("T", 18), narrow, trainees=[trainee("T"), trainee("U")])
    assert coupled(dossier, *EVENINGS) == dict.fromkeys(EVENINGS, "T") | {EVENINGS[0]: "U"}


def test_an_avoid_wish_decides_between_equal_shifts() -> None:
    """The three evenings outside the wish are taken, whatever their spread."""
    wish = Wish(gp_id="T", start=moment("2027-01-19"), end=moment("2027-01-20"), wish=WishKind.AVOID, weight=1)
    assert coupled(case(training(hours=18), wishes=[wish]), *EVENINGS).keys() == set(EVENINGS) - {EVENINGS[2]}


def test_a_prefer_wish_decides_between_equal_shifts() -> None:
    """The evening that the trainee would like to work is among those taken."""
    for evening in EVENINGS:
        day = evening.split("/")[1]
        wish = Wish(gp_id="T", start=moment(f"{day}T12:00"), end=moment(f"{day}T20:00"), wish=WishKind.PREFER, weight=1)
        assert coupled(case(training(hours=6), wishes=[wish]), *EVENINGS).keys() == {evening}


def test_equal_choices_are_spread_over_the_period() -> None:
    """Of shifts on 4, 5, 6 and 25 January the last and one of the first are taken."""
    shifts = ("e/2027-01-04/1", "e/2027-01-05/1", "e/2027-01-06/1", "e/2027-01-25/1")
    found = coupled(case(training(hours=12, valid_until=date(2027, 1, 31))), *shifts)
    assert len(found) == 2
    assert "e/2027-01-25/1" in found


def test_burdens_are_mixed_as_the_trainer_has_them() -> None:
    """Of four equal shifts, half of them weekend, one of each, though two evenings would be spread better."""
    long_evening = shift_type("l", "15:00", "23:00", days={"weekday"})
    shifts = ("w/2027-01-09/1", "l/2027-01-11/1", "l/2027-01-21/1", "w/2027-01-23/1")
    found = coupled(case(training(hours=16, valid_until=date(2027, 1, 31)), types=[long_evening, WEEKEND]), *shifts)
    assert sorted(shift_id[0] for shift_id in found) == ["l", "w"]


def test_trainees_trade_shifts_of_equal_length() -> None:
    """With one evening each and none left, both would rather work on the other's."""
    wishes = [
        Wish(gp_id=gp_id, start=moment(day), end=moment(f"{day}T23:00"), wish=WishKind.PREFER, weight=1)
        for gp_id, day in (("T", "2027-01-12"), ("U", "2027-01-05"))
    ]
    dossier = case(training("T", 6), training("U", 6), trainees=[trainee("T"), trainee("U")], wishes=wishes)
    assert coupled(dossier, *EVENINGS[:2]) == {EVENINGS[0]: "U", EVENINGS[1]: "T"}


def test_each_agreement_has_its_own_hours_and_dates() -> None:
    """Six hours in the first half of January cannot be made up for in the second, with twelve hours."""
    halves = training(hours=6, valid_until=date(2027, 1, 15)), training(hours=12, valid_from=date(2027, 1, 16))
    late = ("e/2027-01-19/1", "e/2027-01-22/1", "e/2027-01-26/1")
    assert len(coupled(case(*halves), *late)) == 2


def test_a_trainee_without_hours_or_trainers_shifts_lacks_all_agreed_hours() -> None:
    """Who cannot be coupled is reported, not forgotten."""
    dossier = case(training(hours=12.5))
    assert hours(dossier, couple_trainees(dossier, builders.roster(dossier))) == {"T": (0.0, 12.5)}


DAYS = st.sets(st.integers(1, 28), max_size=7)


@settings(max_examples=60, deadline=None)
@given(evenings=DAYS, weekends=DAYS, agreed=st.floats(0, 50))
def test_no_other_legal_set_comes_nearer_to_the_agreed_hours(
    evenings: set[int], weekends: set[int], agreed: float
) -> None:
    """Against every subset of the trainer's shifts that all rules allow a trainee."""
    dossier = case(training(hours=agreed))
    candidates = [f"e/2027-01-{day:02}/1" for day in evenings] + [f"w/2027-01-{day:02}/1" for day in weekends]
    empty = builders.roster(dossier)
    own = [shift_id for shift_id in candidates if shift_id in empty.shift_by_id]
    legal = _legal(dossier, own)
    roster = couple_trainees(dossier, Roster(shifts=empty.shifts, gp_of=dict.fromkeys(legal, "A")))
    assert not [violation for rule in RULES if rule.name != "coverage" for violation in rule.check(dossier, roster)]
    lengths = [roster.shift_by_id[shift_id].hours for shift_id in legal]
    sums = {sum(those) for size in range(len(lengths) + 1) for those in combinations(lengths, size)}
    assert hours(dossier, roster)["T"][0] == max(total for total in sums if total <= agreed)


def _legal(dossier: Dossier, shift_ids: Sequence[str]) -> list[str]:
    """As many of the shifts as A may do together, in the order given."""
    kept: list[str] = []
    for shift_id in shift_ids:
        roster = builders.roster(dossier, dict.fromkeys([*kept, shift_id], "A"))
        if not any(True for rule in RULES if rule.name != "coverage" for _ in rule.check(dossier, roster)):
            kept.append(shift_id)
    return kept
