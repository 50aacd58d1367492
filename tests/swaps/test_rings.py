"""The largest legal set of swaps."""

from __future__ import annotations

from datetime import date, time
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from scheduler.demand import shifts_of
from scheduler.domain.calendar import Calendar, DayType
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.generate import generate
from scheduler.solve import rings
from scheduler.swaps import Move, Situation, is_legal
from scheduler.swaps.additions import objections
from scheduler.swaps.market import market_of
from scheduler.swaps.offers import Market, Offer, Want, Wanted
from scheduler.swaps.rings import RingsFound, find_rings
from scheduler.verify import verify
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift
from tests.strategies import dossiers, rosters

A, B, C, D = (a_shift(f"2027-0{month}-01") for month in (2, 3, 4, 5))
FOUR = a_dossier(*(a_gp(f"G{number}") for number in range(1, 5)))


def named(*shifts: Shift) -> Wanted:
    """These shifts and no others."""
    return Wanted(shift_ids=frozenset(shift.id for shift in shifts))


def found(dossier: Dossier, roster: Roster, market: Market, **options: int) -> RingsFound:
    """The search in this process."""
    return find_rings(Situation.of(dossier, roster, {}), market, apart=False, **options)


def moves(of: RingsFound) -> set[tuple[str, str | None, str | None]]:
    """Every move of every proposal."""
    return {(move.shift_id, move.from_gp, move.to_gp) for one in of.proposals for move in one.moves}


def ring(*shifts: Shift) -> tuple[Roster, Market]:
    """Each GP has one of the shifts and wants the next one only."""
    holders = {f"G{number}": [shift] for number, shift in enumerate(shifts, 1)}
    after = [*shifts[1:], shifts[0]]
    offers = [
        Offer(gp_id=gp_id, shift_id=own.id, in_return=named(wanted))
        for (gp_id, (own,)), wanted in zip(holders.items(), after, strict=True)
    ]
    return a_roster(holders), Market(offers=offers)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_ring_goes_round(size: int) -> None:
    """Two, three or four GPs of whom each wants what the next one has: all at once or none."""
    roster, market = ring(A, B, C, D) if size == 4 else ring(*(A, B, C, D)[:size])
    answer = found(FOUR, roster, market)
    assert (answer.moved, answer.bound, answer.is_optimal, answer.gap) == (size, size, True, 0.0)
    (proposal,) = answer.proposals
    assert proposal.verdict.is_legal
    assert set(proposal.gp_ids) == {f"G{number}" for number in range(1, size + 1)}


def test_a_ring_longer_than_allowed_is_left() -> None:
    """Four must agree where three may."""
    roster, market = ring(A, B, C, D)
    assert found(FOUR, roster, market, longest=3).moved == 0


def test_a_ring_that_one_rule_breaks_is_left() -> None:
    """The third GP is at work the day after the shift that would come."""
    roster, market = ring(A, B, C)
    morning = a_shift("2027-02-02", "day")
    with_morning = a_roster({**{gp: list(own) for gp, own in roster.by_gp.items()}, "G3": [C, morning]})
    assert found(FOUR, with_morning, market).moved == 0


def test_a_handover_needs_somebody_who_would_take_it() -> None:
    """Without a want nothing moves; with one the shift goes, and through an exchange on the way if that moves more."""
    roster = a_roster({"G1": [A], "G2": [B]})
    gift = Offer(gp_id="G1", shift_id=A.id)
    assert found(FOUR, roster, Market(offers=[gift])).moved == 0
    want = Want(gp_id="G3", wanted=Wanted(burdens=frozenset({Burden.EVENING})))
    assert moves(found(FOUR, roster, Market(offers=[gift], wants=[want]))) == {(A.id, "G1", "G3")}
    exchange = Offer(gp_id="G2", shift_id=B.id, in_return=named(A))
    chain = found(FOUR, roster, Market(offers=[gift, exchange], wants=[want]))
    assert moves(chain) == {(A.id, "G1", "G2"), (B.id, "G2", "G3")}


