"""The verdict on edits is that of the engine on the whole roster, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from api.rosters.content import Content
from api.rosters.edit import edited
from api.rosters.edit_schemas import Edit
from api.rosters.edit_verdict import Judged
from api.rosters.figures import figures_of
from api.rosters.opened import Opened
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.rules import Violation
from scheduler.verify import Verdict, verify
from tests.strategies import dossiers, rosters


@st.composite
def _edits(draw: st.DrawFn, dossier: Dossier, roster: Roster) -> list[Edit]:
    """Some shifts to other GPs, to nobody, with or without a trainee."""
    ids = st.sampled_from([shift.id for shift in roster.shifts])
    doctors = st.one_of(st.none(), st.sampled_from([gp.id for gp in dossier.gps]))
    chosen = draw(st.lists(ids, min_size=1, max_size=5, unique=True))
    found = []
    for shift_id in chosen:
        gp_id = draw(doctors)
        told = {"gp_id": gp_id} if draw(st.integers(0, 4)) else {}
        if gp_id is not None and told and draw(st.booleans()):
            told["trainee_gp_id"] = draw(doctors.filter(lambda trainee, gp_id=gp_id: trainee != gp_id))
        found.append(Edit.model_validate({"shift_id": shift_id} | told))
    return found


def _told(violations: Iterable[Violation]) -> set[tuple[str, str | None, frozenset[str]]]:
    return {(one.rule, one.gp_id, frozenset(one.shift_ids)) for one in violations}


def _new_in(after: Verdict, before: Verdict) -> list[Violation]:
    """The violations that are not there before, nor as a part of one that was."""
    earlier = _told(before.violations)
    return [
        one
        for one in after.violations
        if one not in before.violations
        and not any(
            (rule, gp_id) == (one.rule, one.gp_id) and set(one.shift_ids) < shift_ids
            for rule, gp_id, shift_ids in earlier
        )
    ]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_verdict_agrees_with_the_judgement_of_both_rosters(data: st.DataObject) -> None:
    """Rules newly broken and mended, deviations and figures are what `verify` finds, whatever the edits."""
    dossier = data.draw(dossiers())
    drawn = data.draw(rosters(dossier))
    if not drawn.shifts:
        return
    # nobody is a trainee beside oneself: an edit that says so is refused
    others = {shift_id: gp_id for shift_id, gp_id in drawn.trainee_of.items() if drawn.gp_of.get(shift_id) != gp_id}
    before = drawn.replace(trainee_of=others)
    basis = Opened(dossier)
    content = Content(basis, before, frozenset())
    judged = Judged(content, edited(content, data.draw(_edits(dossier, before))))
    targets = basis.shares.targets
    old, new = verify(dossier, before, targets), verify(dossier, judged.after.roster, targets)
    assert _told(judged.broken) == _told(_new_in(new, old))
    assert _told(judged.mended) == _told(_new_in(old, new))
    assert judged.figures == figures_of(new, len(before.shifts))
    changes = {
        (party.gp_id, burden): change for party in judged.parties() for burden, change in party.deviation.items()
    }
    for burden, fairness in new.fairness.items():
        for gp_id in {*fairness.per_gp, *old.fairness[burden].per_gp}:
            was, now = (
                side.fairness[burden].per_gp[gp_id].deviation if gp_id in side.fairness[burden].per_gp else 0.0
                for side in (old, new)
            )
            change = changes.get((gp_id, burden.value))
            assert abs(now - was - (change.after - change.before if change else 0.0)) < 1e-6


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_what_may_not_be_saved_is_a_gp_in_two_places(data: st.DataObject) -> None:
    """From a roster in which nobody is twice, edits are refused exactly when they put a GP in two places at once."""
    dossier = data.draw(dossiers())
    shifts = Opened(dossier).shifts
    if not shifts:
        return
    content = Content(Opened(dossier), Roster(shifts=shifts), frozenset())
    judged = Judged(content, edited(content, data.draw(_edits(dossier, content.roster))))
    twice = any(
        earlier.ends_at > later.starts_at
        for own in judged.after.roster.by_gp.values()
        for earlier, later in pairwise(own)
    )
    assert judged.can_be_saved is not twice
