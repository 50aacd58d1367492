"""Who does which shift."""

from __future__ import annotations

from datetime import date

from scheduler.domain.time import Period
from tests import builders
from tests.builders import agreement, gp, shift_type

DOSSIER = builders.dossier(
    [gp("A"), gp("B")],
    [agreement("A"), agreement("B")],
    [shift_type("e"), shift_type("d", "08:00", "16:00")],
    period=Period(start=date(2027, 1, 4), end=date(2027, 1, 5)),
)
D4, E4, D5, E5 = (f"{kind}/2027-01-0{day}/1" for day in (4, 5) for kind in "de")
ROSTER = builders.roster(DOSSIER, {E5: "A", D4: "A", E4: "B"}, {E4: "T"})


def test_each_gp_has_shifts_in_order_of_start() -> None:
    """Whatever the order in which they were given; who has none is not there."""
    assert {who: [shift.id for shift in those] for who, those in ROSTER.by_gp.items()} == {"A": [D4, E5], "B": [E4]}
    assert {who: [shift.id for shift in those] for who, those in ROSTER.by_trainee.items()} == {"T": [E4]}


def test_what_nobody_has_is_unfilled() -> None:
    """Visibly, and counted."""
    assert [shift.id for shift in ROSTER.unfilled] == [D5]
    assert str(ROSTER) == "3 of 4 shifts filled"


def test_the_part_of_one_gp() -> None:
    """The GP's own shifts and nothing open; of a GP without shifts, nothing."""
    part = ROSTER.of("A")
    assert [shift.id for shift in part.shifts] == [D4, E5]
    assert part.gp_of == {D4: "A", E5: "A"}
    assert part.unfilled == ()
    assert ROSTER.of("C").shifts == ()


def test_a_shift_given_to_another_leaves_the_trainee_behind() -> None:
    """The first roster stays as it was."""
    changed = ROSTER.with_gp(E4, "A")
    assert changed.gp_of == {E5: "A", D4: "A", E4: "A"}
    assert changed.trainee_of == {}
    assert ROSTER.gp_of[E4] == "B"


def test_a_shift_taken_from_its_gp_is_open() -> None:
    """And a trainee elsewhere stays."""
    changed = ROSTER.with_gp(D4, None)
    assert [shift.id for shift in changed.unfilled] == [D4, D5]
    assert changed.trainee_of == {E4: "T"}


def test_a_shift_is_found_by_its_id() -> None:
    """Each of them, filled or not."""
    assert ROSTER.shift_by_id[D5].id == D5
    assert len(ROSTER.shift_by_id) == 4
