"""Everything that is held about a GP, as a zip of JSON files that a person and a program can read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.audit.trail import INSTALLATION
from api.clock import local, now
from api.db.tables.people import Gp, User
from api.dossiers.mapping import gp_ids
from api.messages.repository import preferences_of, told_to
from api.messages.wording import without_cause
from api.privacy import repository, snapshots
from api.privacy.holdings import plain, rows_about
from scheduler.messages import text


def export(session: Session, one: Gp) -> bytes:
    """The zip: a file for each table with rows about the GP, the account, the audit trail and the snapshots."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LEESMIJ.txt", text("privacy.readme", gp_id=one.gp_id, when=f"{local(now()):%d-%m-%Y %H:%M}"))
        for name, content in _files(session, one):
            archive.writestr(f"{name}.json", json.dumps(content, ensure_ascii=False, indent=1))
    return packed.getvalue()


def _files(session: Session, one: Gp) -> Iterator[tuple[str, Any]]:
    yield "gp", {"gp_id": one.gp_id, "hds_id": one.hds_id, "erased_at": plain(one.erased_at)}
    for name, rows in rows_about(session, one.number, gp_ids(session, one.hds_id)):
        if rows and name != "membership":
            yield name, rows
    users = repository.accounts(session, one)
    yield "account", [_account(session, user) for user in users]
    yield from _messages(session, one, [user.id for user in users])
    yield "audit", list(_audit(session, one, [user.id for user in users]))
    seen = (snapshots.about(snapshots.read(session, key), one.gp_id) for key in _keys(session, one))
    yield "snapshots", _distinct(seen)


def _keys(session: Session, one: Gp) -> Sequence[str]:
    return snapshots.snapshots_of(session, one.hds_id)


def _distinct(found: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each state once: most versions were made with the same dossier."""
    kept: list[dict[str, Any]] = []
    for state in found:
        if state and state not in kept:
            kept.append(state)
    return kept


def _messages(session: Session, one: Gp, user_ids: Sequence[int]) -> Iterator[tuple[str, Any]]:
    if told := told_to(session, one.hds_id, user_ids):
        yield (
            "messages",
            [{"at": plain(row.created_at), "kind": row.kind, "about": without_cause(row.about)} for row in told],
        )
    if wishes := preferences_of(session, one.hds_id, user_ids):
        yield "message_wishes", list(wishes.values())


def _account(session: Session, user: User) -> dict[str, Any]:
    """The account without what lets somebody in."""
    sessions, tokens = repository.logins(session, user.id)
    names = ("username", "display_name", "email", "oidc_issuer", "oidc_subject", "created_at", "disabled_at")
    return {
        **{name: plain(getattr(user, name)) for name in names},
        "roles": [{"hds_id": one.hds_id, "role": one.role} for one in repository.memberships(session, user.id)],
        "sessions": [_moments(one, "created_at", "seen_at", "expires_at") for one in sessions],
        "tokens": [{"name": one.name} | _moments(one, "created_at", "used_at", "expires_at") for one in tokens],
    }


def _moments(row: Any, *names: str) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in names}


def _audit(session: Session, one: Gp, user_ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """What was done with data of the GP or by the GP; with an act of the GP on others' data, only that it was done."""
    for chain, number in ((one.hds_id, one.number), (INSTALLATION, None)):
        for row in repository.audit_about(session, chain, number, user_ids):
            about_gp = number is not None and row.gp_number == number
            told = {"before": row.before, "after": row.after, "reason": row.reason} if about_gp else {}
            yield {
                "at": plain(row.at), "action": row.action, "subject": row.subject,
                "by_you": row.actor_id in user_ids, **told,
            }  # fmt: skip
