"""What a rule says of a breach."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.rules import RULES, Violation
from tests.strategies import dossiers, rosters


def test_rules_have_names_of_their_own() -> None:
    """A name stands for one rule everywhere."""
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names)) == 17


@pytest.mark.parametrize(
    ("figure", "expected"), [(9.0, "9"), (9.25, "9,25"), (10, "10"), (1 / 3, "0,33"), (100.0, "100")]
)
def test_figures_are_written_the_dutch_way(figure: float, expected: str) -> None:
    """A comma, at most two decimals and no needless zeros."""
    found = Violation(rule="rest", gp_id="G1", shift_ids=("A", "B"), detail={"hours": figure, "needed": 11.0})
    assert found.text == f"G1 heeft {expected} uur rust tussen A, B, waar 11 uur nodig is."


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_breach_can_be_said_in_words(data: st.DataObject) -> None:
    """Whatever breaks, the sentence names the doctor and the shifts, and the shifts are on the roster in order."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier))
    order = [shift.id for shift in roster.shifts]
    for rule in RULES:
        for violation in rule.check(dossier, roster):
            assert violation.rule == rule.name
            assert (violation.gp_id or "") in violation.text
            assert all(shift_id in violation.text for shift_id in violation.shift_ids)
            assert violation.shift_ids
            places = [order.index(shift_id) for shift_id in violation.shift_ids]
            assert places == sorted(places)