def test_an_open_shift_can_be_picked_up_and_be_the_start_of_a_chain() -> None:
    """Nobody has to give it."""
    roster = a_roster({"G2": [B]}, unfilled=[A])
    exchange = Offer(gp_id="G2", shift_id=B.id, in_return=named(A))
    want = Want(gp_id="G3", wanted=named(B))
    assert moves(found(FOUR, roster, Market(offers=[exchange], wants=[want]))) == {
        (A.id, None, "G2"),
        (B.id, "G2", "G3"),
    }


def test_nobody_picks_up_more_than_asked_for() -> None:
    """Three handovers, one who would take two."""
    roster = a_roster({"G1": [A, B, C]})
    gifts = [Offer(gp_id="G1", shift_id=shift.id) for shift in (A, B, C)]
    want = Want(gp_id="G2", wanted=Wanted(), most=2)
    assert found(FOUR, roster, Market(offers=gifts, wants=[want])).moved == 2


def test_what_one_gp_cannot_have_together_is_not_given_together() -> None:
    """Two shifts with nine hours between them: each may go to the GP, not both."""
    evening, morning = a_shift("2027-02-01"), a_shift("2027-02-02", "day")
    roster = a_roster({"G1": [evening], "G2": [morning]})
    gifts = [Offer(gp_id="G1", shift_id=evening.id), Offer(gp_id="G2", shift_id=morning.id)]
    wants = [Want(gp_id="G3", wanted=Wanted(), most=2)]
    answer = found(FOUR, roster, Market(offers=gifts, wants=wants))
    assert (answer.moved, answer.bound) == (1, 1)
    both = found(FOUR, roster, Market(offers=gifts, wants=[*wants, Want(gp_id="G4", wanted=Wanted())]))
    assert both.moved == 2


def test_what_was_not_foreseen_is_found_by_judging_the_answer() -> None:
    """Three shifts in a week in which one more is allowed: the search is asked again until nobody has two."""
    week = [a_shift(f"2027-02-0{day}") for day in (1, 4, 7)]
    dossier = FOUR.replace(rules={"max_shifts_per_week": 1})
    roster = a_roster({f"G{number}": [shift] for number, shift in enumerate(week, 1)})
    gifts = [Offer(gp_id=f"G{number}", shift_id=shift.id) for number, shift in enumerate(week, 1)]
    answer = found(dossier, roster, Market(offers=gifts, wants=[Want(gp_id="G4", wanted=Wanted(), most=3)]))
    assert (answer.moved, answer.bound) == (1, 1)
    assert answer.rounds > 1


def test_rings_that_are_legal_only_together_are_one_proposal() -> None:
    """G1 may take the morning only once the evening before it is gone."""
    evening, morning = a_shift("2027-02-01"), a_shift("2027-02-02", "day")
    roster = a_roster({"G1": [evening], "G2": [morning]})
    gifts = [Offer(gp_id="G1", shift_id=evening.id), Offer(gp_id="G2", shift_id=morning.id)]
    wants = [Want(gp_id="G1", wanted=named(morning)), Want(gp_id="G3", wanted=named(evening))]
    answer = found(FOUR, roster, Market(offers=gifts, wants=wants))
    assert answer.moved == 2
    (proposal,) = answer.proposals
    assert proposal.rings == 2
    alone = found(FOUR, roster, Market(offers=gifts[1:], wants=wants))
    assert alone.moved == 0


