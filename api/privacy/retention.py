"""Erasing what was kept long enough, for every HDS by its own settings; run daily by whoever schedules work."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import CursorResult, Delete, Update, delete, select, update
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.audit.erasure import FIELD, erase_details
from api.audit.trail import INSTALLATION
from api.clock import local
from api.db.engine import Database
from api.db.tables import dossier as t
from api.db.tables.market import SwapWant
from api.db.tables.neighbours import GpLinkCode
from api.db.tables.people import ApiToken, Hds, LoginAttempt, LoginSession, OidcLogin
from api.db.tables.repair import Repair, RepairAway
from api.db.tables.rosters import RosterVersion, Snapshot
from api.db.tables.runs import RosterRun
from api.db.tables.swaps import SwapDeal, SwapOffer
from api.messages.forgetting import forget_old
from api.privacy import repository, snapshots
from api.privacy.schemas import Retention
from api.sickness.forgetting import forget_old_illness
from api.swaps.repository import LIVE_DEALS, LIVE_OFFERS
from scheduler.messages import text

SETTING = "retention"
ACTION = "privacy.retention"
_LOGIN_UNDER_WAY = timedelta(days=1)


def retention_of(hds: Hds) -> Retention:
    """The settings of an HDS; the usual terms where it has none, or none that hold."""
    try:
        return Retention.model_validate(hds.settings.get(SETTING, {}))
    except ValidationError:
        return Retention()


def apply_retention(database: Database, moment: datetime) -> dict[str, dict[str, int]]:
    """Erase what is past its term at `moment` (aware); returns how much of what, per HDS, `*` for the installation.

    One transaction an HDS, so that a failure at one leaves the others done. May be run again at any time.
    """
    with database.reading() as session:
        terms = {hds.id: retention_of(hds) for hds in session.scalars(select(Hds).order_by(Hds.id))}
    done: dict[str, dict[str, int]] = {}
    for hds_id, retention in terms.items():
        with database.writing() as session:
            done[hds_id] = _of_hds(session, hds_id, retention, moment)
    shortest = min((one.login_days for one in terms.values()), default=Retention().login_days)
    longest = max((one.audit_detail_years for one in terms.values()), default=Retention().audit_detail_years)
    with database.writing() as session:
        done[INSTALLATION] = _of_installation(session, moment, shortest, longest)
    return done


def years_before(moment: datetime, years: int) -> datetime:
    """The same moment `years` earlier; 29 February becomes the 28th."""
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:
        return moment.replace(year=moment.year - years, day=28)


def _of_hds(session: Session, hds_id: str, terms: Retention, moment: datetime) -> dict[str, int]:
    done: Counter[str] = Counter()
    own = select(t.Dossier.id).where(t.Dossier.hds_id == hds_id)
    wishes, absences = (years_before(moment, years) for years in (terms.wishes_years, terms.absences_years))
    old_wishes = delete(t.WishRow).where(t.WishRow.dossier_id.in_(own), t.WishRow.ends_at < wishes)
    done["wishes"] = _count(session, old_wishes)
    of_absence = (t.AbsenceRow.dossier_id.in_(own), t.AbsenceRow.ends_at < absences, t.AbsenceRow.reason != "")
    done["absence_reasons"] = _count(session, update(t.AbsenceRow).where(*of_absence).values(reason=""))
    done["absence_reasons"] += _reasons_of_repairs(session, hds_id, absences)
    done["wishes"] += _count(session, delete(SwapWant).where(SwapWant.hds_id == hds_id, SwapWant.expires_at < wishes))
    done["words"] = _words_of_swaps(session, hds_id, wishes)
    last_paid = date(local(moment).year - terms.payment_years - 1, 12, 31)
    paid = select(t.Dossier.id).where(t.Dossier.hds_id == hds_id, t.Dossier.period_end <= last_paid)
    done["sickness"] = forget_old_illness(session, hds_id, absences)
    done["payees"] = _count(session, delete(t.PayeeRow).where(t.PayeeRow.dossier_id.in_(paid)))
    done["snapshots"] = _old_snapshots(session, hds_id, min(wishes, absences))
    done["messages"] = forget_old(session, hds_id, moment - timedelta(days=terms.message_days))
    return _details(session, hds_id, years_before(moment, terms.audit_detail_years), done)


def _reasons_of_repairs(session: Session, hds_id: str, until: datetime) -> int:
    """Why somebody was away until then, with the absence and in the words of the planner."""
    of_hds = RepairAway.repair_id.in_(select(Repair.id).where(Repair.hds_id == hds_id))
    over = (of_hds, RepairAway.ends_at < until, RepairAway.reason != "")
    done = _count(session, update(RepairAway).where(*over).values(reason=""))
    gone, later = text("privacy.reason_gone"), select(RepairAway.repair_id).where(RepairAway.ends_at >= until)
    old = (Repair.hds_id == hds_id, Repair.requested_at < until, Repair.reason != gone, Repair.id.not_in(later))
    return done + _count(session, update(Repair).where(*old).values(reason=gone))


def _words_of_swaps(session: Session, hds_id: str, until: datetime) -> int:
    """What was said with offers and deals that ended before."""
    done = 0
    for table, words, live in ((SwapOffer, SwapOffer.note, LIVE_OFFERS), (SwapDeal, SwapDeal.reason, LIVE_DEALS)):
        old = (table.hds_id == hds_id, table.changed_at < until, table.state.not_in(live), words != "")
        done += _count(session, update(table).where(*old).values({words.key: ""}))
    return done


def _old_snapshots(session: Session, hds_id: str, until: datetime) -> int:
    """Snapshots of dossiers whose time ended before `until`; one that was made after that has been done already."""
    old: set[str] = set()
    for table in (RosterVersion, RosterRun):
        old |= set(
            session.scalars(
                select(table.snapshot)
                .join(Snapshot, Snapshot.sha256 == table.snapshot)
                .join(t.Dossier, t.Dossier.id == table.dossier_id)
                .where(table.hds_id == hds_id, t.Dossier.period_end < local(until).date(), Snapshot.created_at < until)
            )
        )
    return snapshots.rewrite(session, sorted(old), snapshots.forget_wishes)


def _of_installation(session: Session, moment: datetime, login_days: int, detail_years: int) -> dict[str, int]:
    done: Counter[str] = Counter()
    until = moment - timedelta(days=login_days)
    done["login_attempts"] = _count(session, delete(LoginAttempt).where(LoginAttempt.at < until))
    done["sessions"] = _count(session, delete(LoginSession).where(LoginSession.expires_at < until))
    done["tokens"] = _count(session, delete(ApiToken).where(ApiToken.expires_at < until))
    done["oidc_logins"] = _count(session, delete(OidcLogin).where(OidcLogin.created_at < moment - _LOGIN_UNDER_WAY))
    done["link_codes"] = _count(session, delete(GpLinkCode).where(GpLinkCode.expires_at < moment))
    return _details(session, INSTALLATION, years_before(moment, detail_years), done)


def _details(session: Session, chain: str, until: datetime, done: Counter[str]) -> dict[str, int]:
    """Old details of the trail, and the record of all that was done; nothing done leaves no record."""
    ranges = erase_details(session, chain, repository.old_details(session, chain, until))
    done["audit_details"] = sum(last - first + 1 for first, last in ranges)
    told = {what: count for what, count in done.items() if count}
    if told:
        session.flush()
        record(session, chain, None, Act(ACTION, f"hds/{chain}", after={**told, FIELD: ranges}))
    return told


def _count(session: Session, statement: Delete | Update) -> int:
    result: CursorResult[Any] = session.execute(statement)  # type: ignore[assignment]
    return result.rowcount
