"""Every query on publications and on the duties in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Exists,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.clock import meet
from api.db.tables.dossier import Dossier, GpRow, PostRow
from api.db.tables.payouts import CallIn, Worked
from api.db.tables.peak import EscalationCall, ExtraShift
from api.db.tables.people import Gp, Hds
from api.db.tables.rosters import Duty, Publication, PublishedDuty, RosterVersion
from api.db.tables.sickness import SicknessCall, SicknessCase
from api.paging import Cut
from api.rosters.filters import Filters
from api.rosters.repository import number_in

_DUTIES = cast(Table, Duty.__table__)
"""For many rows at once, without the bookkeeping of the session."""


def lock_roster_of(session: Session, hds_id: str) -> None:
    """Let nobody else publish for the HDS until the commit."""
    session.execute(select(Hds.id).where(Hds.id == hds_id).with_for_update(key_share=True))


def publication_by_key(session: Session, hds_id: str, key: str) -> Publication | None:
    """What was published with this idempotency key."""
    return session.scalar(select(Publication).where(Publication.hds_id == hds_id, Publication.idempotency_key == key))


def last_publication(session: Session, hds_id: str) -> Publication | None:
    """What was published last."""
    return session.scalar(
        select(Publication).where(Publication.hds_id == hds_id).order_by(Publication.number.desc()).limit(1)
    )


def publications_of(session: Session, hds_id: str, cut: Cut) -> Sequence[Any]:
    """At most `cut.limit + 1` publications of the HDS with the number and dossier of their versions, the last first."""
    found = (
        select(Publication, RosterVersion.number, RosterVersion.dossier_id)
        .join(RosterVersion, RosterVersion.id == Publication.version_id)
        .where(Publication.hds_id == hds_id)
    )
    if cut.after is not None:
        found = found.where(Publication.number < number_in(cut.after))
    return session.execute(found.order_by(Publication.number.desc()).limit(cut.limit + 1)).all()


def duties_around(
    session: Session, hds_id: str, dossier_id: int, since: datetime, until: datetime, *, lock: bool = False
) -> Sequence[Any]:
    """The duties in force of the HDS that start in `[since, until)`, and all of one dossier, in order of start and id.

    With `lock` nobody swaps one until the commit.
    """
    near = and_(Duty.starts_at >= since, Duty.starts_at < until)
    ours = (Duty.hds_id == hds_id, or_(near, Duty.dossier_id == dossier_id))
    if lock:
        # in the order in which swaps lock theirs, so that neither waits for the other for ever
        session.execute(select(Duty.shift_id).where(*ours).order_by(Duty.shift_id).with_for_update(key_share=True))
    return session.execute(select(_DUTIES).where(*ours).order_by(Duty.starts_at, Duty.shift_id)).all()


def shifts_with_hours(session: Session, hds_id: str) -> frozenset[str]:
    """The shifts for which it was entered what was really worked."""
    entered = select(Worked.shift_id).where(Worked.hds_id == hds_id)
    called = select(CallIn.shift_id).where(CallIn.hds_id == hds_id)
    return frozenset(session.scalars(entered.union(called)))


def extra_shifts(session: Session, hds_id: str, dossier_id: int, *, closed: bool = False) -> frozenset[str]:
    """The shifts that were opened on top of published rosters of a dossier and not closed again, or those that were."""
    ended = ExtraShift.closed_at.is_not(None) if closed else ExtraShift.closed_at.is_(None)
    found = select(ExtraShift.shift_id).where(ExtraShift.hds_id == hds_id, ExtraShift.dossier_id == dossier_id, ended)
    return frozenset(session.scalars(found))


def hours_stand(hds_id: Any, call: Any) -> Exists:
    """Whether the hours of a call-in at an HDS are still told, in a query: they may have been taken back."""
    own = (CallIn.hds_id == hds_id, CallIn.shift_id == call.standby_id, CallIn.gp_number == call.gp_number)
    return exists().where(*own, meet(CallIn, call))


def called_for(session: Session, hds_id: str) -> Mapping[str, timedelta]:
    """How long standbys were called in for each shift, by a report of sickness or by hand; elapsed.

    Only calls whose hours still stand: they may have been taken back.
    """
    parts = "standby_id", "gp_number", "starts_at", "ends_at"
    by_case = (
        select(SicknessCase.shift_id, *(getattr(SicknessCall, name) for name in parts))
        .join(SicknessCase, SicknessCase.id == SicknessCall.case_id)
        .where(SicknessCase.hds_id == hds_id, SicknessCall.ended_at.is_(None))
    )
    by_hand = select(EscalationCall.shift_id, *(getattr(EscalationCall, name) for name in parts)).where(
        EscalationCall.hds_id == hds_id
    )
    # one by hand that a case knows too is the same row in both
    call = by_case.union(by_hand).subquery()
    told = hours_stand(hds_id, call.c)
    found: defaultdict[str, timedelta] = defaultdict(timedelta)
    for row in session.execute(select(call.c.shift_id, call.c.starts_at, call.c.ends_at).where(told)):
        found[row.shift_id] += row.ends_at - row.starts_at
    return found


def worked_by_others(session: Session, hds_id: str) -> frozenset[str]:
    """The shifts of which it was entered that nobody worked them as such: a called standby did."""
    by_nobody = select(Worked.shift_id).where(Worked.hds_id == hds_id, Worked.gp_number.is_(None))
    return frozenset(session.scalars(by_nobody))


def take_out(session: Session, hds_id: str, shift_ids: Iterable[str]) -> None:
    """Take shifts out of force; who was responsible for them by each publication stays on record."""
    rows = [{"of": shift_id} for shift_id in shift_ids]
    if rows:
        statement = delete(_DUTIES).where(_DUTIES.c.hds_id == hds_id, _DUTIES.c.shift_id == bindparam("of"))
        session.connection().execute(statement, rows)


def free(session: Session, hds_id: str, shift_ids: Iterable[str]) -> None:
    """Have nobody perform these shifts, so that GPs may move between them; their revisions go up."""
    values = {"performer_number": None, "trainee_number": None, "revision": Duty.revision + 1}
    _update(session, hds_id, [{"of": shift_id} for shift_id in shift_ids], values)


def change(session: Session, hds_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Change duties; each row names its shift under `of` and has the same columns."""
    if rows:
        _update(session, hds_id, rows, {name: bindparam(name) for name in rows[0] if name != "of"})


