"""From rows to what callers see; whole years of shifts go straight to JSON, without a model for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response
from pydantic_core import to_json
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.rosters import RosterVersion
from api.dossiers.mapping import gp_ids
from api.paging import cursor_of
from api.rosters import repository
from api.rosters.filters import Asked
from api.rosters.schemas import BurdenFigures, Days, Figures, Proof, Version
from scheduler.domain.time import HOUR


def version_shown(version: RosterVersion, dossier: DossierRow, usernames: Mapping[int, str]) -> Version:
    """A version of `dossier` as callers see it."""
    return Version(
        id=version.id, dossier_id=version.dossier_id, number=version.number, state=version.state,
        origin=version.origin, note=version.note, parent_id=version.parent_id, run_id=version.run_id,
        period=Days(start=dossier.period_start, end=dossier.period_end), revision=version.revision,
        created_at=local(version.created_at), created_by=usernames.get(version.created_by or 0),
        changed_at=local(version.changed_at), changed_by=usernames.get(version.changed_by or 0),
        figures=figures_shown(version.figures, version.proof), proof=Proof.model_validate(version.proof),
    )  # fmt: skip


def figures_shown(figures: Mapping[str, Any], proof: Mapping[str, Any]) -> Figures:
    """The figures of a version beside the bounds that are proven for its dossier."""
    bounds = proof.get("deviation_bound", {})
    fairness = {
        burden: BurdenFigures(**measured, lower_bound=bounds.get(burden))
        for burden, measured in figures["fairness"].items()
    }
    return Figures(**{**figures, "fairness": fairness})


def shown_versions(session: Session, dossier: DossierRow, versions: Sequence[RosterVersion]) -> list[Version]:
    """Several versions of one dossier."""
    names = repository.usernames(session, [user for one in versions for user in (one.created_by, one.changed_by)])
    return [version_shown(version, dossier, names) for version in versions]


def shown_version(session: Session, version: RosterVersion) -> Version:
    """One version."""
    dossier = session.get_one(DossierRow, version.dossier_id)
    return shown_versions(session, dossier, [version])[0]


def json_page(rows: Sequence[Row[Any]], asked: Asked, items: list[dict[str, Any]]) -> bytes:
    """The JSON of a page of shifts; `rows` may hold one row more than is shown, which only tells that there is more."""
    more = asked.limit is not None and len(rows) > asked.limit
    last = rows[len(items) - 1] if more else None
    following = None if last is None else cursor_of((last.starts_at.isoformat(), last.shift_id))
    return to_json({"items": items, "next": following})


def json_answer(content: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of ready JSON."""
    return Response(content, media_type="application/json", headers=dict(headers or {}))


def version_shifts_json(session: Session, version: RosterVersion, rows: Sequence[Row[Any]], asked: Asked) -> bytes:
    """Shifts of a version (`VersionShift`) as a page of JSON."""
    ids = gp_ids(session, version.hds_id)
    names = {number: name for (_, number), name in repository.names_of(session, [version.dossier_id]).items()}
    shown = rows if asked.limit is None else rows[: asked.limit]
    items = [
        shift_shown(row)
        | {
            "gp_id": ids.get(row.gp_number),
            "gp_name": names.get(row.gp_number),
            "trainee_gp_id": ids.get(row.trainee_number),
            "trainee_name": names.get(row.trainee_number),
            "locked": row.locked,
        }
        for row in shown
    ]
    return json_page(rows, asked, items)


def shift_shown(row: Row[Any]) -> dict[str, Any]:
    """What a row of `assignment` or `duty` says of the shift itself; hours are elapsed."""
    return {
        "shift_id": row.shift_id,
        "post_id": row.post_id,
        "role": row.role,
        "burden": row.burden,
        "is_night": row.is_night,
        "start": local(row.starts_at),
        "end": local(row.ends_at),
        "hours": (row.ends_at - row.starts_at) / HOUR,
    }
