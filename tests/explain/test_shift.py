"""The explanation of one shift, filled or open."""

from __future__ import annotations

from datetime import date

import pytest

from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import Contract
from scheduler.domain.time import Period
from scheduler.errors import UnknownSubject
from scheduler.explain import explain_shift
from scheduler.messages import text
from scheduler.rules import RULES
from tests import builders
from tests.builders import agreement, gp, moment, shift_type

MONDAY, TUESDAY = "e/2027-01-04/1", "e/2027-01-05/1"


def case(**fields: object) -> Dossier:
    """Two evenings; A and B may do both, C is away on Tuesday, V has no agreement for the post."""
    return builders.dossier(
        [*(gp(gp_id) for gp_id in "ABCV"), gp("T", Contract.TRAINEE, trainer_gp_id="A")],
        [*(agreement(gp_id) for gp_id in "ABC"), agreement("V", posts={"Q"})],
        [shift_type("e", days={"weekday"})],
        period=Period(start=date(2027, 1, 4), end=date(2027, 1, 5)),
        absences=[Absence(gp_id="C", start=moment("2027-01-05"), end=moment("2027-01-06"))],
        **fields,
    )


def test_an_unknown_shift_is_an_error() -> None:
    """A shift that does not exist has no explanation."""
    dossier = case()
    with pytest.raises(UnknownSubject, match="e/2027-01-09/1"):
        explain_shift(dossier, builders.roster(dossier), "e/2027-01-09/1")


def test_a_filled_shift_names_who_else_could_and_who_could_not() -> None:
    """B could take Tuesday over from A, C is away and V works elsewhere."""
    dossier = case()
    found = explain_shift(dossier, builders.roster(dossier, {TUESDAY: "A", MONDAY: "B"}, {TUESDAY: "T"}), TUESDAY)
    assert (found.gp_id, found.trainee_gp_id, found.taker_count) == ("A", "T", 1)
    assert [taker.gp_id for taker in found.takers] == ["B"]
    assert found.dropped == {"absence": 1, "may_work": 1}
    assert found.dropped_by_reason == {"other_post": 1}
    assert found.text.splitlines() == [
        "Dienst e/2027-01-05/1: consult op post P, di 5 januari 2027 17:00-23:00 (6 uur, telt als avond).",
        "Ingedeeld: A.",
        "A wijkt voor avond nu +0,33 dienst af van de streefuren.",
        "Aios T loopt mee.",
        "Van de 3 andere huisartsen kan er 1 deze dienst overnemen zonder een regel te breken.",
        "Er vallen af: 1 door afwezigheid en 1 door bevoegdheid of overeenkomst (1 een andere post).",
        "Wie de dienst kan doen, met wat dat kost (de goedkoopste eerst):",
        "- B: afwijking voor avond van +0,33 naar +1,33 dienst, grootste afwijking +0,67, som van kwadraten +2;"
        " wensen +6 (spreiding van diensten +6)",
        "Wie wel bevoegd is maar afvalt:",
        "- C is afwezig van 5 januari 2027 00:00 tot 6 januari 2027 00:00, tijdens dienst e/2027-01-05/1.",
    ]


def test_an_open_shift_says_so_and_counts_all_gps() -> None:
    """Of an open shift nobody is left out."""
    dossier = case()
    found = explain_shift(dossier, builders.roster(dossier, {MONDAY: "A"}), TUESDAY)
    assert (found.gp_id, found.deviation, found.taker_count) == (None, None, 2)
    assert "Niemand is ingedeeld." in found.text
    assert "Van de 4 huisartsen kunnen er 2 deze dienst erbij doen" in found.text


def test_a_shift_that_nobody_can_do_says_so() -> None:
    """No count of nought, but a sentence."""
    dossier = case().replace(agreements=(agreement("V", posts={"Q"}),))
    found = explain_shift(dossier, builders.roster(dossier), TUESDAY)
    assert "Geen van de 4 huisartsen kan deze dienst erbij doen zonder een regel te breken." in found.text


def test_a_locked_shift_says_that_it_was_fixed_beforehand() -> None:
    """The lock is the reason."""
    dossier = case(locks=[Lock(shift_id=TUESDAY, gp_id="A")])
    found = explain_shift(dossier, builders.roster(dossier, {TUESDAY: "A"}), TUESDAY)
    assert found.is_locked
    assert "vooraf vastgezet" in found.text


def test_a_roster_that_breaks_a_rule_is_told() -> None:
    """A hand-made roster may have put C on duty while away."""
    dossier = case()
    found = explain_shift(dossier, builders.roster(dossier, {TUESDAY: "C"}), TUESDAY)
    assert [violation.rule for violation in found.violations] == ["absence"]
    assert "breekt een regel: C is afwezig" in found.text


@pytest.mark.parametrize("reader", ["A", "B"])
def test_a_gp_is_told_nothing_that_is_private_of_others(reader: str) -> None:
    """Numbers only, and the same whether or not C is away; the deviation only of the own shift."""
    dossier = case()
    roster = builders.roster(dossier, {TUESDAY: "A", MONDAY: "B"})
    found = explain_shift(dossier, roster, TUESDAY, reader=reader)
    assert (found.takers, found.obstacles, found.one_right) == ((), (), {})
    assert explain_shift(dossier, roster, TUESDAY).dropped["absence"] == 1
    assert "absence" not in found.dropped
    assert (found.deviation is None) is (reader == "B")
    assert explain_shift(dossier.replace(absences=()), roster, TUESDAY, reader=reader) == found


def test_every_rule_that_can_rule_out_a_gp_has_its_words() -> None:
    """A rule added without words would break the explanation."""
    for rule in RULES:
        if rule.name not in ("coverage", "trainee"):
            assert text(f"explain.rule.{rule.name}")
