"""Groups of GPs, such as a hagro: kept by the planner, and named by those who offer a duty to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, Role
from api.clock import now
from api.db.tables.market import GpGroup
from api.dossiers.mapping import gp_ids
from api.errors import Problem
from api.etag import require_match
from api.swaps import group_repository as repository
from api.swaps.group_schemas import GroupAsked, GroupShown
from scheduler.messages import text


def shown(session: Session, groups: Sequence[GpGroup]) -> list[GroupShown]:
    """Groups with the ids of their GPs."""
    if not groups:
        return []
    ids = gp_ids(session, groups[0].hds_id)
    members = repository.members(session, [group.id for group in groups])
    return [
        GroupShown(
            id=group.id, name=group.name, revision=group.revision,
            gp_ids=sorted(ids[number] for number in members[group.id]),
        )
        for group in groups
    ]  # fmt: skip


def visible(session: Session, member: Member) -> list[GroupShown]:
    """All groups for the planner, the own ones for a GP."""
    return shown(session, repository.groups(session, member.hds_id, None if _sees_all(member) else member.gp_number))


def _sees_all(member: Member) -> bool:
    return member.has(Role.PLANNER)


def create(session: Session, member: Member, asked: GroupAsked) -> GroupShown:
    """A new group; raises Problem `conflict` for a name that another group has, `unknown_gp`."""
    numbers = _numbers(session, member.hds_id, asked)
    _require_free_name(session, member.hds_id, asked.name, None)
    row = GpGroup(hds_id=member.hds_id, name=asked.name, changed_at=now(), changed_by=member.user_id)
    session.add(row)
    session.flush()
    repository.set_members(session, row, numbers)
    [made] = shown(session, [row])
    record(session, member.hds_id, member.user_id, Act("group.made", f"group/{row.id}", after=_told(made)))
    return made


def change(session: Session, member: Member, group_id: int, asked: GroupAsked, if_match: str | None) -> GroupShown:
    """Another name or other members; raises as `create` does, `not_found`, `if_match_needed`, `changed_meanwhile`."""
    row = _to_change(session, member, group_id, if_match)
    numbers = _numbers(session, member.hds_id, asked)
    _require_free_name(session, member.hds_id, asked.name, group_id)
    [before] = shown(session, [row])
    row.name, row.revision, row.changed_at, row.changed_by = asked.name, row.revision + 1, now(), member.user_id
    repository.set_members(session, row, numbers)
    session.flush()
    [after] = shown(session, [row])
    act = Act("group.changed", f"group/{row.id}", before=_told(before), after=_told(after))
    record(session, member.hds_id, member.user_id, act)
    return after


def delete(session: Session, member: Member, group_id: int, if_match: str | None) -> None:
    """Take a group away; raises Problem `wrong_state` while an offer to it stands, and as `change` does."""
    row = _to_change(session, member, group_id, if_match)
    if repository.has_offers(session, group_id):
        raise Problem("wrong_state", text("swaps.group.offered"))
    [before] = shown(session, [row])
    session.delete(row)
    session.flush()
    record(session, member.hds_id, member.user_id, Act("group.removed", f"group/{group_id}", before=_told(before)))


def _to_change(session: Session, member: Member, group_id: int, if_match: str | None) -> GpGroup:
    row = repository.group(session, member.hds_id, group_id, lock=True)
    if row is None:
        raise Problem("not_found")
    by = repository.user_name(session, row.changed_by) or text("users.somebody")
    require_match(if_match, row.revision, by, row.changed_at)
    return row


def _numbers(session: Session, hds_id: str, asked: GroupAsked) -> list[int]:
    known = {gp_id: number for number, gp_id in gp_ids(session, hds_id).items()}
    if unknown := [gp_id for gp_id in asked.gp_ids if gp_id not in known]:
        errors = [{"place": ["body", "gp_ids"], "found": gp_id, "kind": "unknown"} for gp_id in unknown]
        raise Problem("unknown_gp", text("swaps.group.unknown", gps=", ".join(unknown)), errors=errors)
    return [known[gp_id] for gp_id in asked.gp_ids]


def _require_free_name(session: Session, hds_id: str, name: str, but: int | None) -> None:
    other = repository.named(session, hds_id, name)
    if other is not None and other.id != but:
        raise Problem("conflict", text("swaps.group.name_taken", name=name))


def _told(group: GroupShown) -> dict[str, Any]:
    return {"name": group.name, "gp_ids": group.gp_ids}
