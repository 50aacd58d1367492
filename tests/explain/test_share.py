"""How a share that changes in the year is told."""

from __future__ import annotations

from datetime import date
from typing import Any

from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Agreement, Contract, Practice, Role
from scheduler.domain.settings import OwnerKey, SharingSettings
from scheduler.domain.time import Period
from scheduler.explain.share import share_lines
from scheduler.fair_shares import fair_shares
from tests.builders import agreement, dossier, gp, moment, shift_type

FORTNIGHT = Period(start=date(2027, 1, 4), end=date(2027, 1, 15))
EVENINGS = shift_type("e", days={"weekday"})
NIGHTS = shift_type("n", "23:00", "08:00", days={"weekday"})
FIRST_WEEK, SECOND_WEEK = {"valid_until": date(2027, 1, 9)}, {"valid_from": date(2027, 1, 10)}


def owner(gp_id: str, **fields: Any) -> Agreement:
    """An owner's agreement."""
    return agreement(gp_id, contract=Contract.PRACTICE_OWNER, hours=None, **fields)


def case(*rows: Agreement, types: tuple[Any, ...] = (EVENINGS,), **fields: Any) -> Dossier:
    """Ten evenings of six hours; a GP works at the practice that the id starts with, of 1000 (X) or 2000 (Y)."""
    practices = [Practice(id=name, name=name, patients=size) for name, size in (("X", 1000), ("Y", 2000))]
    gps = {row.gp_id: gp(row.gp_id, row.contract, practice_id=row.gp_id[0]) for row in rows}
    return dossier(list(gps.values()), rows, types, **({"period": FORTNIGHT, "practices": practices} | fields))


def told(found: Dossier, gp_id: str) -> list[str]:
    """The sentences on the share of a GP."""
    return list(share_lines(found, gp_id, fair_shares(found, shifts_of(found))))


def test_an_owner_who_joins_halfway_is_told_by_which_days() -> None:
    """The practice counts for half its patients: one part of five of sixty hours."""
    assert told(case(owner("X1", **SECOND_WEEK), owner("Y1")), "X1") == [
        "X1 deelt mee als praktijkhouder.",
        "Dagen die meetellen: 6 van de 12 dagen van de periode.",
        "Het streven voor avond gaat naar de dagen met het recht: 30 van de 60 uur.",
        "Wat na de waarnemers overblijft, 60 uur, is naar patiënten verdeeld: praktijk X heeft er 1.000 en op 6 van de"
        " 12 dagen een praktijkhouder met diensten, telt dus voor 500 van 2.500: 12 uur.",
        "Aandeel zonder achterwacht: 12 uur.",
    ]


def test_rights_that_change_are_told_row_by_row_with_the_hours_within_reach() -> None:
    """A class, a role and nights that change: of each row the days and the rights; nights go by half of them."""
    before = owner("X1", **FIRST_WEEK)
    after = agreement("X1", hours=12, nights=False, roles={Role.CONSULT, Role.LEAD}, **SECOND_WEEK)
    said = told(case(before, after, owner("Y1"), types=(EVENINGS, NIGHTS)), "X1")
    assert said[:4] == [
        "X1 deelt van 4 januari 2027 t/m 9 januari 2027 mee als praktijkhouder: consult op post P, nachten inbegrepen.",
        "X1 deelt van 10 januari 2027 t/m 15 januari 2027 mee als waarnemer: consult en regiearts op post P, zonder"
        " nachten.",
        "Het streven voor nacht gaat naar de dagen met het recht: 45 van de 90 uur.",
        "Afgesproken uren: 12.",
    ]


def test_days_that_do_not_count_are_told_with_the_reason() -> None:
    """A registration that ends and an excused absence; a locum's hours go by what is left."""
    away = Absence(gp_id="L", start=moment("2027-01-04"), end=moment("2027-01-07"), reason="ziek")
    plain = case(
        agreement("L", hours=24), owner("Y1"), absences=[away], sharing=SharingSettings(excused_reasons=("ziek",))
    )
    gps = [one.replace(registered_until=date(2027, 1, 9)) if one.id == "L" else one for one in plain.gps]
    assert told(plain.replace(gps=gps), "L") == [
        "L deelt mee als waarnemer.",
        "Dagen die meetellen: 3 van de 12 dagen van de periode.",
        "De registratie loopt tot en met 9 januari 2027.",
        "Verontschuldigd afwezig, en daarom niet meegeteld: 3 hele dagen.",
        "Het streven voor avond gaat naar de dagen met het recht: 12 van de 60 uur.",
        "Afgesproken uren: 24.",
        "Naar de dagen die meetellen zijn dat 6 uur.",
        "Aandeel zonder achterwacht: 6 uur.",
    ]


def test_partners_are_told_their_weight() -> None:
    """Six tenths of the twenty hours of the practice."""
    said = told(case(owner("X1", share=0.6), owner("X2", share=0.4), owner("Y1")), "X1")
    assert said[2] == (
        "Het eigen deel binnen de praktijk, naar de 12 dagen die meetellen en het afgesproken gewicht 0,6, is 60%:"
        " 12 uur."
    )


def test_the_key_of_all_owners_together_is_told() -> None:
    """Equally, or by fte, with salaried hours off the whole."""
    rows = owner("X1"), owner("Y1"), agreement("X2", contract=Contract.SALARIED, hours=10)
    equal = case(*rows, sharing=SharingSettings(owner_key=OwnerKey.EQUAL))
    assert told(equal, "X1")[1:] == [
        "Wat na de waarnemers overblijft, 60 uur, is over alle praktijkhouders gelijk verdeeld, naar dagen.",
        "Huisartsen in dienstverband nemen daarvan 10 uur over; er blijft 50 uur.",
        "Het eigen deel, naar de 12 dagen die meetellen, is 50%: 25 uur.",
        "Aandeel zonder achterwacht: 25 uur.",
    ]
    by_fte = equal.replace(
        sharing=SharingSettings(owner_key=OwnerKey.FTE),
        gps=[one.replace(fte=0.25) if one.id == "X1" else one for one in equal.gps],
    )
    assert "Het eigen deel, naar de 12 dagen die meetellen en 0,25 fte, is 20%: 10 uur." in told(by_fte, "X1")


def test_least_hours_are_told_to_who_gets_them_and_to_who_gives_them() -> None:
    """X would do twenty hours of sixty, and does thirty; Y does what is left."""
    found = case(owner("X1"), owner("Y1"), sharing=SharingSettings(least_hours=30))
    assert "Een praktijkhouder doet in een hele periode minstens 30 uur, naar de eigen dagen 30 uur." in told(
        found, "X1"
    )
    assert "Wat anderen tot het minimum erbij krijgen, gaat hier af: 30 uur." in told(found, "Y1")


def test_who_has_no_duty_day_has_no_share() -> None:
    """Registered until the year before."""
    plain = case(owner("X1"), owner("Y1"))
    gps = [one.replace(registered_until=date(2026, 12, 31)) if one.id == "X1" else one for one in plain.gps]
    assert told(plain.replace(gps=gps), "X1") == [
        "X1 heeft in deze periode geen overeenkomst die tot een aandeel leidt."
    ]
