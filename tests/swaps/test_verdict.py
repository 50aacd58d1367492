"""The verdict on a set of moves."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import Contract
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.errors import OutdatedMoves, UnsoundMoves
from scheduler.rules import Violation
from scheduler.swaps import Move, Situation, is_legal, judge, judge_in
from scheduler.swaps.verdict import LeftBehind, SwapVerdict
from scheduler.verify import verify
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift, an_agreement
from tests.strategies import dossiers, rosters
from tests.swaps.deals import deals, done

EVENING, DAY_AFTER = a_shift("2027-02-01"), a_shift("2027-02-02", "day")
LATER = a_shift("2027-02-10")
TWO = a_dossier(a_gp("G1"), a_gp("G2"))
TARGETS = {(gp_id, burden): 6.0 for gp_id in ("G1", "G2") for burden in Burden}


def verdict(dossier: Dossier, roster: Roster, *moves: Move) -> SwapVerdict:
    """Judge with everybody's target at six hours of each burden."""
    return judge(dossier, roster, TARGETS, moves)


def give(shift_id: str, from_gp: str | None, to_gp: str | None) -> Move:
    """A move, shorter."""
    return Move(shift_id=shift_id, from_gp=from_gp, to_gp=to_gp)


def test_a_handover_to_a_free_gp_is_legal() -> None:
    """Nothing is broken, hours and deviations of both follow."""
    found = verdict(TWO, a_roster({"G1": [EVENING]}), give(EVENING.id, "G1", "G2"))
    assert found.is_legal
    assert found.text == "Dit mag: er wordt geen regel door gebroken."
    assert {party.gp_id: party.hours[Burden.EVENING] for party in found.parties} == {"G1": (6, 0), "G2": (0, 6)}
    assert found.party("G2").deviation[Burden.EVENING] == (-1.0, 0.0)
    assert found.party("G2").total_hours == (0, 6)


def test_what_breaks_is_told_with_the_other_shift() -> None:
    """Nine hours of rest before the day shift that the taker has."""
    roster = a_roster({"G1": [EVENING], "G2": [DAY_AFTER]})
    found = verdict(TWO, roster, give(EVENING.id, "G1", "G2"))
    assert not found.is_legal
    (reason,) = found.reasons
    assert (reason.rule, reason.gp_id, reason.moved, reason.others) == ("rest", "G2", (EVENING.id,), (DAY_AFTER.id,))
    assert reason.rule_name == "rust tussen diensten"
    assert "9 uur rust" in reason.text
    assert "consult op post P1, di 2 februari 2027 08:00-16:00" in found.text
    assert found.reasons_of("G1") == ()


def test_a_set_is_judged_as_a_whole() -> None:
    """Each of two moves alone breaks the rest; both together do not."""
    roster = a_roster({"G1": [EVENING], "G2": [DAY_AFTER]})
    first, second = give(EVENING.id, "G1", "G2"), give(DAY_AFTER.id, "G2", "G1")
    assert not verdict(TWO, roster, first).is_legal
    assert not verdict(TWO, roster, second).is_legal
    assert verdict(TWO, roster, first, second).is_legal


def test_a_breach_that_was_there_before_is_no_objection() -> None:
    """The taker's own duties break the rest elsewhere."""
    roster = a_roster({"G1": [LATER], "G2": [EVENING, DAY_AFTER]})
    assert verdict(TWO, roster, give(LATER.id, "G1", "G2")).is_legal


def test_a_breach_that_gets_smaller_is_no_objection() -> None:
    """Who gives one of five shifts away in a week of three may do so, and may not take another one for it."""
    week = [a_shift(f"2027-02-0{day}") for day in range(1, 6)]
    sunday = a_shift("2027-02-07")
    roster = a_roster({"G1": week, "G2": [sunday]})
    assert verdict(TWO, roster, give(week[0].id, "G1", "G2")).is_legal
    both = verdict(TWO, roster, give(week[0].id, "G1", "G2"), give(sunday.id, "G2", "G1"))
    assert [(reason.rule, reason.gp_id) for reason in both.reasons] == [("week", "G1")]


def test_a_shift_given_back_is_open_and_no_breach_unless_it_is_locked() -> None:
    """An open shift waits for a taker; a lock that nobody keeps is broken."""
    roster = a_roster({"G1": [EVENING]})
    assert verdict(TWO, roster, give(EVENING.id, "G1", None)).is_legal
    locked = TWO.replace(locks=[Lock(shift_id=EVENING.id, gp_id="G1")])
    found = verdict(locked, roster, give(EVENING.id, "G1", None))
    assert [(reason.rule, reason.gp_id) for reason in found.reasons] == [("locks", None)]


def test_giving_a_shift_away_can_break_a_rule_too() -> None:
    """The middle night of a long series gone, the rest after the first three is due before the last."""
    nights = [a_shift(f"2027-02-0{day}", "night") for day in range(1, 6)]
    dossier = a_dossier(a_gp("G1"), a_gp("G2"), rules={"max_consecutive_nights": 5, "max_shifts_per_week": 7})
    found = verdict(dossier, a_roster({"G1": nights}), give(nights[3].id, "G1", "G2"))
    assert [(reason.rule, reason.gp_id) for reason in found.reasons] == [("rest_after_series", "G1")]
    assert found.reasons[0].others == (nights[2].id, nights[4].id)


