"""What somebody is told on the page, what of that is read, and what somebody wants to be told."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, Role
from api.clock import local, now
from api.db.tables.messages import MessagePreference, NoticeRow
from api.etag import require_match
from api.messages import repository
from api.messages.kinds import Wishes, wishes_of
from api.messages.schemas import NoticePage, NoticeShown, ReadMarks
from api.messages.wording import Wording, without_cause
from api.paging import Cut, page_of
from scheduler.messages import text


def mine(session: Session, member: Member, cut: Cut, *, unread: bool) -> NoticePage:
    """The notices of the member, the newest first, with the names as they are now."""
    rows = repository.own_notices(session, member, cut, unread=unread)
    wording = Wording(session, member.hds_id, [row.about for row in rows[: cut.limit]])
    shown = dict if member.has(Role.PLANNER) else without_cause
    page = page_of(
        rows, cut, lambda row: (row.id,),
        lambda row: NoticeShown(
            id=row.id, kind=row.kind, at=local(row.created_at), subject=wording.subject(row.kind, row.about),
            text=wording.body(row.kind, row.about), about=shown(row.about),
            read_at=None if row.read_at is None else local(row.read_at),
        ),
    )  # fmt: skip
    count = repository.count_unread(session, member)
    return NoticePage(items=page.items, next=page.next, unread=count)


def mark_read(session: Session, member: Member, marks: ReadMarks) -> int:
    """Mark own notices as read; returns how many are left unread. What is not the member's own stays as it is."""
    which: list[ColumnElement[bool]] = [NoticeRow.event_id.in_(marks.ids)]
    if marks.until is not None:
        which.append(NoticeRow.event_id <= marks.until)
    repository.mark_read(session, member, or_(*which), now())
    return repository.count_unread(session, member)


def wishes(session: Session, member: Member) -> tuple[Wishes, int]:
    """What the member wants to be told, and the revision of that; 0 before anything was chosen."""
    row = repository.preference(session, member.hds_id, member.user_id)
    return wishes_of({} if row is None else row.groups), 0 if row is None else row.revision


def choose(session: Session, member: Member, wish: Wishes, if_match: str | None) -> int:
    """Choose what to be told; returns the new revision. Raises Problem `changed_meanwhile`, `if_match_needed`."""
    row = repository.preference(session, member.hds_id, member.user_id, lock=True)
    at = now()
    revision, changed_at = (0, at) if row is None else (row.revision, row.changed_at)
    require_match(if_match, revision, text("messages.yourself"), changed_at)
    before, after = wishes_of({} if row is None else row.groups).model_dump(), wish.model_dump()
    if row is None:
        row = MessagePreference(hds_id=member.hds_id, user_id=member.user_id, groups=after, revision=0, changed_at=at)
        session.add(row)
    row.groups, row.revision, row.changed_at = after, revision + 1, at
    session.flush()
    act = Act("messages.preferences_changed", f"user/{member.user_id}", before=before, after=after)
    record(session, member.hds_id, member.user_id, act)
    return row.revision