def test_what_one_exchange_would_break_is_no_objection_to_the_same_shift_without_it() -> None:
    """Of three shifts at once the middle one, given for B, would leave two without rest; B as an extra one does not."""
    late, middle, last = a_shift("2027-02-01", "late"), a_shift("2027-02-01"), a_shift("2027-02-01", number=2)
    roster = a_roster({"G1": [late, middle, last]}, unfilled=[B])
    offers = [Offer(gp_id="G1", shift_id=late.id), Offer(gp_id="G1", shift_id=middle.id, in_return=named(B))]
    wants = [Want(gp_id="G1", wanted=named(B)), Want(gp_id="G2", wanted=named(middle))]
    answer = found(FOUR, roster, Market(offers=offers, wants=wants))
    assert moves(answer) == {(B.id, None, "G1")}
    assert answer.bound == 1


def test_a_breach_that_only_giving_brings_to_light_does_not_forbid_to_take() -> None:
    """G1 may take the morning (after a short shift within a long one) or give the short one, not both."""
    long = a_shift("2027-02-01", start=time(9), end=time(23))
    short = a_shift("2027-02-01", "day", start=time(10), end=time(12))
    morning = a_shift("2027-02-02", "day")
    roster = a_roster({"G1": [long, short], "G3": [morning]}, unfilled=[B])
    offers = [Offer(gp_id="G1", shift_id=short.id), Offer(gp_id="G3", shift_id=morning.id, in_return=named(B))]
    wants = [Want(gp_id="G1", wanted=named(morning)), Want(gp_id="G2", wanted=named(short))]
    answer = found(FOUR, roster, Market(offers=offers, wants=wants))
    assert moves(answer) == {(morning.id, "G3", "G1"), (B.id, None, "G3")}
    assert answer.bound == 2


def test_a_night_that_needs_another_one_is_taken_with_it() -> None:
    """After three nights the fifth comes too soon by itself; with the fourth it is one series of five."""
    nights = [a_shift(f"2027-02-0{day}", "night") for day in range(1, 6)]
    dossier = FOUR.replace(rules={"max_consecutive_nights": 5, "max_shifts_per_week": 7})
    roster = a_roster({"G1": nights[:3]}, unfilled=nights[3:])
    only_one = Market(wants=[Want(gp_id="G1", wanted=named(nights[4]))])
    assert (found(dossier, roster, only_one).moved, found(dossier, roster, only_one).bound) == (0, 0)
    both = found(dossier, roster, Market(wants=[Want(gp_id="G1", wanted=Wanted(), most=2)]))
    assert (both.moved, both.bound) == (2, 2)


def test_of_equally_large_sets_the_one_that_suits_best_is_taken() -> None:
    """G3 is two shifts below the share, G2 exactly at it."""
    roster = a_roster({"G1": [A]})
    market = Market(
        offers=[Offer(gp_id="G1", shift_id=A.id)],
        wants=[Want(gp_id=gp_id, wanted=named(A)) for gp_id in ("G2", "G3", "G4")],
    )
    targets = {("G3", Burden.EVENING): 12.0, ("G1", Burden.EVENING): 6.0}
    answer = find_rings(Situation.of(FOUR, roster, targets), market, apart=False)
    assert moves(answer) == {(A.id, "G1", "G3")}


def test_a_trainee_who_stays_behind_may_stand_in_the_way() -> None:
    """Without the fourth of five nights the trainee lacks rest before the last, which the trainer keeps."""
    nights = [a_shift(f"2027-02-0{day}", "night") for day in range(1, 6)]
    people = (a_gp("G1"), a_gp("G2"), a_gp("T1", Contract.TRAINEE, trainer_gp_id="G1"))
    dossier = a_dossier(*people, rules={"max_consecutive_nights": 5, "max_shifts_per_week": 7})
    roster = a_roster({"G1": nights}, trainees={night.id: "T1" for night in nights})
    gifts = [Offer(gp_id="G1", shift_id=nights[3].id), Offer(gp_id="G1", shift_id=nights[4].id)]
    wants = [Want(gp_id="G2", wanted=Wanted(), most=2)]
    assert moves(found(dossier, roster, Market(offers=gifts[:1], wants=wants))) == set()
    assert found(dossier, roster, Market(offers=gifts, wants=wants)).moved == 2


