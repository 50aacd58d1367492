"""Reading and checking the audit trail of an HDS."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from api.audit import repository
from api.audit.erasure import is_erased
from api.audit.schemas import Entry, Head, TroubleShown, Verdict
from api.audit.verify import Anchor, Findings, verify_chain
from api.auth.access import Administrator
from api.clock import local
from api.db.sessions import ReadSession
from api.errors import Problem, problems
from api.fields import Identifier, Key, Moment, ShiftId
from api.paging import Page, PageCut, page_of
from api.room import room

SHOWN = 100
router = room("/hds/{hds_id}/audit", "audit")


@router.get("", summary="Read the audit trail", responses=problems("bad_cursor", "not_found", "forbidden"))
def read_trail(
    member: Administrator,
    session: ReadSession,
    cut: PageCut,
    subject: Annotated[ShiftId | None, Query(description="Exactly this subject, as `version/12`.")] = None,
    action: Annotated[Identifier | None, Query(description="Exactly this action, as `roster.published`.")] = None,
    actor_id: Annotated[Key | None, Query(description="The number of the user who did it.")] = None,
    since: Annotated[Moment | None, Query(alias="from", description="Not before this moment.")] = None,
    until: Annotated[Moment | None, Query(description="Before this moment.")] = None,
    gp_id: Annotated[Identifier | None, Query(description="Only what holds data of this GP.")] = None,
) -> Page[Entry]:
    """Who did what, when, what was before and after, and why; the newest first."""
    wanted = repository.Wanted(subject, action, actor_id, since, until, gp_id)
    before = _seq_of(cut.after) if cut.after else None
    rows = repository.entries(session, member.hds_id, wanted, before, cut.limit + 1)
    return page_of(rows, cut, lambda row: [row.seq], _entry)


@router.get("/head", summary="The last link of the trail", responses=problems("not_found", "forbidden"))
def read_head(member: Administrator, session: ReadSession) -> Head:
    """The number and hash to note elsewhere, so that even a rewrite of the whole trail would be seen."""
    found = repository.head(session, member.hds_id)
    if found is None:
        raise Problem("not_found")
    return _head(Anchor(found.chain, found.seq, found.hash))


@router.get("/verify", summary="Check the trail", responses=problems("not_found", "forbidden"))
def verify_trail(member: Administrator, session: ReadSession) -> Verdict:
    """Recompute every link: anything changed, added, taken away or moved is found."""
    return _verdict(verify_chain(session, member.hds_id))


def _seq_of(key: list[str | int]) -> int:
    if len(key) != 1 or not isinstance(key[0], int):
        raise Problem("bad_cursor")
    return key[0]


def _entry(row: Any) -> Entry:
    return Entry(
        seq=row.seq, at=local(row.at), actor_id=row.actor_id, actor=row.display_name or row.username,
        action=row.action, subject=row.subject, before=row.before, after=row.after, reason=row.reason or "",
        gp_id=row.gp_id, erased=is_erased(row), hash=row.hash,
    )  # fmt: skip


def _head(last: Anchor) -> Head:
    return Head(chain=last.chain, seq=last.seq, hash=last.hash, noted=str(last))


def _verdict(findings: Findings) -> Verdict:
    return Verdict(
        sound=not findings.troubles,
        entries=findings.entries,
        erased=findings.erased,
        trouble_count=len(findings.troubles),
        troubles=[TroubleShown(seq=one.seq, kind=one.kind, text=str(one)) for one in findings.troubles[:SHOWN]],
        head=_head(findings.last) if findings.last else None,
    )
