"""The explanation of one GP's roster."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.domain.availability import Absence, Balance, Limit, Wish, WishKind
from scheduler.domain.colleagues import CROWD
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import Contract, Practice, Role
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.errors import UnknownSubject
from scheduler.explain import explain_gp
from scheduler.explain.account import nearest
from tests import builders
from tests.builders import agreement, gp, moment, shift_type

EVENINGS = tuple(f"e/2027-01-0{day}/1" for day in range(4, 9))


def case(**fields: object) -> Dossier:
    """Five evenings, thirty hours: owners A and B of a practice of 2000 patients, C of one of 1000; S works for A's.

    The locum L takes 6 of the 30 hours; of the 24 left 16 fall to A and B, less the 4 of S, and 8 to C.
    """
    owner = {"contract": Contract.PRACTICE_OWNER, "hours": None}
    return builders.dossier(
        [
            *(gp(gp_id, Contract.PRACTICE_OWNER, practice_id="PR") for gp_id in "AB"),
            gp("C", Contract.PRACTICE_OWNER, practice_id="QR"),
            gp("S", Contract.SALARIED, practice_id="PR"),
            gp("L"),
            gp("T", Contract.TRAINEE, trainer_gp_id="A"),
            gp("J", Contract.JUNIOR),
        ],
        [
            *(agreement(gp_id, **owner) for gp_id in "ABC"),
            agreement("S", contract=Contract.SALARIED, hours=4),
            agreement("L", hours=6),
            agreement("T", contract=Contract.TRAINEE, hours=10),
        ],
        [shift_type("e", days={"weekday"})],
        practices=[
            Practice(id=practice, name=practice, patients=patients)
            for practice, patients in (("PR", 2000), ("QR", 1000))
        ],
        **({"period": Period(start=date(2027, 1, 4), end=date(2027, 1, 8))} | fields),
    )


def test_an_unknown_gp_is_an_error() -> None:
    """Who is not in the dossier cannot be explained."""
    dossier = case()
    with pytest.raises(UnknownSubject, match="X"):
        explain_gp(dossier, builders.roster(dossier), "X")


def test_an_owners_share_is_told_step_by_step() -> None:
    """Pool, patients, salaried hours, the own part: 24, 16, 12 and 6 hours."""
    dossier = case()
    found = explain_gp(dossier, builders.roster(dossier), "A")
    assert list(found.share) == [
        "A deelt mee als praktijkhouder.",
        "Wat na de waarnemers overblijft, 24 uur, is naar patiënten verdeeld: praktijk PR heeft er 2.000 van 3.000,"
        " dus 16 uur.",
        "Huisartsen in dienstverband van de praktijk nemen daarvan 4 uur over; er blijft 12 uur.",
        "Het eigen deel binnen de praktijk, naar de 5 dagen die meetellen, is 50%: 6 uur.",
        "Aandeel zonder achterwacht: 6 uur.",
    ]


def test_agreed_hours_are_the_share_of_a_locum() -> None:
    """Agreed hours beyond the demand are lowered, and that is told."""
    dossier = case().replace(
        agreements=(agreement("L", hours=60),), gps=(gp("L"), gp("T", Contract.TRAINEE, trainer_gp_id="L"))
    )
    share = explain_gp(dossier, builders.roster(dossier), "L").share
    assert share[1:] == (
        "Afgesproken uren: 60.",
        "Alle afspraken samen zijn meer dan het werk; ze zijn verlaagd met factor 0,5: 30 uur.",
        "Aandeel zonder achterwacht: 30 uur.",
    )


def test_balance_and_own_limit_are_steps_too() -> None:
    """Two hours too many last year come off; what that leaves is scaled back to the demand of 30 hours."""
    dossier = case(
        balances=[Balance(gp_id="A", burden=Burden.EVENING, hours=2)],
        limits=[Limit(gp_id="A", burden=None, max_hours=4.2)],
    )
    (pool,) = explain_gp(dossier, builders.roster(dossier), "A").pools
    assert (pool.balance, pool.limit) == (2.0, 4.2)
    assert (pool.share, pool.wanted) == pytest.approx((6, 4.2))
    assert list(pool.lines()) == [
        "Vorig jaar 2 uur meer gedaan dan het aandeel; dat gaat eraf.",
        "Eigen maximum voor het totaal: 4,2 uur.",
        "Na saldo en maxima, teruggebracht tot de hele vraag: 4,2 uur.",
        "Streeftotaal zonder achterwacht: 4,2 uur.",
    ]


def test_a_total_that_cannot_be_reached_is_told() -> None:
    """The only lead must do 30 hours though the total is 20."""
    dossier = builders.dossier(
        [gp("A"), gp("B"), gp("C")],
        [agreement("A", roles={Role.CONSULT, Role.LEAD}, hours=20), agreement("B", hours=20), agreement("C", hours=20)],
        [shift_type("e", days={"weekday"}), shift_type("l", days={"weekday"}, role=Role.LEAD)],
        period=Period(start=date(2027, 1, 4), end=date(2027, 1, 8)),
    )
    (pool,) = explain_gp(dossier, builders.roster(dossier), "A").pools
    assert "Door wie welk werk mag doen komt dit uit op 30 uur (+10)." in list(pool.lines())


def test_standby_is_accounted_apart() -> None:
    """Its total has its own lines, after the share without standby."""
    dossier = builders.dossier(
        [gp("A")],
        [agreement("A", roles={Role.CONSULT, Role.STANDBY})],
        [shift_type("e", days={"weekday"}), shift_type("s", days={"weekday"}, role=Role.STANDBY)],
        period=Period(start=date(2027, 1, 4), end=date(2027, 1, 8)),
    )
    found = explain_gp(dossier, builders.roster(dossier), "A")
    assert [pool.is_standby for pool in found.pools] == [False, True]
    assert "Streeftotaal achterwacht: 30 uur." in found.text
    assert [burden.burden for burden in found.burdens] == [Burden.EVENING, Burden.STANDBY]


def test_a_deviation_that_whole_shifts_leave_is_told_as_such() -> None:
    """C should do eight hours of evenings of six: one is a third of a shift short, and nothing is nearer."""
    dossier = case()
    found = explain_gp(dossier, builders.roster(dossier, {EVENINGS[0]: "C"}), "C")
    (evening,) = found.burdens
    assert evening.shifts == 1
    assert (evening.target, evening.assigned) == pytest.approx((8, 6))
    assert evening.deviation == pytest.approx(-1 / 3)
    assert evening.nearest == pytest.approx(1 / 3)
    assert evening.text == (
        "avond: streef 8 uur, toegewezen 6 uur in 1 dienst, afwijking −0,33 dienst."
        " Dichterbij kan niet: diensten zijn heel en duren gemiddeld 6 uur."
    )


def test_a_deviation_that_could_be_smaller_is_told_as_such() -> None:
    """Without any shift C is a shift and a third short, where whole shifts come to a third."""
    dossier = case()
    (evening,) = explain_gp(dossier, builders.roster(dossier), "C").burdens
    assert "Met hele diensten kon het 0,33 zijn" in evening.text


def test_each_shift_is_weighed_against_those_who_could_take_it() -> None:
    """C's shift of Monday: A and B would come further from their six hours each, L and S too."""
    dossier = case(locks=[Lock(shift_id=EVENINGS[1], gp_id="B")])
    roster = builders.roster(dossier, dict(zip(EVENINGS, "CBALC", strict=True)))
    first, second = explain_gp(dossier, roster, "C").shifts
    assert (first.shift.id, first.takers, first.less_fair, first.less_wished) == (EVENINGS[0], 4, 3, 0)
    assert first.best is not None and first.best.gp_id == "S"
    assert "Bij 3 komt de verdeling verder van de streefuren." in first.text
    assert "Bij 1 was het even goed of beter geweest." in first.text
    assert second.takers == 4
    (locked,) = explain_gp(dossier, roster, "B").shifts
    assert locked.is_locked
    assert locked.dropped == {"locks": 4}
    assert "Niemand anders kon deze dienst erbij doen." in locked.text