def _update(session: Session, hds_id: str, rows: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> None:
    if rows:
        ours = update(_DUTIES).where(_DUTIES.c.hds_id == hds_id, _DUTIES.c.shift_id == bindparam("of"))
        session.connection().execute(ours.values(values), [dict(row) for row in rows])


def put_in(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put new duties in force."""
    if rows:
        session.execute(insert(Duty), [dict(row) for row in rows])


def republish(session: Session, hds_id: str, publication_id: int, dossier_id: int, shift_ids: Iterable[str]) -> None:
    """Duties that stay as they are now hold by another publication."""
    values = {"publication_id": publication_id, "dossier_id": dossier_id}
    _update(session, hds_id, [{"of": shift_id} for shift_id in shift_ids], values)


def keep_for_ever(session: Session, publication_id: int, responsible: Mapping[str, int | None]) -> None:
    """Put on record who is responsible for each shift by this publication."""
    rows = [
        {"publication_id": publication_id, "shift_id": shift_id, "gp_number": number}
        for shift_id, number in responsible.items()
    ]
    if rows:
        session.execute(insert(PublishedDuty), rows)


def supersede(session: Session, hds_id: str, moment: datetime) -> Sequence[int]:
    """Mark each published version of which nothing is in force; returns their ids."""
    in_force = (
        select(Publication.version_id)
        .join(Duty, (Duty.hds_id == Publication.hds_id) & (Duty.publication_id == Publication.id))
        .where(Publication.hds_id == hds_id)
    )
    statement = (
        update(RosterVersion)
        .where(RosterVersion.hds_id == hds_id, RosterVersion.state == "published", RosterVersion.id.not_in(in_force))
        .values(state="superseded", revision=RosterVersion.revision + 1, changed_at=moment)
        .returning(RosterVersion.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(statement).all()


class ForceState(NamedTuple):
    """What differs between any two states of the roster in force, as duties that are closed take revisions along."""

    publication: int
    revisions: int
    duties: int
    changed_at: datetime | None


def state_of_force(session: Session, hds_id: str) -> ForceState:
    """The last publication in force, the sum of all revisions, the number of duties, and when one changed last."""
    row = session.execute(
        select(
            func.coalesce(func.max(Duty.publication_id), 0),
            func.coalesce(func.sum(Duty.revision), 0),
            func.count(),
            func.max(Duty.changed_at),
        ).where(Duty.hds_id == hds_id)
    ).one()
    return ForceState(int(row[0]), int(row[1]), int(row[2]), row[3])


def duties_in_force(session: Session, hds_id: str, filters: Filters, limit: int | None = None) -> Sequence[Any]:
    """The duties in force that pass, in order of start and id; at most `limit + 1` of them when it is given."""
    found = select(_DUTIES).where(Duty.hds_id == hds_id, *filters.conditions(Duty, Duty.performer_number))
    found = found.order_by(Duty.starts_at, Duty.shift_id)
    return session.execute(found if limit is None else found.limit(limit + 1)).all()


def _part_of_gp(column: InstrumentedAttribute[int | None], *more: ColumnElement[bool]) -> Select[Any]:
    return select(_DUTIES).where(Duty.hds_id == bindparam("hds"), column == bindparam("gp"), *more)


_OWN = union_all(
    _part_of_gp(Duty.performer_number),
    _part_of_gp(Duty.responsible_number, Duty.performer_number.is_distinct_from(bindparam("gp"))),
    _part_of_gp(Duty.trainee_number),
)
"""Three looks into an index; one statement with OR would read the whole year of the HDS on SQLite."""


def duties_of_gp(
    session: Session, hds_id: str, gp_number: int, since: datetime | None, until: datetime | None
) -> Sequence[Any]:
    """The duties that a GP performs, is responsible for or stands beside as a trainee, in order of start and id."""
    rows = {row.shift_id: row for row in session.execute(_OWN, {"hds": hds_id, "gp": gp_number}).all()}
    asked = (
        row
        for row in rows.values()
        if (since is None or row.ends_at > since) and (until is None or row.starts_at < until)
    )
    return sorted(asked, key=lambda row: (row.starts_at, row.shift_id))


_PEOPLE = (
    select(GpRow.dossier_id, GpRow.gp_number, Gp.gp_id, GpRow.name)
    .join(Gp, Gp.number == GpRow.gp_number)
    .where(GpRow.dossier_id.in_(bindparam("dossiers", expanding=True)))
    .where(GpRow.gp_number.in_(bindparam("gps", expanding=True)))
)


def people(
    session: Session, dossier_ids: Iterable[int], numbers: Iterable[int]
) -> Mapping[tuple[int, int], tuple[str, str]]:
    """Id and name of GPs, under dossier and number."""
    rows = session.execute(_PEOPLE, {"dossiers": sorted(set(dossier_ids)), "gps": sorted(set(numbers))})
    return {(row.dossier_id, row.gp_number): (row.gp_id, row.name) for row in rows}


def contracts(session: Session, dossier_ids: Iterable[int]) -> Mapping[tuple[int, int], str]:
    """The class of each GP, under dossier and number."""
    rows = session.execute(
        select(GpRow.dossier_id, GpRow.gp_number, GpRow.contract).where(GpRow.dossier_id.in_(sorted(set(dossier_ids))))
    )
    return {(row.dossier_id, row.gp_number): row.contract for row in rows}


_POSTS = select(PostRow.dossier_id, PostRow.post_id, PostRow.name).where(
    PostRow.dossier_id.in_(bindparam("dossiers", expanding=True))
)


def post_names(session: Session, dossier_ids: Iterable[int]) -> Mapping[tuple[int, str], str]:
    """The name of each post, under dossier and id."""
    rows = session.execute(_POSTS, {"dossiers": sorted(set(dossier_ids))})
    return {(row.dossier_id, row.post_id): row.name for row in rows}


def dossiers_in_force(session: Session, hds_id: str) -> Sequence[int]:
    """The dossiers of the HDS that have duties in force."""
    return session.scalars(select(Duty.dossier_id).where(Duty.hds_id == hds_id).distinct()).all()


def dossiers_of(session: Session, hds_id: str) -> Sequence[int]:
    """Every dossier of the HDS."""
    return session.scalars(select(Dossier.id).where(Dossier.hds_id == hds_id)).all()


def gp_names(session: Session, dossier_ids: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Id and name of every GP of these dossiers, the newest dossier last."""
    found = select(Gp.gp_id, GpRow.name).join(Gp, Gp.number == GpRow.gp_number)
    rows = session.execute(found.where(GpRow.dossier_id.in_(sorted(set(dossier_ids)))).order_by(GpRow.dossier_id))
    return ((row.gp_id, row.name) for row in rows)


_PEOPLE_AND_POSTS: CompoundSelect[Any] = union_all(
    _PEOPLE,
    _POSTS.with_only_columns(PostRow.dossier_id, null(), PostRow.post_id, PostRow.name),
)


def people_and_posts(
    session: Session, dossier_ids: Iterable[int], numbers: Iterable[int]
) -> tuple[Mapping[tuple[int, int], tuple[str, str]], Mapping[tuple[int, str], str]]:
    """Id and name of GPs as `people` tells them, and the name of each post under dossier and id: asked at once."""
    asked = {"dossiers": sorted(set(dossier_ids)), "gps": sorted(set(numbers))}
    rows = session.execute(_PEOPLE_AND_POSTS, asked).all()
    found = {(dossier, number): (gp_id, name) for dossier, number, gp_id, name in rows if number is not None}
    return found, {(dossier, post_id): name for dossier, number, post_id, name in rows if number is None}


def versions_in_force(session: Session, hds_id: str) -> Sequence[RosterVersion]:
    """The version that was published last of each dossier that has duties in force, in the order of the dossiers."""
    last = (
        select(func.max(Duty.publication_id)).where(Duty.hds_id == hds_id).group_by(Duty.dossier_id).scalar_subquery()
    )
    return session.scalars(
        select(RosterVersion)
        .join(Publication, Publication.version_id == RosterVersion.id)
        .where(Publication.id.in_(last))
        .order_by(RosterVersion.dossier_id)
    ).all()


def state_of_names(session: Session, hds_id: str) -> int:
    """The sum of the revisions of the HDS's dossiers: it changes when a name does."""
    return int(
        session.scalar(select(func.coalesce(func.sum(Dossier.revision), 0)).where(Dossier.hds_id == hds_id)) or 0
    )