def test_a_trainee_stays_behind_and_is_told() -> None:
    """The trainee works beside the own trainer only, so the hours of the shift are lost."""
    people = (a_gp("G1"), a_gp("G2"), a_gp("T1", Contract.TRAINEE, trainer_gp_id="G1"))
    roster = a_roster({"G1": [EVENING]}, trainees={EVENING.id: "T1"})
    situation = Situation.of(a_dossier(*people), roster, TARGETS)
    moves = [give(EVENING.id, "G1", "G2")]
    found = judge_in(situation, moves)
    assert found.is_legal
    assert found.left_behind == (LeftBehind(trainee_id="T1", shift_id=EVENING.id, hours=6.0),)
    assert situation.after(moves).roster == done(roster, moves)


def test_a_trainee_may_take_no_shift() -> None:
    """Only qualified GPs are put on duty."""
    people = (a_gp("G1"), a_gp("T1", Contract.TRAINEE, trainer_gp_id="G1"))
    found = verdict(a_dossier(*people), a_roster({"G1": [EVENING]}), give(EVENING.id, "G1", "T1"))
    assert [reason.rule for reason in found.reasons] == ["may_work"]


def test_everything_that_is_wrong_with_the_moves_is_told_at_once() -> None:
    """Unknown shift and GP, one shift twice, a move to nowhere."""
    roster = a_roster({"G1": [EVENING]})
    moves = [give(EVENING.id, "G1", "G9"), give(EVENING.id, "G1", "G1"), give("x", "G1", "G2")]
    with pytest.raises(UnsoundMoves) as caught:
        verdict(TWO, roster, *moves)
    assert caught.value.code == "swap_unsound"
    assert caught.value.objections == (
        f"Dienst {EVENING.id} staat er meer dan een keer in.",
        "Er is geen dienst x in dit rooster.",
        "Er is geen huisarts G9 in dit dossier.",
        f"Dienst {EVENING.id} gaat naar wie hem al heeft.",
    )
    with pytest.raises(UnsoundMoves, match="geen dienst genoemd"):
        verdict(TWO, roster)


def test_a_shift_that_is_somebody_elses_by_now_is_refused_apart() -> None:
    """What was true when it was proposed is not judged on the roster of today."""
    with pytest.raises(OutdatedMoves) as caught:
        verdict(TWO, a_roster({"G2": [EVENING]}), give(EVENING.id, "G1", "G2"))
    assert caught.value.code == "swap_outdated"


def test_agreements_of_the_taker_decide() -> None:
    """Another post is no post of the taker."""
    elsewhere = an_agreement("G2", posts=frozenset({"P2"}))
    dossier = TWO.replace(agreements=[an_agreement("G1"), elsewhere])
    (reason,) = verdict(dossier, a_roster({"G1": [EVENING]}), give(EVENING.id, "G1", "G2")).reasons
    assert reason.violation.detail == {"reason": "other_post"}


def expected(dossier: Dossier, before: Roster, after: Roster) -> list[Violation]:
    """What a judgement of both whole rosters says: new, and no part of what was there."""
    old = verify(dossier, before, {}).violations
    return [
        found
        for found in verify(dossier, after, {}).violations
        if found not in old
        and not any(
            one.rule == found.rule and one.gp_id == found.gp_id and set(found.shift_ids) < set(one.shift_ids)
            for one in old
        )
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_verdict_is_that_of_the_whole_roster(data: st.DataObject) -> None:
    """Legal exactly when the roster after the moves has no violation that was not there; figures as `verify` has."""
    dossier = data.draw(dossiers())
    roster = data.draw(rosters(dossier, able=data.draw(st.booleans())).filter(lambda one: bool(one.shifts)))
    situation = Situation.of(dossier, roster, {})
    for _ in range(3):
        moves = data.draw(deals(dossier, situation.roster))
        before, after = situation.roster, done(situation.roster, moves)
        found = judge_in(situation, moves)
        assert sorted(map(repr, (reason.violation for reason in found.reasons))) == sorted(
            map(repr, expected(dossier, before, after))
        )
        old, new = verify(dossier, before, {}), verify(dossier, after, {})
        assert found.is_legal == is_legal(situation, moves)
        assert found.soft_total == pytest.approx(new.total_soft_cost - old.total_soft_cost)
        for party in found.parties:
            for burden, (was, will) in party.deviation.items():
                for measured, figure in ((old, was), (new, will)):
                    one = measured.fairness[burden].per_gp.get(party.gp_id)
                    assert figure == pytest.approx(one.deviation if one else 0.0)
        situation = situation.after(moves)
        assert situation.roster == after


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_legal_moves_keep_a_legal_roster_legal(data: st.DataObject) -> None:
    """From a roster without any violation, whatever is judged legal leads to another one."""
    dossier = data.draw(dossiers().filter(lambda one: not one.locks))
    situation = Situation.of(dossier, data.draw(rosters(dossier)).replace(gp_of={}, trainee_of={}), {})
    if not situation.roster.shifts:
        return
    for _ in range(8):
        moves = data.draw(deals(dossier, situation.roster))
        legal = is_legal(situation, moves)
        after = situation.after(moves)
        assert legal == verify(dossier, after.roster, {}).is_legal
        situation = after if legal else situation
