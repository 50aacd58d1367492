"""Duties at another HDS count for the rules on working time, and no figure of them is told."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.domain.availability import Absence, BusyElsewhere, Limit
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden, Shift
from scheduler.rules import RULES, Violation
from scheduler.rules.elsewhere import REASON
from scheduler.verify import verify
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift

LOOSE = {"min_rest_hours": 0, "rest_after_night_hours": 0, "rest_after_night_series_hours": 0}
LOOSE |= {"max_shifts_per_week": 20, "max_hours_per_4_weeks": 500, "max_weekends_in_5": 5, "max_consecutive_nights": 9}


def busy(shift: Shift, gp_id: str = "G1", *, standby: bool = False) -> BusyElsewhere:
    """The time of a shift, spent at another HDS."""
    return BusyElsewhere(gp_id=gp_id, start=shift.start, end=shift.end, is_night=shift.is_night, is_standby=standby)


def found(rules: dict[str, Any], own: list[Shift], *elsewhere: BusyElsewhere, **fields: Any) -> list[Violation]:
    """What is broken by G1 with these shifts here and these duties elsewhere, by rules loose but for `rules`."""
    dossier = a_dossier(rules=LOOSE | rules, elsewhere=elsewhere, **fields)
    return [violation for rule in RULES for violation in rule.check(dossier, a_roster({"G1": own}))]


# per rule: its limits, the shift here, what stands elsewhere at the limit, and just beyond it
EDGES: dict[str, tuple[dict[str, Any], Shift, list[Shift], list[Shift]]] = {
    "no_overlap": (
        {},
        a_shift("2027-02-02", "evening", role=Role.STANDBY),
        [a_shift("2027-02-02", "day")],
        [a_shift("2027-02-02", "late")],
    ),
    "rest": (
        {"min_rest_hours": 9.25},
        a_shift("2027-02-03", "day"),
        [a_shift("2027-02-02", "day")],
        [a_shift("2027-02-02", "evening")],
    ),
    "rest_after_night": (
        {"rest_after_night_hours": 15},
        a_shift("2027-02-04", "evening"),
        [a_shift("2027-02-02", "night")],
        [a_shift("2027-02-03", "night")],
    ),
    "night_series": (
        {"max_consecutive_nights": 3},
        a_shift("2027-02-04", "night"),
        [a_shift(f"2027-02-0{day}", "night") for day in (2, 3)],
        [a_shift(f"2027-02-0{day}", "night") for day in (2, 3, 5)],
    ),
    "rest_after_series": (
        {"rest_after_night_series_hours": 46},
        a_shift("2027-02-06", "day"),
        [a_shift(f"2027-02-0{day}", "night") for day in (2, 3)],
        [a_shift(f"2027-02-0{day}", "night") for day in (2, 3, 4)],
    ),
    "week": (
        {"max_shifts_per_week": 3},
        a_shift("2027-02-07"),
        [a_shift(f"2027-02-0{day}") for day in (2, 4)],
        [a_shift(f"2027-02-0{day}") for day in (1, 3, 5)],
    ),
    "four_weeks": (
        {"max_hours_per_4_weeks": 18},
        a_shift("2027-02-01"),
        [a_shift("2027-02-10"), a_shift("2027-02-28")],
        [a_shift("2027-02-10"), a_shift("2027-02-28"), a_shift("2027-02-20")],
    ),
    "weekends": (
        {"max_weekends_in_5": 2},
        a_shift("2027-02-06"),
        [a_shift("2027-02-13"), a_shift("2027-03-13")],
        [a_shift("2027-02-13"), a_shift("2027-03-07")],
    ),
}


@pytest.mark.parametrize("rule", sorted(EDGES))
def test_what_is_done_elsewhere_may_reach_the_limit(rule: str) -> None:
    """The smallest case that holds."""
    rules, own, elsewhere, _ = EDGES[rule]
    assert found(rules, [own], *(busy(shift) for shift in elsewhere)) == []


@pytest.mark.parametrize("rule", sorted(EDGES))
def test_what_is_done_elsewhere_may_not_pass_the_limit(rule: str) -> None:
    """The smallest case that breaks: told with the own shift alone, as busy, and with no figure."""
    rules, own, _, elsewhere = EDGES[rule]
    broken = found(rules, [own], *(busy(shift) for shift in elsewhere))
    assert [(one.rule, one.gp_id, one.shift_ids, dict(one.detail)) for one in broken] == [
        (rule, "G1", (own.id,), {"reason": REASON})
    ]
    assert "buiten dit rooster bezet" in broken[0].text
    assert own.id in broken[0].text


@pytest.mark.parametrize("rule", sorted(EDGES))
def test_what_somebody_else_does_elsewhere_says_nothing(rule: str) -> None:
    """Another GP's duties at another HDS are no concern of this one's."""
    rules, own, _, elsewhere = EDGES[rule]
    gps = (a_gp("G1"), a_gp("G2"))
    dossier = a_dossier(*gps, rules=LOOSE | rules, elsewhere=tuple(busy(shift, "G2") for shift in elsewhere))
    assert not [v for one in RULES for v in one.check(dossier, a_roster({"G1": [own]}))]


@pytest.mark.parametrize("rule", sorted(EDGES))
def test_the_rule_reads_the_same_as_with_all_duties_here(rule: str) -> None:
    """The limit is one: where all shifts stand here the same rule is broken, with its figures."""
    rules, own, _, elsewhere = EDGES[rule]
    assert {one.rule for one in found(rules, [own, *elsewhere])} == {rule}


def test_standby_elsewhere_counts_where_duties_overlap_and_nowhere_else() -> None:
    """As standby here does."""
    own = a_shift("2027-02-02", "evening")
    over, near = a_shift("2027-02-02", "late", role=Role.STANDBY), a_shift("2027-02-03", "day", role=Role.STANDBY)
    rules = {"min_rest_hours": 11, "max_shifts_per_week": 1}
    assert [one.rule for one in found(rules, [own], busy(over, standby=True))] == ["no_overlap"]
    assert found(rules, [own], busy(near, standby=True)) == []


def test_what_is_broken_elsewhere_alone_is_no_breach_here() -> None:
    """The other HDS may have other limits, and its own planner."""
    elsewhere = [busy(a_shift(f"2027-02-{day}", "night")) for day in ("01", "02", "03", "04", "05")]
    rules = {"max_consecutive_nights": 3, "max_shifts_per_week": 3}
    assert found(rules, [a_shift("2027-05-03")], *elsewhere) == []


def test_a_weekend_that_is_worked_elsewhere_already_is_no_further_weekend() -> None:
    """Three weekends elsewhere, of two that are allowed here: a shift in one of them adds none."""
    elsewhere = [busy(a_shift(f"2027-02-{day}", "day")) for day in ("06", "13", "20")]
    rules = {"max_weekends_in_5": 2}
    assert found(rules, [a_shift("2027-02-13", "evening")], *elsewhere) == []
    assert [one.rule for one in found(rules, [a_shift("2027-02-27")], *elsewhere)] == ["weekends"]


def test_what_one_hds_shares_out_is_not_counted_elsewhere() -> None:
    """Own limits, absences and Christmas are between a GP and one HDS."""
    elsewhere = [busy(a_shift("2027-12-25")), busy(a_shift("2027-03-02"))]
    absence = Absence(gp_id="G1", start=elsewhere[1].start, end=elsewhere[1].end)
    limit = Limit(gp_id="G1", burden=Burden.EVENING, max_hours=12)
    own = [a_shift("2027-12-31"), a_shift("2027-02-01")]
    assert found({}, own, *elsewhere, absences=(absence,), limits=(limit,)) == []


def test_shares_and_wishes_know_nothing_of_what_is_done_elsewhere() -> None:
    """A roster has the same figures with and without."""
    roster = a_roster({"G1": [a_shift("2027-02-02")]}, unfilled=[a_shift("2027-02-20")])
    plain = a_dossier(rules=LOOSE)
    with_duties = plain.with_elsewhere([busy(a_shift("2027-02-03")), busy(a_shift("2027-02-04"))])
    assert verify(with_duties, roster) == verify(plain, roster)


def test_a_dossier_without_duties_elsewhere_is_written_as_it_always_was() -> None:
    """Snapshots keep their SHA-256; one with duties elsewhere comes back as it was."""
    plain = a_dossier()
    assert "elsewhere" not in plain.model_dump_json()
    told = plain.with_elsewhere([busy(a_shift("2027-02-03"))])
    assert Dossier.model_validate_json(told.model_dump_json()) == told


def test_duties_elsewhere_replace_earlier_ones() -> None:
    """Also where the earlier ones have been looked at, and the rest of what was found is not found anew."""
    first = a_dossier().with_elsewhere([busy(a_shift("2027-02-03"))])
    assert set(first.elsewhere_by_gp) == {"G1"}
    people = first.gp_by_id
    second = first.with_elsewhere([busy(a_shift("2027-02-03"), "G2")])
    assert set(second.elsewhere_by_gp) == {"G2"}
    assert second.gp_by_id is people
    assert set(first.elsewhere_by_gp) == {"G1"}
