"""Asking down the ranked list: who is asked, until when, and what the answers do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import now
from api.db.tables.rosters import Duty
from api.db.tables.sickness import OPEN_STATES, SicknessAsk, SicknessCase, SicknessReport
from api.dossiers.mapping import gp_ids
from api.errors import Problem
from api.outbox import Notice, tell
from api.sickness import repository
from api.sickness.cases import (
    covered,
    ended,
    locked_open,
    needed_from,
    part_lost,
    step,
    still_open,
    subject,
    to_planner,
)
from api.sickness.choices import SicknessChoices, choices_of
from api.sickness.grounds import Grounds
from api.sickness.pay import tell_worked
from api.sickness.standby import call_who_can, duty_of, options, settle_calls
from api.swaps import repository as swaps
from api.swaps.hands import pass_on
from api.swaps.table import Table, require_legal, table_for
from scheduler.messages import text
from scheduler.swaps.moves import Move

LOOK_AGAIN = timedelta(minutes=5)
"""How often it is seen whether an open case was settled by another way, as a planner's edit."""


def candidates(session: Session, case: SicknessCase, grounds: Grounds, but: frozenset[int]) -> list[int]:
    """Who could take the shift and can answer, best first, leaving out `but` and who lost it."""
    from scheduler.swaps.candidates import rank

    dossier_id = duty_of(session, case).dossier_id
    may = repository.reachable(session, case.hds_id) - but - {case.gp_number}
    number_of = {gp_id: number for number, gp_id in grounds.field(dossier_id).gp_id.items() if number in may}
    ranking = rank(grounds.situation(dossier_id), case.shift_id, among=number_of)
    return [number_of[one.gp_id] for one in ranking.candidates]


def proceed(session: Session, case: SicknessCase, moment: datetime) -> None:
    """Do what a case of nobody's duty is due for at `moment`: ask the next, show it to the planner, or end it."""
    duty = swaps.duty(session, case.hds_id, case.shift_id)
    if duty is None:
        ended(session, case, "closed", "gone")
    elif duty.performer_number not in (None, case.gp_number):
        by_another_way(session, case, duty, duty.performer_number)
    elif case.ends_at <= moment:
        ended(session, case, "closed", "over")
    elif case.state == "planner":
        _expire(session, case, repository.asks(session, [case.id]), moment)
        case.next_at = min(moment + LOOK_AGAIN, case.ends_at)
    elif case.state == "waiting":
        begin(session, case, moment, Grounds(session))
    else:
        ask_on(session, case, moment, Grounds(session))


def by_another_way(session: Session, case: SicknessCase, duty: Duty, number: int) -> None:
    """The shift was given to somebody, who is paid for what was open of it then, unless other hours were told since."""
    told = repository.told(session, case.hds_id, [case.shift_id])
    if told and all(row.gp_number in (None, case.gp_number) for row in told):
        left = still_open(case, repository.calls(session, [case.id]), duty.changed_at)
        tell_worked(session, None, case, Grounds(session).dossier(duty.dossier_id), number, left)
    covered(session, case, "elsewhere", number)


def begin(session: Session, case: SicknessCase, moment: datetime, grounds: Grounds) -> None:
    """The first thing done about a case: the standby, or the list; nothing yet for what is far ahead in an illness.

    Nothing more than noting it where standbys were called for all of the shift before anybody reported sick.

    Whoever calls it holds the shift, those on standby beside it, and the dossier.
    """
    choices = choices_of(session, case.hds_id)
    one_shift = session.get_one(SicknessReport, case.report_id).shift_id is not None
    from_then, calls = choices.asked_from(case.since), repository.calls(session, [case.id])
    if calls and not still_open(case, calls):
        settle_calls(session, None, case, grounds)
    elif not one_shift and moment < from_then:
        if case.state != "waiting":
            case.state = "waiting"
            step(session, case, "waiting")
        case.next_at = min(from_then, moment + timedelta(hours=1))
    elif choices.standby == "ask_planner" and _has_standby(session, case, grounds):
        to_planner(session, case, "ask_standby")
    elif choices.standby == "ask_planner" or not call_who_can(session, case, choices, grounds):
        number = duty_of(session, case).performer_number
        if number in (None, case.gp_number):
            ask_on(session, case, moment, grounds)
        else:
            part_lost(session, case, number)


