"""The own calendar by a secret address: made, revoked, and shown with what changed since it was shown last.

What a feed showed is kept with it and compared with the duties in force when somebody looks, in one transaction: so
no way by which a duty changes hands can be forgotten, a crash loses no change, and a duty that went and came back
between two looks did not change at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.auth.secret_values import new_secret
from api.clock import local, now
from api.db.engine import Database
from api.db.tables.messages import Feed
from api.messages import feed_repository
from scheduler.messages import text

BACK = timedelta(days=366)
"""How long a duty that was worked stays."""
CANCELLED_STAYS = timedelta(days=60)
REFRESH = timedelta(hours=1)
Shown = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """A duty as a feed shows it; `sequence` counts the changes since it was first shown."""

    shift_id: str
    shown: Shown
    sequence: int
    cancelled: bool
    changed_at: datetime


def make(session: Session, member: Member) -> tuple[Feed, str]:
    """A fresh secret for the own feed; an earlier one opens nothing any more, while changes count on."""
    assert member.gp_number is not None
    secret, at = new_secret(), now()
    feed = feed_repository.feed_of(session, member.hds_id, member.user_id, lock=True)
    if feed is not None and feed.gp_number != member.gp_number:
        session.delete(feed)
        session.flush()
        feed = None
    if feed is None:
        feed = Feed(hds_id=member.hds_id, user_id=member.user_id, gp_number=member.gp_number)
        session.add(feed)
    feed.secret_hash, feed.made_at = hash_of(secret), at
    session.flush()
    record(session, member.hds_id, member.user_id, Act("feed.made", f"user/{member.user_id}"))
    return feed, secret


def revoke(session: Session, member: Member) -> None:
    """End the own feed, if there is one."""
    feed = feed_repository.feed_of(session, member.hds_id, member.user_id, lock=True)
    if feed is not None:
        session.delete(feed)
        session.flush()
        record(session, member.hds_id, member.user_id, Act("feed.revoked", f"user/{member.user_id}"))


def hash_of(secret: str) -> bytes:
    """How the secret of a feed is kept."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def calendar(database: Database, session: Session, secret: str, moment: datetime) -> bytes | None:
    """The calendar behind a secret as it is at `moment` (aware); None where there is none, whatever the reason.

    `session` reads and is given back before anything is written, which is done only where something changed.
    """
    found = feed_repository.by_secret(session, hash_of(secret))
    if found is None:
        return None
    feed, gp_id, hds_name = found
    items, changed, gone = _compared(session, feed, moment)
    session.commit()
    if changed or gone:
        with database.writing() as writing:
            if not feed_repository.hold(writing, feed.id):
                return None
            items, changed, gone = _compared(writing, feed, moment)
            feed_repository.keep(writing, [vars(one) | {"feed_id": feed.id} for one in changed])
            feed_repository.forget(writing, feed.id, gone)
    return _bytes(items, feed.hds_id, gp_id, hds_name)


def _compared(session: Session, feed: Feed, moment: datetime) -> tuple[list[Item], list[Item], list[str]]:
    before = {
        row.shift_id: Item(row.shift_id, row.shown, row.sequence, row.cancelled, row.changed_at)
        for row in feed_repository.items(session, feed.id)
    }
    rows = feed_repository.duties(session, feed.hds_id, feed.gp_number, moment - BACK)
    duties = {row.shift_id: _shown(row) | {"as_trainee": bool(row.as_trainee)} for row in rows}
    lent = feed_repository.lent(session, feed.gp_number, moment - BACK)
    return compared(before, duties | dict(map(_lent, lent)), moment)


def compared(
    before: Mapping[str, Item], duties: Mapping[str, Shown], moment: datetime
) -> tuple[list[Item], list[Item], list[str]]:
    """What a feed shows at `moment`, what of that is new or changed, and which shifts it need not know any longer."""
    changed, same, gone = list[Item](), list[Item](), list[str]()
    for shift_id, shown in duties.items():
        known = before.get(shift_id)
        if known is None:
            changed.append(Item(shift_id, shown, 0, False, moment))
        elif known.cancelled or known.shown != shown:
            changed.append(Item(shift_id, shown, known.sequence + 1, False, moment))
        else:
            same.append(known)
    for known in before.values():
        if known.shift_id in duties:
            continue
        if datetime.fromisoformat(known.shown["end"]) <= moment - BACK:
            gone.append(known.shift_id)
        elif not known.cancelled:
            changed.append(Item(known.shift_id, known.shown, known.sequence + 1, True, moment))
        elif known.changed_at <= moment - CANCELLED_STAYS:
            gone.append(known.shift_id)
        else:
            same.append(known)
    return changed + same, changed, gone


def _shown(row: Any) -> Shown:
    return {
        "start": row.starts_at.isoformat(), "end": row.ends_at.isoformat(), "role": row.role, "burden": row.burden,
        "place": row.post or row.post_id,
    }  # fmt: skip


def _lent(row: Any) -> tuple[str, Shown]:
    """A duty at another HDS, whose shifts may have the ids of the own ones; under a key that is like none of these."""
    told = {"shift_id": row.shift_id, "gp_id": row.gp_id, "hds_id": row.hds_id, "as_trainee": False}
    shown = _shown(row)
    place = text("messages.post_of", post=shown["place"], hds=row.hds)
    return "lent:" + hash_of(f"{row.hds_id}\0{row.shift_id}").hex(), shown | told | {"place": place}


def _placed(moment: str) -> datetime:
    return local(datetime.fromisoformat(moment))


def _bytes(items: Sequence[Item], hds_id: str, gp_id: str, hds_name: str) -> bytes:
    from scheduler.domain.people import Role
    from scheduler.domain.shift import Burden
    from scheduler.report.agenda import Entry, calendar_bytes

    entries = [
        Entry(
            uid=_uid({"shift_id": one.shift_id, "gp_id": gp_id, "hds_id": hds_id} | one.shown),
            shift_id=one.shown.get("shift_id", one.shift_id),
            start=_placed(one.shown["start"]), end=_placed(one.shown["end"]),
            role=Role(one.shown["role"]), burden=Burden(one.shown["burden"]), place=one.shown["place"],
            as_trainee=one.shown["as_trainee"], stamp=one.changed_at, sequence=one.sequence, cancelled=one.cancelled,
        )
        for one in items
    ]  # fmt: skip
    return calendar_bytes(text("messages.feed", hds=hds_name), entries, refresh=REFRESH)


def _uid(shown: Shown) -> str:
    return f"{shown['shift_id']}/{shown['gp_id']}@{shown['hds_id']}.anw-rooster"