def test_a_process_apart_gives_the_same_answer() -> None:
    """The solver in a process of its own, as a service has it."""
    roster, market = ring(A, B, C)
    situation = Situation.of(FOUR, roster, {})
    assert find_rings(situation, market) == find_rings(situation, market, apart=False)


def test_what_is_wanted_is_named_or_described() -> None:
    """Any weekend day in May, or these two; a mixture says nothing clear."""
    calendar = Calendar()
    saturday, monday = a_shift("2027-05-08", "day"), a_shift("2027-05-10", "day")
    weekend = Wanted(
        first=date(2027, 5, 1), last=date(2027, 5, 31), day_types=frozenset({DayType.SATURDAY, DayType.SUNDAY})
    )
    assert weekend.among([saturday, monday, A], calendar) == {saturday.id}
    assert named(A, B).among([A, B, C], calendar) == {A.id, B.id}
    assert Wanted().among([A, B], calendar) == {A.id, B.id}
    with pytest.raises(ValidationError):
        Wanted(shift_ids=frozenset({A.id}), posts=frozenset({"P1"}))
    with pytest.raises(ValidationError):
        Wanted(first=date(2027, 5, 2), last=date(2027, 5, 1))
    with pytest.raises(ValidationError):
        Market(offers=[Offer(gp_id="G1", shift_id=A.id), Offer(gp_id="G1", shift_id=A.id)])


def test_a_generated_market_is_alike_for_alike_seeds() -> None:
    """The same seed gives the same market; offers are of who has the shift."""
    roster = a_roster({f"G{number}": [a_shift(f"2027-0{number}-0{day}") for day in (1, 4, 7)] for number in (1, 2, 3)})
    market = market_of(FOUR, roster, 6, seed=3)
    assert market == market_of(FOUR, roster, 6, seed=3)
    assert market != market_of(FOUR, roster, 6, seed=4)
    assert len(market.offers) == 6
    assert all(roster.gp_of[offer.shift_id] == offer.gp_id for offer in market.offers)


@st.composite
def markets(draw: st.DrawFn, dossier: Dossier, roster: Roster) -> Market:
    """Up to five offers of shifts close together and up to two wants, among few GPs who get in each other's way."""
    first = draw(st.integers(0, len(roster.shifts) - 1))
    near = roster.shifts[max(0, first - 6) : first + 6]
    held = [shift for shift in near if shift.id in roster.gp_of]
    up = draw(st.lists(st.sampled_from(held), max_size=5, unique=True)) if held else []
    wanted = st.one_of(
        st.just(Wanted()),
        st.builds(Wanted, shift_ids=st.frozensets(st.sampled_from([s.id for s in near]), min_size=1, max_size=4)),
    )
    offers = [
        Offer(gp_id=roster.gp_of[one.id], shift_id=one.id, in_return=draw(st.one_of(st.none(), wanted))) for one in up
    ]
    gp_ids = st.sampled_from([gp.id for gp in dossier.gps])
    wants = draw(st.lists(st.builds(Want, gp_id=gp_ids, wanted=wanted, most=st.integers(1, 2)), max_size=2))
    return Market(offers=offers, wants=wants)


def most_moved(situation: Situation, market: Market) -> int:
    """The largest legal set, by trying everything: for each offered or open shift who takes it, and for what."""
    dossier, roster = situation.dossier, situation.roster
    calendar, best = dossier.calendar, 0
    sources = [(offer.shift_id, offer.gp_id) for offer in market.offers]
    sources += [(shift.id, None) for shift in roster.unfilled]
    exchanges = [offer for offer in market.offers if offer.in_return is not None]
    takers = [("offer", one.gp_id, one.in_return, one.shift_id) for one in exchanges]
    takers += [("want", one.gp_id, one.wanted, None) for one in market.wants]
    options = []
    for shift_id, giver in sources:
        shift = situation.shift(shift_id)
        fitting = [
            place
            for place, (_, gp_id, wanted, _own) in enumerate(takers)
            if gp_id != giver and wanted is not None and wanted.meets(shift, calendar)
        ]
        options.append([None, *fitting])
    for chosen in product(*options):
        taken = [place for place in chosen if place is not None]
        given = {source[0] for source, place in zip(sources, chosen, strict=True) if place is not None}
        if len(taken) <= best or not within_room(takers, market, taken, given):
            continue
        plan = [
            Move(shift_id=shift_id, from_gp=giver, to_gp=takers[place][1])
            for (shift_id, giver), place in zip(sources, chosen, strict=True)
            if place is not None
        ]
        if is_legal(situation, plan):
            best = len(plan)
    return best


