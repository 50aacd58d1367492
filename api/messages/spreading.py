"""From what happened to who is told: one row for each receiver, made once whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api.db.engine import Database
from api.db.tables.messages import Delivery, NoticeRow, Webhook
from api.db.tables.outbox import OutboxEvent
from api.messages import repository
from api.messages.kinds import PLANNER, Wishes, group_of, wishes_of
from api.messages.lent import tell_homes
from api.messages.repository import Hearer

_AT_ONCE = 20
_DEFAULT = wishes_of({})


def spread(database: Database, moment: datetime, *, by_mail: bool) -> int:
    """Spread what waits at `moment` (aware); returns how many events that were.

    An event and its rows are one transaction with the event locked, so that any number of workers make each row once.
    """
    done = 0
    while True:
        with database.reading() as session:
            if not repository.has_waiting_events(session):
                return done
        with database.writing() as session:
            events = repository.waiting_events(session, _AT_ONCE)
            known = _known(session, events)
            for event in events:
                _spread_one(session, event, known[event.hds_id], moment, by_mail=by_mail)
        done += len(events)
        if len(events) < _AT_ONCE:
            return done


@dataclass(frozen=True)
class _Known:
    """What events of one HDS are spread by: those who may be told, what they chose, and the systems of the HDS."""

    hearers: Sequence[Hearer]
    wishes: Mapping[int, Wishes]
    webhooks: Sequence[Webhook]


def _known(session: Session, events: Sequence[OutboxEvent]) -> Mapping[str, _Known]:
    """Asked once for all events of an HDS, many of which are meant for hundreds; guests are told at home."""
    found = {}
    for hds_id in {event.hds_id for event in events}:
        own = [event for event in events if event.hds_id == hds_id]
        numbers = {number for event in own for number in event.gp_numbers}
        to_planners = any(event.to_planners for event in own)
        tell_homes(session, hds_id, own)
        hearers = repository.hearers(session, hds_id, numbers, to_planners=to_planners)
        kept = repository.preferences_of(session, hds_id, [one.user_id for one in hearers])
        wishes = {user_id: wishes_of(chosen) for user_id, chosen in kept.items()}
        found[hds_id] = _Known(hearers, wishes, repository.active_webhooks(session, hds_id))
    return found


def _spread_one(session: Session, event: OutboxEvent, known: _Known, moment: datetime, *, by_mail: bool) -> None:
    own = {"event_id": event.id, "hds_id": event.hds_id}
    hearers = list(_willing(event, known))
    about_gp = set(event.gp_numbers)
    numbers = {one.user_id: one.gp_number if one.gp_number in about_gp else None for one, _ in hearers}
    repository.add_once(
        session, NoticeRow, [own | {"user_id": user_id, "gp_number": number} for user_id, number in numbers.items()]
    )
    waiting = own | {"state": "waiting", "attempts": 0, "last_error": "", "next_at": moment, "created_at": moment}
    to_mail = [one.user_id for one, mail in hearers if mail and by_mail and one.email]
    repository.add_once(
        session, Delivery,
        [waiting | {"channel": "email", "user_id": one, "gp_number": numbers[one]} for one in to_mail],
    )  # fmt: skip
    called = [one for one in known.webhooks if not one.kinds or event.kind in one.kinds]
    repository.add_once(session, Delivery, [waiting | {"channel": "webhook", "webhook_id": one.id} for one in called])
    event.spread_at = moment


def _willing(event: OutboxEvent, known: _Known) -> Iterator[tuple[Hearer, bool]]:
    """Who is told, and whether by e-mail too."""
    group, about_gp = group_of(event.kind), set(event.gp_numbers)
    for one in known.hearers:
        wishes = known.wishes.get(one.user_id, _DEFAULT)
        heard_as = [wishes.of(group)] if one.gp_number in about_gp else []
        heard_as += [wishes.of(PLANNER)] if event.to_planners and one.is_planner else []
        if any(wish.told for wish in heard_as):
            yield one, any(wish.email for wish in heard_as)
