"""Taking personal data out of the dossiers that versions were judged with.

A snapshot stands under its own hash, so that a changed one is a new one: the versions and runs that were made with the
old are tied to the new, with all of their figures as they were, and the old one is deleted. What the proof of a version
rests on (spans of absence, agreements, limits, balances) stays, under a pseudonym.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from api.db.tables.rosters import RosterVersion, Snapshot
from api.db.tables.runs import RosterRun
from api.rosters.mapping import store_content

Dossier = dict[str, Any]
_SELF_EMPLOYED = "self_employed"


def snapshots_of(session: Session, hds_id: str) -> list[str]:
    """The hashes of every snapshot that a version or run of the HDS was made with."""
    found: set[str] = set()
    for table in (RosterVersion, RosterRun):
        found |= set(session.scalars(select(table.snapshot).where(table.hds_id == hds_id)))
    return sorted(found)


def read(session: Session, digest: str) -> Dossier:
    """The dossier of a snapshot as plain JSON."""
    content = session.scalars(select(Snapshot.content).where(Snapshot.sha256 == digest)).one()
    found: Dossier = json.loads(gzip.decompress(content))
    return found


def rewrite(session: Session, digests: list[str], change: Callable[[Dossier], None]) -> int:
    """Apply `change` to each snapshot, and tie what was made with it to the result; returns how many changed."""
    return sum(_rewrite_one(session, digest, change) for digest in digests)


def _rewrite_one(session: Session, digest: str, change: Callable[[Dossier], None]) -> bool:
    dossier = read(session, digest)
    before = json.dumps(dossier)
    change(dossier)
    if json.dumps(dossier) == before:
        return False
    fresh = store_content(session, json.dumps(dossier, ensure_ascii=False, separators=(",", ":")).encode())
    for table in (RosterVersion, RosterRun):
        session.execute(update(table).where(table.snapshot == digest).values(snapshot=fresh))
    session.execute(delete(Snapshot).where(Snapshot.sha256 == digest))
    return True


def about(dossier: Dossier, gp_id: str) -> Dossier:
    """What a dossier holds of one GP, part by part."""
    found: Dossier = {}
    for part, rows in dossier.items():
        if part == "gps":
            own = [row for row in rows if row["id"] == gp_id]
        elif part == "clinic_days":
            own = [rows[gp_id]] if gp_id in rows else []
        elif isinstance(rows, list):
            own = [row for row in rows if isinstance(row, dict) and row.get("gp_id") == gp_id]
        else:
            own = []
        if own:
            found[part] = own
    return found


def names_of(dossier: Dossier, gp_id: str) -> set[str]:
    """The names by which a dossier knows a GP."""
    return {gp["name"] for gp in dossier["gps"] if gp["id"] == gp_id}


def pseudonymise(dossier: Dossier, gp_id: str, pseudonym: str) -> None:
    """Take the name, the free text, the wishes and the duties elsewhere of one GP out of a dossier."""
    for gp in _own(dossier["gps"], gp_id, key="id"):
        gp["name"] = pseudonym
    for absence in _own(dossier["absences"], gp_id):
        absence["reason"] = ""
    for payee in _own(dossier["payees"], gp_id):
        if payee["basis"] == _SELF_EMPLOYED:
            payee["payee_name"] = pseudonym
    dossier["wishes"] = [wish for wish in dossier["wishes"] if wish["gp_id"] != gp_id]
    if "elsewhere" in dossier:
        dossier["elsewhere"] = [one for one in dossier["elsewhere"] if one["gp_id"] != gp_id]


def forget_wishes(dossier: Dossier) -> None:
    """Take all wishes, duties elsewhere and the reasons of absences out of a dossier whose time is long over."""
    dossier["wishes"] = []
    dossier.pop("elsewhere", None)
    for absence in dossier["absences"]:
        absence["reason"] = ""


def _own(rows: list[Dossier], gp_id: str, key: str = "gp_id") -> Iterator[Dossier]:
    return (row for row in rows if row[key] == gp_id)
