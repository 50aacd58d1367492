"""The demo: a fictitious HDS with one user of each role and a roster in force, in a database of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth.principal import Member, Role
from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.people import Gp, Hds, Membership, User
from api.dossiers.service import import_dossier
from api.payouts.schemas import TariffEntry, TariffRate
from api.payouts.tariffs import change as change_tariffs
from api.rosters.publishing import Order, publish
from api.rosters.versions import import_roster
from api.users.service import add_membership, create_user, new_token, one_time_password, set_password
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.dossier import write_dossier
from scheduler.generate import DEMO, generate
from scheduler.messages import text
from scheduler.payout.tariffs import read_tariffs

TOKEN_DAYS = 1


@dataclass(frozen=True)
class Demo:
    """What somebody needs to try the service; a password is None once its user has chosen one."""

    hds_id: str
    dossier_id: int
    gp_id: str
    passwords: Mapping[Role, str | None]
    tokens: Mapping[Role, str]


def prepare_demo(database: Database) -> Demo:
    """Load the demo unless it is there already; fresh tokens, and fresh passwords for who never logged in."""
    with database.writing() as session:
        row = session.scalars(select(DossierRow).order_by(DossierRow.id)).first()
        if row is None:
            row = _load(session)
        users = {role: session.scalars(select(User).where(User.username == role.value)).one() for role in Role}
        gp_id = session.scalars(
            select(Gp.gp_id)
            .join(Membership, Membership.gp_number == Gp.number)
            .where(Membership.user_id == users[Role.GP].id)
        ).one()
        return Demo(
            row.hds_id,
            row.id,
            gp_id,
            {role: _renewed_password(session, user) for role, user in users.items()},
            {
                role: new_token(session, user.id, row.hds_id, [role], days=TOKEN_DAYS, name="demo")
                for role, user in users.items()
            },
        )


def _load(session: Session) -> DossierRow:
    dossier = generate(**DEMO)  # type: ignore[arg-type]
    session.add(Hds(id=dossier.hds_id, name=dossier.hds_name, created_at=now()))
    session.flush()
    with tempfile.TemporaryDirectory(prefix="anw-demo-") as folder:
        write_dossier(dossier, Path(folder))
        row = import_dossier(session, None, dossier.hds_id, Path(folder))
    users = {}
    for role in Role:
        user = create_user(session, role.value, display_name=role.value, email=None, password=None)
        gp_id = _somebody_on_duty(dossier) if role is Role.GP else None
        add_membership(session, user.id, dossier.hds_id, role, gp_id=gp_id)
        users[role] = Member(user.id, dossier.hds_id, frozenset({role}))
    _enter_tariffs(session, users[Role.FINANCE])
    _put_in_force(session, users[Role.PLANNER], row)
    return row


def _enter_tariffs(session: Session, finance: Member) -> None:
    rows = read_tariffs(_shipped("tariffs/demo-2027.csv"))
    entered = [TariffRate.model_validate(row, from_attributes=True) for row in rows]
    change_tariffs(session, finance, TariffEntry(rows=entered, reason=text("service.demo")))


def _put_in_force(session: Session, planner: Member, row: DossierRow) -> None:
    """The roster that `anw roster data/demo` makes, so that everybody has duties to look at and to swap."""
    content = _shipped("demo-roster.csv").read_bytes()
    version = import_roster(session, planner, row.id, content, text("service.demo"))
    order = Order(row.period_start, text("service.demo"))
    publish(session, planner, version.id, order, "*", None)


def _shipped(name: str) -> Path:
    """A file of `data/`, which stands inside the package once it is installed."""
    here = Path(__file__).parent
    inside = here / "data" / name
    return inside if inside.exists() else here.parent / "data" / name


def _somebody_on_duty(dossier: Dossier) -> str:
    """A practice owner whose agreement covers the whole period."""
    return next(
        agreement.gp_id
        for agreement in dossier.agreements
        if agreement.contract is Contract.PRACTICE_OWNER
        and (agreement.valid_from, agreement.valid_until) == (dossier.period.start, dossier.period.end)
    )


def _renewed_password(session: Session, user: User) -> str | None:
    if user.password_hash is not None and not user.must_change_password:
        return None
    password = one_time_password()
    set_password(session, user, password, must_change=True)
    return password
