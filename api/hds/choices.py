"""What an HDS may choose, by subject: each room keeps its own choices under one name in `hds.settings`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import now
from api.db.tables.people import Hds
from api.errors import Problem
from api.etag import require_match
from api.hds.schemas import HdsChange
from api.planning.choices import PlanningChoices
from api.sickness.choices import SicknessChoices
from api.swaps.choices import SwapChoices
from api.users import repository
from scheduler.messages import text

SUBJECTS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"planning": PlanningChoices, "sickness": SicknessChoices, "swaps": SwapChoices}
)
"""A room adds its model here; every member has a default. What is kept how long is changed by the room `privacy`."""


def shown(settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every subject with its defaults filled in."""
    return {
        name: model.model_validate(settings.get(name, {})).model_dump(mode="json") for name, model in SUBJECTS.items()
    }


def change(session: Session, member: Member, wish: HdsChange, if_match: str | None) -> Hds:
    """Change name and choices of the HDS; raises Problem `malformed` with every mistake, `changed_meanwhile`,
    `if_match_needed`.
    """
    hds = repository.locked_hds(session, member.hds_id)
    by = repository.name_here(session, hds.id, hds.changed_by) or text("users.somebody")
    require_match(if_match, hds.revision, by, hds.changed_at or hds.created_at)
    before = {"name": hds.name, "settings": shown(hds.settings)}
    hds.settings = _merged(hds.settings, wish.settings)
    hds.name = wish.name or hds.name
    hds.revision += 1
    hds.changed_at, hds.changed_by = now(), member.user_id
    after = {"name": hds.name, "settings": shown(hds.settings)}
    record(session, hds.id, member.user_id, Act("hds.changed", f"hds/{hds.id}", before=before, after=after))
    return hds


def _merged(settings: Mapping[str, Any], wish: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    mistakes: list[dict[str, Any]] = []
    merged = dict(settings)
    for name, chosen in wish.items():
        model = SUBJECTS.get(name)
        if model is None:
            expected = ", ".join(SUBJECTS)
            mistakes.append({"place": ["body", "settings", name], "expected": expected, "kind": "unknown"})
            continue
        unknown = chosen.keys() - model.model_fields.keys()
        mistakes += [
            {"place": ["body", "settings", name, one], "expected": ", ".join(model.model_fields), "kind": "unknown"}
            for one in sorted(unknown)
        ]
        try:
            valid = model.model_validate({**settings.get(name, {}), **chosen})
        except ValidationError as error:
            mistakes += [_mistake(name, dict(one)) for one in error.errors()]
        else:
            merged[name] = valid.model_dump(mode="json")
    if mistakes:
        raise Problem("malformed", text("problems.mistakes", count=len(mistakes)), errors=mistakes)
    return merged


def _mistake(name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    place = ["body", "settings", name, *map(str, one["loc"])]
    return {"place": place, "expected": one["msg"], "kind": one["type"]}