def test_all_shifts_are_told_at_a_glance_first() -> None:
    """C's two shifts: on Monday somebody was as good, on Friday too; B's only one is locked."""
    dossier = case(locks=[Lock(shift_id=EVENINGS[1], gp_id="B")])
    roster = builders.roster(dossier, dict(zip(EVENINGS, "CBALC", strict=True)))
    lines = explain_gp(dossier, roster, "C").text.splitlines()
    start = lines.index("Waarom deze diensten")
    assert lines[start + 1].startswith("- Bij 2 van de 2 was een ander even goed of beter geweest")
    assert lines[start + 2] == "- consult op post P, ma 4 januari 2027 17:00-23:00:"
    assert lines[start + 3].startswith("    4 anderen konden deze dienst ook doen.")
    assert "- Van de 1 is er 1 vooraf vastgezet." in explain_gp(dossier, roster, "B").text


def test_wishes_are_told_as_met_or_not() -> None:
    """Working on Monday meets one wish and breaks another."""
    times = {"start": moment("2027-01-04"), "end": moment("2027-01-05"), "weight": 3}
    wishes = [Wish(gp_id="A", wish=kind, **times) for kind in WishKind]
    other = Wish(gp_id="B", wish=WishKind.AVOID, **times)
    dossier = case(wishes=[*wishes, other])
    found = explain_gp(dossier, builders.roster(dossier, {EVENINGS[0]: "A"}), "A")
    assert [(outcome.wish.wish, outcome.met) for outcome in found.wishes] == [
        (WishKind.AVOID, False),
        (WishKind.PREFER, True),
    ]
    assert "gewicht 3: niet vervuld (e/2027-01-04/1)" in found.text


