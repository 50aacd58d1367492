"""Changing rows of a dossier: all that is asked for at once, judged together, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Actor, Member
from api.db.tables import dossier as t
from api.dossiers import repository, rows_kept, windows
from api.dossiers.cells import to_json
from api.dossiers.judging import FIRST_NEW, Draft, items_of
from api.dossiers.mapping import gp_numbers
from api.dossiers.parts import PARTS, Part
from api.dossiers.rows_kept import Kept
from api.dossiers.service import subject
from api.errors import Problem
from api.etag import require_match
from scheduler.messages import text

_REFERRED_TO = ("posts", "practices", "gps")
"""Parts whose rows other tables point at: they are changed in their place."""


class Deed(StrEnum):
    """What is done with a row."""

    ADD = "add"
    REPLACE = "replace"
    MERGE = "merge"
    REMOVE = "remove"


@dataclass(frozen=True)
class Change:
    """One change that somebody asks for; `cells` are those of the whole row, of a merge only some."""

    part: Part
    deed: Deed
    cells: Mapping[str, str]
    row_id: int | None = None
    if_match: str | None = None


def apply(
    session: Session, who: Actor, dossier_id: int, changes: Sequence[Change], reason: str = ""
) -> list[Kept | None]:
    """Do all changes, as rows that now stand (None: taken out), each on record.

    Raises Problem: `not_found`, `forbidden` for rows of another, `bad_request` for a row that is named twice,
    `wrong_state` where GPs hand in too early or too late, `if_match_needed`, `changed_meanwhile`, and `dossier_invalid`
    with every mistake. From here to the commit other writers of the dossier wait. What follows from what somebody did
    elsewhere is done by a `SystemActor`, never with the rights of another.
    """
    numbers = [(change.part.name, change.row_id) for change in changes if change.row_id is not None]
    if len(set(numbers)) < len(numbers):
        raise Problem("bad_request", text("dossiers.row_twice"))
    if not repository.touch(session, who.hds_id, dossier_id, who.user_id):
        raise Problem("not_found")
    of_gp = not all(change.part.is_open_to(who) for change in changes)
    if of_gp:
        windows.require_open(session, dossier_id)
    row = session.get_one(t.Dossier, dossier_id, populate_existing=True)
    drafts = [_draft(session, who, row, change, index) for index, change in enumerate(changes)]
    items = items_of(session, row, drafts)
    row_ids = _Writing(session, row, drafts, items).done()
    if of_gp and isinstance(who, Member):
        windows.note_handed_in(session, dossier_id, who)
    kept = [
        None if draft.after is None else rows_kept.one(session, dossier_id, draft.part, row_id)
        for draft, row_id in zip(drafts, row_ids, strict=True)
    ]
    for draft, row_id, now_kept in zip(drafts, row_ids, kept, strict=True):
        record(session, who.hds_id, who.user_id, _act(dossier_id, draft, row_id, now_kept, reason))
    return kept


def _draft(session: Session, who: Actor, row: t.Dossier, change: Change, index: int) -> Draft:
    before = None if change.deed is Deed.ADD else _seen(session, who, row, change)
    after: Mapping[str, str] | None = None
    if change.deed is not Deed.REMOVE:
        empty = dict.fromkeys(change.part.spec.all_columns, "")
        standing = before.cells if before and change.deed is Deed.MERGE else {}
        after = empty | dict(standing) | dict(change.cells)
        if not change.part.is_open_to(who) and after["gp_id"] != who.gp_id:
            raise Problem("forbidden")
    return Draft(change.part, before, after, before.row_id if before else FIRST_NEW + index)


def _seen(session: Session, who: Actor, row: t.Dossier, change: Change) -> Kept:
    """The row as it stands, if it is still what the caller saw."""
    found = None if change.row_id is None else rows_kept.one(session, row.id, change.part, change.row_id)
    if found is None or not (change.part.is_open_to(who) or found.gp_number == who.gp_number):
        raise Problem("not_found")
    last = rows_kept.last_change(session, who.hds_id, row_subject(row.id, change.part, found.row_id))
    # who last changed anything else in the dossier may be a colleague who handed something in
    actor_id, at = last or (row.changed_by if change.part.is_open_to(who) else None, row.changed_at)
    require_match(change.if_match, found.etag, repository.username(session, actor_id), at)
    return found


def row_subject(dossier_id: int, part: Part, row_id: int) -> str:
    """How the audit trail names a row."""
    return f"{subject(dossier_id)}/{part.name}/{row_id}"


def _act(dossier_id: int, draft: Draft, row_id: int, kept: Kept | None, reason: str) -> Act:
    part = draft.part
    done = "changed" if draft.before and kept else "added" if kept else "removed"
    side = kept or draft.before
    return Act(
        f"dossier.{part.name}.{done}",
        row_subject(dossier_id, part, row_id),
        before=to_json(part.spec, draft.before.cells, part.nullable) if draft.before else None,
        after=to_json(part.spec, kept.cells, part.nullable) if kept else None,
        reason=reason,
        gp_number=side.gp_number if side else None,
    )


class _Writing:
    """The judged drafts on their way into the tables.

    Rows that nothing points at are taken out and put back under their number, so that the constraints (no double, no
    overlap) look at the outcome and not at each step.
    """

    def __init__(self, session: Session, row: t.Dossier, drafts: Sequence[Draft], items: Sequence[Any]) -> None:
        self.session, self.row = session, row
        self.pairs = list(zip(drafts, items, strict=True))
        ids = [item.id for draft, item in self.pairs if draft.part.name == "gps" and item is not None]
        named = {gp_id for draft in drafts for gp_id in draft.gp_ids}
        trainers = {cells["trainer_gp_id"] for draft in drafts if (cells := draft.after) and "trainer_gp_id" in cells}
        known = sorted((named | trainers) - {""})
        self.numbers = gp_numbers(session, row.hds_id, ids) if ids else rows_kept.numbers_of(session, row.hds_id, known)

    def done(self) -> list[int]:
        """Write everything; the number of each row, of those taken out as well."""
        backwards = list(PARTS.values())[::-1]
        for part in backwards:
            if part.name not in _REFERRED_TO:
                self._take_out(part, also_changed=True)
        written = {id(draft): row_id for part in PARTS.values() for draft, row_id in self._written(part)}
        self._set_trainers(written)
        for part in backwards:
            if part.name in _REFERRED_TO:
                self._take_out(part, also_changed=False)
        return [written.get(id(draft), draft.line) for draft, _ in self.pairs]

    def _take_out(self, part: Part, *, also_changed: bool) -> None:
        gone = [
            draft.before.row_id
            for draft, item in self.pairs
            if draft.part is part and draft.before and (also_changed or item is None)
        ]
        if gone:
            rows_kept.remove(self.session, part, gone)

    def _written(self, part: Part) -> list[tuple[Draft, int]]:
        return [
            (draft, self._write(draft, item)) for draft, item in self.pairs if draft.part is part and item is not None
        ]

    def _write(self, draft: Draft, item: Any) -> int:
        part = draft.part
        values = part.mapped.values(item, self.numbers) | {"dossier_id": self.row.id}
        if draft.before and part.name in _REFERRED_TO:
            rows_kept.change(self.session, part, draft.before.row_id, values)
            return draft.before.row_id
        number = {"id": draft.before.row_id} if draft.before else {}
        row_id = rows_kept.add(self.session, part, values | number)
        if part.name == "agreements":
            rows_kept.set_posts(self.session, self.row.id, row_id, item.posts)
        return row_id

    def _set_trainers(self, written: Mapping[int, int]) -> None:
        """Trainers after all GPs, as a trainee may come before the trainer."""
        for draft, item in self.pairs:
            if draft.part.name == "gps" and item is not None:
                number = self.numbers.get(item.trainer_gp_id or "")
                rows_kept.change(self.session, draft.part, written[id(draft)], {"trainer_number": number})