def _has_standby(session: Session, case: SicknessCase, grounds: Grounds) -> bool:
    parts = still_open(case, repository.calls(session, [case.id]))
    return any(one.is_legal for part in parts for one in options(session, case, part, grounds))


def ask_on(session: Session, case: SicknessCase, moment: datetime, grounds: Grounds) -> None:
    """Ask as many as may be asked at `moment`.

    With too little time, or nobody left to ask, the planner sees it in red.
    """
    choices, since = choices_of(session, case.hds_id), needed_from(session, case)
    case.state, short = "asking", choices.is_short(since, moment)
    asked = repository.asks(session, [case.id])
    _expire(session, case, asked, moment)
    room = (choices.at_once_urgent if short else choices.at_once) - sum(one.state == "asked" for one in asked)
    if choices.most_asked is not None:
        room = min(room, choices.most_asked - len(asked))
    fresh = _ask(session, case, choices, moment, grounds, asked, room) if room > 0 else []
    live = [one for one in (*asked, *fresh) if one.state == "asked"]
    if short or not live:
        to_planner(session, case, "too_short" if short else "exhausted")
        case.next_at = min(moment + LOOK_AGAIN, case.ends_at)
        return
    last_call = since - timedelta(minutes=choices.last_minutes)
    case.next_at = min(*(one.answer_by for one in live), last_call, moment + LOOK_AGAIN)


def _ask(
    session: Session, case: SicknessCase, choices: SicknessChoices, moment: datetime, grounds: Grounds,
    asked: Sequence[SicknessAsk], room: int,
) -> list[SicknessAsk]:  # fmt: skip
    chosen = candidates(session, case, grounds, frozenset(one.gp_number for one in asked))[:room]
    answer_by = choices.answer_by(needed_from(session, case), case.ends_at, moment)
    fresh = [
        SicknessAsk(case_id=case.id, gp_number=number, place=place, state="asked", asked_at=moment, answer_by=answer_by)
        for place, number in enumerate(chosen, start=len(asked) + 1)
    ]
    session.add_all(fresh)
    session.flush()
    for ask in fresh:
        step(session, case, "asked", ask.gp_number)
        about = {"shift_id": case.shift_id, "ask_id": ask.id, "answer_by": ask.answer_by}
        tell(session, case.hds_id, Notice("sickness_asked", about, [ask.gp_number], once=f"sickness-ask-{ask.id}"))
    if fresh:
        ids = gp_ids(session, case.hds_id)
        after = {"gp_ids": [ids[ask.gp_number] for ask in fresh]}
        record(session, case.hds_id, None, Act("sickness.asked", subject(case), after=after))
    return fresh


def _expire(session: Session, case: SicknessCase, asked: Sequence[SicknessAsk], moment: datetime) -> None:
    for ask in asked:
        if ask.state == "asked" and ask.answer_by <= moment:
            ask.state = "expired"
            step(session, case, "expired", ask.gp_number)


def answer(session: Session, member: Member, ask_id: int, *, agreed: bool, reason: str) -> SicknessAsk:
    """A GP who was asked says yes or no; of several who say yes the first has the shift.

    A yes after the deadline still counts while nobody else has it; the same answer again changes nothing. Raises
    Problem `not_found`, `already_covered`, `wrong_state`, and `breaks_rules` when the shift may not be taken any more.
    """
    found = repository.ask(session, member.hds_id, ask_id)
    if found is None or found.gp_number != member.gp_number:
        raise Problem("not_found")
    if found.state == ("agreed" if agreed else "refused"):
        return found
    if agreed:
        return _agree(session, member, found, reason)
    case = locked_open(session, member.hds_id, found.case_id)
    session.refresh(found)
    _require_unanswered(found)
    found.state, found.words, found.answered_at = "refused", reason, now()
    step(session, case, "refused", found.gp_number)
    act = Act("sickness.refused", subject(case), reason=reason, gp_number=found.gp_number)
    record(session, member.hds_id, member.user_id, act)
    if case.state == "asking":
        ask_on(session, case, now(), Grounds(session))
    return found


