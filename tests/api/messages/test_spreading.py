"""From what happened to who is told: everybody concerned, once, and nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.clock import now
from api.db.engine import Database
from api.db.tables.messages import Delivery, MessagePreference, NoticeRow
from api.db.tables.outbox import OutboxEvent
from api.db.tables.people import User
from api.messages import spreading
from api.messages.kinds import Wishes
from api.messages.upkeep import spread_events
from api.settings import Settings
from tests.api.messages.post import deliveries, happened, person

ABOUT = {"shift_id": "avond/2027-01-04/1", "from_gp_id": "a", "to_gp_id": "b"}


def _told(database: Database) -> list[tuple[int, str]]:
    """The event and the name of who was told of it."""
    with database.reading() as session:
        found = select(NoticeRow.event_id, User.username).join(User, User.id == NoticeRow.user_id)
        return [(row.event_id, row.username) for row in session.execute(found.order_by(NoticeRow.event_id, User.id))]


def _mailed(database: Database) -> list[str]:
    with database.reading() as session:
        names = {user.id: user.username for user in session.scalars(select(User))}
    return [names[one.user_id] for one in deliveries(database) if one.user_id]


def _choose(database: Database, user_id: int, **groups: dict[str, bool]) -> None:
    with database.writing() as session:
        chosen = Wishes.model_validate(groups).model_dump()
        session.add(MessagePreference(hds_id="test", user_id=user_id, groups=chosen, changed_at=now()))


def test_the_gps_concerned_are_told_and_the_planners_where_asked(database: Database, posting: Settings) -> None:
    """Not other GPs, not people of another role, and somebody who is both only once."""
    person(database, "ann", "gp", gp_id="a")
    person(database, "both", "gp", "planner", gp_id="b")
    person(database, "pim", "planner")
    person(database, "fin", "finance")
    person(database, "cor", "gp", gp_id="c")
    happened(database, "duty_changed", ABOUT, "a", "b")
    happened(database, "swap_awaiting_planner", {"deal_id": 1}, to_planners=True)
    happened(database, "duty_changed", ABOUT, "b", to_planners=True)
    assert spread_events(database, posting, now()) == 3
    assert _told(database) == [(1, "ann"), (1, "both"), (2, "both"), (2, "pim"), (3, "both"), (3, "pim")]
    assert sorted(_mailed(database)) == ["ann", "both", "both", "both", "pim", "pim"]


def test_people_of_another_hds_and_closed_accounts_are_not_told(database: Database, posting: Settings) -> None:
    """Also where the other HDS has a GP of the same id."""
    person(database, "ann", "gp", gp_id="a")
    gone = person(database, "gone", "gp", gp_id="a")
    from tests.api.conftest import add_user

    add_user(database, "far", "elders", "gp", "planner", gp_id="a")
    with database.writing() as session:
        session.get_one(User, gone).disabled_at = now()
    happened(database, "duty_changed", ABOUT, "a", to_planners=True)
    spread_events(database, posting, now())
    assert _told(database) == [(1, "ann")]


def test_what_somebody_does_not_want_is_not_made(database: Database, posting: Settings) -> None:
    """No e-mail, or nothing at all; who has no address has notices only."""
    quiet = person(database, "quiet", "gp", gp_id="a")
    silent = person(database, "silent", "gp", gp_id="a")
    person(database, "unreachable", "gp", gp_id="a", address=None)
    _choose(database, quiet, own_duties={"told": True, "email": False})
    _choose(database, silent, own_duties={"told": False, "email": False})
    happened(database, "duty_changed", ABOUT, "a")
    spread_events(database, posting, now())
    assert _told(database) == [(1, "quiet"), (1, "unreachable")]
    assert _mailed(database) == []


def test_an_offer_to_all_is_told_to_those_who_asked_for_that(database: Database, posting: Settings) -> None:
    """By nobody else's wish; a call for cover needs no wish."""
    eager = person(database, "eager", "gp", gp_id="a")
    person(database, "other", "gp", gp_id="a")
    _choose(database, eager, offers_to_all={"told": True, "email": True})
    happened(database, "swap_offered_to_all", {"shift_id": "x", "from_gp_id": "b"}, "a")
    happened(database, "sickness_asked", {"shift_id": "x"}, "a")
    spread_events(database, posting, now())
    assert _told(database) == [(1, "eager"), (2, "eager"), (2, "other")]


def test_a_planner_who_wants_no_planning_matters_hears_as_a_gp(database: Database, posting: Settings) -> None:
    """The two wishes of one person do not get in each other's way."""
    both = person(database, "both", "gp", "planner", gp_id="b")
    _choose(database, both, planner={"told": False, "email": False})
    happened(database, "swap_awaiting_planner", {"deal_id": 1}, to_planners=True)
    happened(database, "duty_changed", ABOUT, "b", to_planners=True)
    spread_events(database, posting, now())
    assert _told(database) == [(2, "both")]


def test_any_number_of_workers_tell_everybody_once(database: Database, posting: Settings) -> None:
    """A hundred events and six workers: each row once, each event spread."""
    for name in ("ann", "bea", "cor"):
        person(database, name, "gp", gp_id="a")
    for day in range(100):
        happened(database, "duty_changed", ABOUT | {"day": day}, "a")
    with ThreadPoolExecutor(6) as pool:
        counts = [pool.submit(spread_events, database, posting, now()) for _ in range(6)]
        assert sum(one.result() for one in counts) == 100
    assert len(_told(database)) == len(set(_told(database))) == 300
    assert len({(one.event_id, one.user_id) for one in deliveries(database)}) == 300


def test_a_worker_that_breaks_off_leaves_nothing_half_done(
    database: Database, posting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had made goes with its transaction, and the next one makes all of it."""
    person(database, "ann", "gp", gp_id="a")
    for _ in range(3):
        happened(database, "duty_changed", ABOUT, "a")
    whole = spreading._spread_one

    def until_the_third(session: Session, event: OutboxEvent, *rest: object, **more: object) -> None:
        whole(session, event, *rest, **more)  # type: ignore[arg-type]
        if event.id == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(spreading, "_spread_one", until_the_third)
    with pytest.raises(KeyboardInterrupt):
        spread_events(database, posting, now())
    assert (_told(database), deliveries(database)) == ([], [])
    monkeypatch.undo()
    assert spread_events(database, posting, now()) == 3
    assert (len(_told(database)), len(deliveries(database))) == (3, 3)


def test_the_database_holds_one_delivery_for_each_event_and_receiver(database: Database, posting: Settings) -> None:
    """Whoever spreads the same again adds nothing."""
    person(database, "ann", "gp", gp_id="a")
    happened(database, "duty_changed", ABOUT, "a")
    spread_events(database, posting, now())
    with database.writing() as session:
        session.scalars(select(OutboxEvent)).one().spread_at = None
    assert spread_events(database, posting, now()) == 1
    with database.reading() as session:
        assert len(session.scalars(select(Delivery)).all()) == 1


def test_what_was_once_told_is_told_once(database: Database, posting: Settings) -> None:
    """Two notices with the same `once` are one."""
    person(database, "ann", "gp", gp_id="a")
    for _ in range(2):
        happened(database, "duty_changed", ABOUT, "a", once="reminder/1")
    assert spread_events(database, posting, now()) == 1