def test_a_gps_own_view_names_no_other_gp() -> None:
    """The cheapest taker is left out, and of so few others also for how many it would be less fair."""
    dossier = case()
    roster = builders.roster(dossier, dict(zip(EVENINGS, "CBALC", strict=True)))
    own, planners = (explain_gp(dossier, roster, "C", for_gp=hidden) for hidden in (True, False))
    assert all((reason.best, reason.less_fair, reason.as_good) == (None, None, None) for reason in own.shifts)
    assert "Goedkoopste vervanger: S" in planners.text
    assert "Goedkoopste vervanger" not in own.text
    assert "Met zo weinig anderen" in own.text


@pytest.mark.parametrize("others", [CROWD - 1, CROWD])
def test_a_gp_is_told_for_how_many_it_was_less_fair_only_of_a_crowd(others: int) -> None:
    """Of ten it may be told, with those who could not among them; of nine it is not."""
    names = [f"G{number}" for number in range(others + 1)]
    span = {"start": builders.moment("2027-01-04"), "end": builders.moment("2027-01-05")}
    dossier = builders.dossier(
        [builders.gp(name) for name in names], [builders.agreement(name) for name in names],
        [builders.shift_type("e")], absences=[Absence(gp_id="G1", **span)],
    )  # fmt: skip
    roster = builders.roster(dossier, {"e/2027-01-04/1": "G0"})
    [reason] = explain_gp(dossier, roster, "G0", for_gp=True).shifts
    assert (reason.takers, "absence" in reason.dropped) == (others, False)
    assert (reason.less_fair is None) is (others < CROWD)
    if others == CROWD:
        assert reason.as_good == others - 1
        assert "Bij 1 komt de verdeling verder van de streefuren, of kon het niet." in reason.text


def test_a_trainee_is_explained_by_the_trainer() -> None:
    """Which shifts, how many of the agreed hours, and no share."""
    dossier = case()
    roster = builders.roster(dossier, {EVENINGS[0]: "A"}, {EVENINGS[0]: "T"})
    found = explain_gp(dossier, roster, "T")
    assert found.text.splitlines() == [
        "Uitleg voor T (aios)",
        "Loopt mee met opleider A: 6 van de 10 afgesproken uren ingedeeld, 4 uur ontbreekt.",
        "- consult op post P, ma 4 januari 2027 17:00-23:00",
    ]


def test_a_junior_is_never_on_duty() -> None:
    """And the explanation says so."""
    dossier = case()
    found = explain_gp(dossier, builders.roster(dossier), "J")
    assert found.text.splitlines()[1] == "Deze arts mag geen diensten doen: er is geen bevoegdheid als huisarts."


@pytest.mark.parametrize(
    ("target", "lengths", "distance"),
    [(0, {6}, 0), (8, {6}, 2), (10, {6}, 2), (9, {6}, 3), (14, {6, 8}, 0), (13, {6, 9, 15}, 1), (7.25, {7.5}, 0.25)],
)
def test_the_nearest_sum_of_whole_shifts_is_found(target: float, lengths: set[float], distance: float) -> None:
    """Under or over the target, also of several lengths."""
    assert nearest(target, lengths) == pytest.approx(distance)


def test_a_long_absence_is_named_and_a_short_one_only_counted() -> None:
    """With its dates and reason, and whether it lowers the share; a GP who can still do the share has no shortfall."""
    january = case(period=builders.JANUARY)
    long = Absence(gp_id="L", start=moment("2027-01-04"), end=moment("2027-01-18"), reason="studie")
    short = Absence(gp_id="L", start=moment("2027-01-20"), end=moment("2027-01-21T12:00"))
    dossier = january.replace(absences=(long, short))
    found = explain_gp(dossier, builders.roster(dossier), "L")
    assert found.away == (
        "Afwezig op 15 van de 31 dagen met een overeenkomst.",
        "Afwezig van 4 januari 2027 t/m 17 januari 2027 (studie); dit verlaagt het aandeel niet.",
    )
    assert "Afwezigheid\n- Afwezig op 15" in found.text
    excused = dossier.replace(sharing=dossier.sharing.replace(excused_reasons=("studie",)))
    (_, said) = explain_gp(excused, builders.roster(excused), "L").away
    assert said.endswith("de hele dagen daarvan tellen niet mee in het aandeel.")
    assert explain_gp(january, builders.roster(january), "L").away == ()


def test_an_absence_that_puts_the_targets_out_of_reach_is_told_with_them() -> None:
    """The locum of six hours is away all week."""
    away = Absence(gp_id="L", start=moment("2027-01-01"), end=moment("2027-02-01"))
    dossier = case(absences=[away])
    (said,) = explain_gp(dossier, builders.roster(dossier), "L").away
    assert said == (
        "L kan de streefuren niet halen, hoe het rooster ook wordt: avond 6 uur, waarvan hoogstens 0 uur past "
        "(1 dienst te weinig). Afwezig op 5 van de 5 dagen met een overeenkomst. Afwezig van 1 januari 2027 t/m "
        "31 januari 2027; dit verlaagt het aandeel niet. Met een reden die het aandeel verlaagt (excused_reasons) of "
        "een overeenkomst zonder deze dagen gaan die uren naar de anderen."
    )
