"""The cheapest exchange of like shifts."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.availability import Absence, Wish, WishKind
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.roster import Roster
from scheduler.domain.time import Period
from scheduler.explain import Ledger, explain_gp
from scheduler.explain.exchange import Exchange, cheapest_exchange
from scheduler.rules import RULES
from scheduler.wishes import total
from tests import builders
from tests.builders import agreement, gp, moment, shift_type

EVENINGS = tuple(f"e/2027-01-{day:02}/1" for day in (4, 11, 18, 25))


def case(gps: str = "ABC", **fields: object) -> Dossier:
    """An evening each Monday of January."""
    return builders.dossier(
        [gp(gp_id) for gp_id in gps],
        [agreement(gp_id) for gp_id in gps],
        [shift_type("e", days={"mon"})],
        period=Period(start=date(2027, 1, 2), end=date(2027, 1, 31)),
        **fields,
    )


def avoid(gp_id: str, day: str, weight: float) -> Wish:
    """Would rather not work on a day."""
    return Wish(gp_id=gp_id, start=moment(day), end=moment(f"{day}T23:59"), wish=WishKind.AVOID, weight=weight)


def found(dossier: Dossier, gps: str, shift_id: str) -> Exchange | None:
    """The cheapest exchange of a shift in a roster of the Mondays."""
    roster = builders.roster(dossier, {i: gp_id for i, gp_id in zip(EVENINGS, gps, strict=True) if gp_id != " "})
    ledger = Ledger(dossier, roster)
    return cheapest_exchange(ledger, ledger.candidates(roster.shift_by_id[shift_id]))


def test_the_exchange_that_meets_most_wishes_is_found() -> None:
    """A would rather not work on the 4th; B's 11th costs A two, C's 18th costs nobody anything."""
    dossier = case(wishes=[avoid("A", "2027-01-04", 5), avoid("A", "2027-01-11", 2)])
    exchange = found(dossier, "ABC ", EVENINGS[0])
    assert exchange is not None
    assert (exchange.gp_id, exchange.shift.id, exchange.soft) == ("C", EVENINGS[2], {"avoid_wish": -5.0})


def test_an_exchange_that_breaks_a_rule_is_none() -> None:
    """The only partner's shift falls in an absence of the GP."""
    away = Absence(gp_id="A", start=moment("2027-01-11"), end=moment("2027-01-12"))
    assert found(case("AB", absences=[away]), "AB  ", EVENINGS[0]) is None


def test_a_locked_shift_is_not_offered() -> None:
    """What was fixed beforehand is not exchanged."""
    assert found(case("AB", locks=[Lock(shift_id=EVENINGS[1], gp_id="B")]), "AB  ", EVENINGS[0]) is None


def test_an_open_shift_is_exchanged_with_nobody() -> None:
    """There is no one to give anything in return."""
    assert found(case(), "AB  ", EVENINGS[2]) is None


def test_a_gps_own_view_has_no_exchange() -> None:
    """Neither whose wishes stand in the way nor what they would cost."""
    dossier = case("AB", wishes=[avoid("B", "2027-01-04", 3)])
    roster = builders.roster(dossier, {EVENINGS[0]: "A", EVENINGS[1]: "B"})
    (own,), (planners,) = (explain_gp(dossier, roster, "A", for_gp=hidden).shifts for hidden in (True, False))
    assert (own.exchange, own.exchange_cost, planners.exchange_cost) == (None, None, 3)
    assert "ruil" not in own.text
    assert "Goedkoopste ruil tegen een gelijke dienst: met B tegen consult op post P, ma 11 januari" in planners.text


@settings(max_examples=40, deadline=None)
@given(
    gps=st.text("AB ", min_size=4, max_size=4),
    weights=st.lists(st.integers(1, 9), min_size=4, max_size=4),
    asked=st.integers(0, 3),
)
def test_no_other_legal_exchange_costs_less(gps: str, weights: list[int], asked: int) -> None:
    """Against judging the whole roster after every exchange of two shifts; A rather not on early days, B on late."""
    days = [shift_id.split("/")[1] for shift_id in EVENINGS]
    wishes = [avoid("AABB"[n], days[n], weight) for n, weight in enumerate(weights)]
    dossier = case("AB", wishes=wishes)
    gp_of = {i: gp_id for i, gp_id in zip(EVENINGS, gps, strict=True) if gp_id != " "}
    roster = builders.roster(dossier, gp_of)
    before, costs = total(dossier, roster), []
    for other in EVENINGS:
        if EVENINGS[asked] in gp_of and gp_of.get(other, gp_of[EVENINGS[asked]]) != gp_of[EVENINGS[asked]]:
            changed = gp_of | {EVENINGS[asked]: gp_of[other], other: gp_of[EVENINGS[asked]]}
            after = Roster(shifts=roster.shifts, gp_of=changed)
            if not any(True for rule in RULES if rule.name != "coverage" for _ in rule.check(dossier, after)):
                costs.append(total(dossier, after) - before)
    exchange = found(dossier, gps, EVENINGS[asked])
    assert (None if exchange is None else exchange.soft_total) == min(costs, default=None)