def within_room(takers: list, market: Market, taken: list[int], given: set[str]) -> bool:
    """An exchange takes one exactly when it gives; a want at most as many as it says."""
    for place, (kind, _, _, own) in enumerate(takers):
        times = taken.count(place)
        if kind == "offer" and times != int(own in given):
            return False
        if kind == "want" and times > market.wants[place - len(takers) + len(market.wants)].most:
            return False
    return True


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_larger_legal_set_exists(data: st.DataObject) -> None:
    """As many shifts as trying everything gives (rings here are never too long), legal together and one by one."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier, able=True).filter(lambda one: bool(one.shifts)))
    full = {shift.id: roster.gp_of.get(shift.id, dossier.gps[0].id) for shift in roster.shifts}
    open_ids = [shift.id for shift in roster.unfilled][:2]
    roster = roster.replace(gp_of={sid: gp for sid, gp in full.items() if sid not in open_ids}, trainee_of={})
    market = data.draw(markets(dossier, roster))
    situation = Situation.of(dossier, roster, {})
    answer = find_rings(situation, market, apart=False, seconds=60, longest=9)
    assert answer.moved == answer.bound == most_moved(situation, market)
    every = [move for one in answer.proposals for move in one.moves]
    assert len(every) == answer.moved
    assert all(one.verdict.is_legal for one in answer.proposals)
    if every:
        before, after = verify(dossier, roster, {}), verify(dossier, situation.after(every).roster, {})
        assert is_legal(situation, every)
        assert not before.is_legal or after.is_legal


def january() -> tuple[Dossier, Roster]:
    """A month of a small generated HDS, each shift with the first GP who may take it."""
    dossier = generate(60, 1, seed=4, months=1)
    situation = Situation.of(dossier, Roster(shifts=shifts_of(dossier)), {})
    gp_ids = [gp.id for gp in dossier.gps]
    for place, shift in enumerate(situation.ground.shifts):
        turn = gp_ids[place % len(gp_ids) :] + gp_ids[: place % len(gp_ids)]
        may = next((gp_id for gp_id in turn if not objections(situation, shift, [gp_id])[gp_id]), None)
        if may is not None:
            situation = situation.after([Move(shift_id=shift.id, to_gp=may)])
    return dossier, situation.roster


def test_a_market_too_large_to_write_down_is_cleared_legally(monkeypatch: pytest.MonkeyPatch) -> None:
    """By columns and parts as by the whole list: legal for all together, and no more than the list allows."""
    dossier, roster = january()
    market = market_of(dossier, roster, 60, seed=1)
    situation = Situation.of(dossier, roster)
    whole = find_rings(situation, market, apart=False, seconds=60)
    monkeypatch.setattr(rings, "SMALL", 0)
    parts = find_rings(situation, market, apart=False, seconds=60)
    assert 0 < parts.moved <= whole.bound
    assert whole.moved <= parts.bound
    for answer in (whole, parts):
        every = [move for one in answer.proposals for move in one.moves]
        assert len(every) == answer.moved
        assert verify(dossier, situation.after(every).roster, {}).is_legal == verify(dossier, roster, {}).is_legal
        assert all(one.verdict.is_legal for one in answer.proposals)
