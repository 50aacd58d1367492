"""The result of a run survives JSON: it crosses processes and is kept between the steps of a job."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.result import Phase, RosterResult
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden

PAIRS = st.tuples(st.text(max_size=6), st.sampled_from(Burden))


@given(st.dictionaries(PAIRS, st.floats(0, 500)))
def test_targets_come_back_from_json_whatever_the_ids_of_the_gps(targets: dict[tuple[str, Burden], float]) -> None:
    """No id is taken apart, an empty one or one with a comma neither."""
    result = RosterResult(
        roster=Roster(shifts=()),
        targets=targets,
        deviation_bound={Burden.NIGHT: 0.5},
        seconds={Phase.PROVE: 0.25},
        seed=3,
        workers=1,
        engine_version="0",
    )
    assert RosterResult.model_validate_json(result.model_dump_json()) == result