def _agree(session: Session, member: Member, found: SicknessAsk, reason: str) -> SicknessAsk:
    case = repository.case(session, member.hds_id, found.case_id)
    assert case is not None
    if case.state not in OPEN_STATES:
        locked_open(session, member.hds_id, case.id)
    assert member.gp_id is not None
    table = _table(session, case, member.gp_id)
    case = locked_open(session, member.hds_id, case.id)
    session.refresh(found)
    _require_unanswered(found)
    require_legal(table, member)
    found.state, found.words, found.answered_at = "agreed", reason, now()
    step(session, case, "agreed", found.gp_number)
    act = Act("sickness.agreed", subject(case), reason=reason, gp_number=found.gp_number)
    take(session, member.user_id, case, table, found.gp_number, "list", led_by=act)
    return found


def _require_unanswered(ask: SicknessAsk) -> None:
    if ask.state not in ("asked", "expired"):
        raise Problem("wrong_state", text(f"sickness.ask.{ask.state}"))


def _table(session: Session, case: SicknessCase, gp_id: str) -> Table:
    """The shift going to this GP; who comes second finds it gone.

    A publication may have given it back to who is ill, from whom it is then taken.
    """
    ill = duty_of(session, case).performer_number == case.gp_number
    giver = gp_ids(session, case.hds_id)[case.gp_number] if ill else None
    return table_for(session, case.hds_id, [Move(shift_id=case.shift_id, from_gp=giver, to_gp=gp_id)], still=True)


def let_go(session: Session, hds_id: str, number: int, starts_at: datetime, ends_at: datetime) -> None:
    """Who is ill from then to then need not answer about shifts in that time; the next is asked soon."""
    for ask, one in repository.asks_of(session, hds_id, number, every=False):
        if one.starts_at < ends_at and starts_at < one.ends_at:
            case = repository.case(session, hds_id, one.id, lock=True)
            if case is not None and case.state in OPEN_STATES:
                ask.state, ask.answered_at = "withdrawn", now()
                case.next_at = now()
                step(session, case, "let_go", number)


def take(
    session: Session, user_id: int, case: SicknessCase, table: Table, number: int, how: str, led_by: Act | None = None
) -> None:
    """Give the shift to who may take it, once; the parts for which a standby was called in stay with the standby.

    On record as done by the user, or by nobody where it follows from what the user did (`led_by`).
    """
    left = still_open(case, repository.calls(session, [case.id]))
    tell_worked(session, user_id if led_by is None else None, case, table.field.ground.dossier, number, left)
    covered(session, case, how, number)
    pass_on(session, case.hds_id, user_id, table, Act("sickness.covered", subject(case)), led_by=led_by)


def assign(session: Session, member: Member, case_id: int, gp_id: str) -> SicknessCase:
    """The planner gives the shift to a GP, whether asked or not; no rule is set aside for it.

    Raises Problem as `answer`, and `swap_unsound` for a GP whom the roster does not know.
    """
    case = locked_out(session, member.hds_id, case_id)
    table = _table(session, case, gp_id)
    case = locked_open(session, member.hds_id, case_id)
    require_legal(table, member)
    take(session, member.user_id, case, table, table.numbers[gp_id], "planner")
    return case


def locked_out(session: Session, hds_id: str, case_id: int) -> SicknessCase:
    """An open case, not locked yet, as GPs and duties are locked before it; refuses as `locked_open`."""
    case = repository.case(session, hds_id, case_id)
    if case is None:
        raise Problem("not_found")
    if case.state not in OPEN_STATES:
        return locked_open(session, hds_id, case_id)
    return case
