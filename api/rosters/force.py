"""The roster in force for who asks: everything with names, the own duties, or figures without any GP."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from pydantic_core import to_json
from sqlalchemy.orm import Session

from api.auth.principal import Member, Role
from api.errors import Problem
from api.rosters import force_repository as force
from api.rosters.filters import Asked
from api.rosters.force_schemas import NamedGp, NamedPost, Names
from api.rosters.showing import json_page, shift_shown
from api.rosters.who import filters_with_gp
from scheduler.domain.time import DAY
from scheduler.domain.time import local as at

SEES_NAMES = (Role.PLANNER, Role.GP, Role.FINANCE)
_PEOPLE = (("gp_id", "gp_name", "performer_number"), ("responsible_gp_id", "responsible_name", "responsible_number"),
           ("trainee_gp_id", "trainee_name", "trainee_number"))  # fmt: skip
People = Mapping[tuple[int, int], tuple[str, str]]


def etag_of_force(session: Session, member: Member) -> str:
    """The ETag of the whole roster in force as this member sees it, whatever the filters."""
    publication, revisions, duties, changed_at = force.state_of_force(session, member.hds_id)
    told = f"{publication}-{revisions}-{duties}-{changed_at.timestamp() if changed_at else 0:.6f}"
    return f'"{told}-{force.state_of_names(session, member.hds_id)}"' if member.has(*SEES_NAMES) else f'"{told}"'


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Whether the caller has the answer with this ETag already."""
    if if_none_match is None:
        return False
    seen = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return "*" in seen or etag in seen


def roster_json(session: Session, member: Member, asked: Asked) -> bytes:
    """A page of the roster in force (`Duty`) as JSON; raises Problem `forbidden` when an insurer asks for one GP."""
    named = member.has(*SEES_NAMES)
    if asked.gp_id is not None and not named:
        raise Problem("forbidden")
    filters = filters_with_gp(session, member.hds_id, asked)
    rows = force.duties_in_force(session, member.hds_id, filters, asked.limit)
    shown = rows if asked.limit is None else rows[: asked.limit]
    people = _people(session, shown) if named else {}
    return json_page(rows, asked, [_duty(row) | (_who(row, people) if named else {}) for row in shown])


def own_json(session: Session, member: Member, start: date | None, end: date | None) -> tuple[bytes, str]:
    """The duties of the member as a GP (`OwnDuties`) as JSON with their ETag; raises `forbidden` for who is no GP."""
    if member.gp_number is None:
        raise Problem("forbidden")
    since = None if start is None else at(start, time(0))
    until = None if end is None else at(end + DAY, time(0))
    rows = force.duties_of_gp(session, member.hds_id, member.gp_number, since, until)
    people, posts = force.people_and_posts(session, {row.dossier_id for row in rows}, _numbers(rows))
    items = [
        _duty(row)
        | _who(row, people)
        | {"post_name": posts.get((row.dossier_id, row.post_id), row.post_id), "as": _part(row, member.gp_number)}
        for row in rows
    ]
    content = to_json({"items": items})
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def names(session: Session, hds_id: str) -> Names:
    """The GPs of dossiers with a roster in force, the posts of all; where two name one differently, the newest."""
    gps = dict(force.gp_names(session, force.dossiers_in_force(session, hds_id)))
    every = force.dossiers_of(session, hds_id)
    posts = {post_id: name for (_, post_id), name in sorted(force.post_names(session, every).items())}
    return Names(
        gps=[NamedGp(gp_id=gp_id, name=name) for gp_id, name in sorted(gps.items())],
        posts=[NamedPost(post_id=post_id, name=name) for post_id, name in sorted(posts.items())],
    )


def _people(session: Session, rows: Sequence[Any]) -> People:
    return force.people(session, {row.dossier_id for row in rows}, _numbers(rows))


def _numbers(rows: Sequence[Any]) -> set[int]:
    found = {number for row in rows for number in (row.performer_number, row.responsible_number, row.trainee_number)}
    return found - {None}


def _duty(row: Any) -> dict[str, Any]:
    outside = row.performer_number is not None and row.performer_number != row.responsible_number
    return shift_shown(row) | {"filled": row.performer_number is not None, "outside_roster": outside}


def _who(row: Any, people: People) -> dict[str, Any]:
    found: dict[str, Any] = {"revision": row.revision}
    for gp_id, name, column in _PEOPLE:
        found[gp_id], found[name] = people.get((row.dossier_id, getattr(row, column)), (None, None))
    return found


def _part(row: Any, gp_number: int) -> str:
    if row.performer_number == gp_number:
        return "performer"
    return "trainee" if row.trainee_number == gp_number else "responsible"
