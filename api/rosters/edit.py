"""A set of edits put on the content of a version: what it is afterwards, or everything that is wrong with the set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from api.errors import Problem
from api.rosters.content import Content
from api.rosters.edit_schemas import Edit
from scheduler.domain.roster import Roster
from scheduler.messages import text


def edited(content: Content, edits: Sequence[Edit]) -> Content:
    """The content after all the edits; raises Problem `malformed` with everything that cannot be done."""
    _require_known(content, edits)
    gp_of, trainee_of = dict(content.roster.gp_of), dict(content.roster.trainee_of)
    locked = set(content.locked)
    for edit in edits:
        _place(edit, gp_of, trainee_of)
        _lock(edit, gp_of, locked)
    _require_whole(edits, gp_of, trainee_of)
    roster = Roster(shifts=content.roster.shifts, gp_of=gp_of, trainee_of=trainee_of)
    return replace(content, roster=roster, locked=frozenset(locked))


def _place(edit: Edit, gp_of: dict[str, str], trainee_of: dict[str, str]) -> None:
    shift_id, told = edit.shift_id, edit.model_fields_set
    if "gp_id" in told and edit.gp_id != gp_of.get(shift_id):
        trainee_of.pop(shift_id, None)
        _put(gp_of, shift_id, edit.gp_id)
    if "trainee_gp_id" in told:
        _put(trainee_of, shift_id, edit.trainee_gp_id)


def _put(who: dict[str, str], shift_id: str, gp_id: str | None) -> None:
    if gp_id is None:
        who.pop(shift_id, None)
    else:
        who[shift_id] = gp_id


def _lock(edit: Edit, gp_of: dict[str, str], locked: set[str]) -> None:
    if edit.locked:
        locked.add(edit.shift_id)
    if edit.locked is False or (edit.locked is None and edit.shift_id not in gp_of):
        locked.discard(edit.shift_id)


def _require_known(content: Content, edits: Sequence[Edit]) -> None:
    _refuse(_unknown(content, edits))


def _unknown(content: Content, edits: Sequence[Edit]) -> Iterator[tuple[str, str]]:
    for shift_id, times in Counter(edit.shift_id for edit in edits).items():
        if shift_id not in content.roster.shift_by_id:
            yield shift_id, text("rosters.edit.shift", shift=shift_id)
        if times > 1:
            yield shift_id, text("rosters.edit.twice", shift=shift_id)
    for edit in edits:
        for gp_id in (edit.gp_id, edit.trainee_gp_id):
            if gp_id is not None and gp_id not in content.dossier.gp_by_id:
                yield edit.shift_id, text("rosters.edit.gp", gp=gp_id)


def _require_whole(edits: Sequence[Edit], gp_of: dict[str, str], trainee_of: dict[str, str]) -> None:
    _refuse(_halves(edits, gp_of, trainee_of))


def _halves(edits: Sequence[Edit], gp_of: dict[str, str], trainee_of: dict[str, str]) -> Iterator[tuple[str, str]]:
    for edit in edits:
        if edit.shift_id in gp_of:
            if gp_of[edit.shift_id] == trainee_of.get(edit.shift_id):
                yield edit.shift_id, text("rosters.edit.beside_oneself", shift=edit.shift_id)
            continue
        if edit.locked:
            yield edit.shift_id, text("rosters.edit.open_lock", shift=edit.shift_id)
        if edit.shift_id in trainee_of:
            yield edit.shift_id, text("rosters.edit.trainee_alone", shift=edit.shift_id)


def _refuse(found: Iterator[tuple[str, str]]) -> None:
    errors: list[dict[str, Any]] = [{"shift_id": shift_id, "expected": told} for shift_id, told in found]
    if errors:
        raise Problem("malformed", text("problems.mistakes", count=len(errors)), errors=errors)
