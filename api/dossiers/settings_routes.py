"""The settings of a dossier: period, calendar, rules, weights, burdens and local pay."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from api.auth.access import Planner
from api.db.sessions import ReadSession, WriteSession
from api.dossiers import service, settings_kept
from api.dossiers.routes import DossierId
from api.dossiers.settings_kept import Settings, SettingsChange
from api.errors import problems
from api.etag import IfMatch, show_revision
from api.room import room

router = room("/hds/{hds_id}/dossiers/{dossier_id}/settings", "dossier parts")
_CHANGING = problems("not_found", "dossier_invalid", "changed_meanwhile", "if_match_needed")


@router.get("", summary="The settings", responses=problems("not_found"))
def show_settings(who: Planner, dossier_id: DossierId, session: ReadSession, response: Response) -> Settings:
    """As the tables of `hds.toml`; the ETag is that of the settings alone, made of their content."""
    return _answer(settings_kept.settings_of(service.found(session, who.hds_id, dossier_id)), response)


@router.put("", summary="Replace the settings", responses=_CHANGING)
def replace_settings(
    who: Planner,
    dossier_id: DossierId,
    body: Settings,
    session: WriteSession,
    response: Response,
    if_match: IfMatch = None,
) -> Settings:
    """What is left out has its default; the whole dossier is judged with the new settings."""
    wanted = body.model_dump(exclude_unset=True)
    return _answer(settings_kept.change(session, who, dossier_id, if_match, lambda _: wanted), response)


@router.patch("", summary="Change some settings", responses=_CHANGING)
def change_settings(
    who: Planner,
    dossier_id: DossierId,
    body: SettingsChange,
    session: WriteSession,
    response: Response,
    if_match: IfMatch = None,
) -> Settings:
    """Keys that are left out stay as they are, inside each table as well; null gives one its default."""
    some = body.model_dump(exclude_unset=True)
    return _answer(
        settings_kept.change(session, who, dossier_id, if_match, lambda now: settings_kept.merged(now, some)), response
    )


def _answer(settings: dict[str, Any], response: Response) -> Settings:
    show_revision(response, settings_kept.fingerprint(settings))
    return Settings(**settings)
