"""A GP about whom everything is held that may be: dossier, duties, pay, account, audit trail and free text."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import select

from api.audit import Act, record
from api.audit.trail import INSTALLATION
from api.clock import now
from api.db.engine import Database
from api.db.tables import Base
from api.db.tables.calls import GpPhone
from api.db.tables.people import ApiToken, Gp, LoginSession, User
from api.db.tables.rosters import RosterVersion
from scheduler.domain.availability import Absence, Wish
from scheduler.domain.dossier import Dossier
from tests.api.conftest import add_user, token_for
from tests.api.payouts.in_force import JANUARY, PAY, InForce, publish
from tests.builders import moment
from tests.payout.paying import IBAN_C, hds, payee

NAME, USERNAME, EMAIL, REASON, WORDS = "Zwanenburg", "zwaan", "zw@post.example", "knieoperatie", "vertelde dit"
PHONE = "+31612345678"
PERSONAL = (NAME, USERNAME, EMAIL, REASON, WORDS, PHONE)
URL = "/api/v1/hds/test/privacy"
AsRole = Callable[..., TestClient]


@dataclass(frozen=True)
class Held:
    """The HDS with its GP C, and the account that speaks for C."""

    in_force: InForce
    user_id: int
    gp_number: int


def dossier() -> Dossier:
    """The HDS of the tests of pay, in which C is somebody with a name, an illness and a wish."""
    plain = hds()
    gps = [gp.replace(name=f"Dokter {NAME}") if gp.id == "C" else gp for gp in plain.gps]
    span = {"start": moment("2024-03-01"), "end": moment("2024-03-08")}
    payees = [one for one in plain.payees if one.gp_id != "C"]
    return plain.replace(
        gps=gps,
        absences=[Absence(gp_id="C", reason=REASON, **span), Absence(gp_id="A", reason="cursus", **span)],
        wishes=[Wish(gp_id="C", wish="avoid", weight=3, **span), Wish(gp_id="A", wish="avoid", weight=3, **span)],
        payees=[*payees, payee("C", f"Waarneming {NAME}", IBAN_C)],
    )


def hold(database: Database) -> Held:
    """Everything about C in a database."""
    in_force = publish(database, dossier=dossier())
    user_id = add_user(database, USERNAME, "test", "gp", gp_id="C")
    token_for(database, user_id, "test", "gp")
    with database.writing() as session:
        user = session.get_one(User, user_id)
        user.display_name, user.email, user.password_hash = f"Dokter {NAME}", EMAIL, "argon2"
        session.add(
            LoginSession(
                secret_hash="0" * 64, user_id=user_id, csrf_token="x", created_at=now(), seen_at=now(),
                expires_at=now() + timedelta(hours=1),
            )
        )  # fmt: skip
        session.scalars(select(RosterVersion)).one().note = f"Dokter {NAME} ruilt in mei"
        number = session.scalars(select(Gp.number).where(Gp.gp_id == "C")).one()
        session.add(GpPhone(gp_number=number, hds_id="test", phone=PHONE, changed_at=now()))
        told = {"name": NAME}
        record(session, "test", None, Act("gp.changed", "dossier/1", told, told, REASON, number))
        record(session, "test", user_id, Act("swap.proposed", "swap/1", reason=WORDS))
        record(session, "test", user_id, Act("swap.withdrawn", "swap/1"))
        record(session, INSTALLATION, None, Act("user.changed", f"user/{user_id}", after={"email": EMAIL}))
    return Held(in_force, user_id, number)


def pay_january(as_role: AsRole) -> None:
    """Close the payment run of January, in which C was paid, and that of February."""
    finance = as_role("finance")
    for period in (JANUARY, {"month": "2024-02"}):
        assert finance.post(f"{PAY}/runs", json=period).status_code == 201


def everything(database: Database, *, but: tuple[str, ...] = ()) -> str:
    """Every value of every row of the database as text, but for some tables; snapshots unpacked."""
    found: list[str] = []
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name in but:
                continue
            for row in session.execute(select(table)):
                found += [_text(value) for value in row]
    return "\n".join(found)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return gzip.decompress(value).decode() if value[:2] == b"\x1f\x8b" else value.decode(errors="replace")
    return repr(value)


def tokens_of(database: Database, user_id: int) -> int:
    """How many tokens and sessions a user has."""
    with database.reading() as session:
        tokens = session.scalars(select(ApiToken).where(ApiToken.user_id == user_id)).all()
        sessions = session.scalars(select(LoginSession).where(LoginSession.user_id == user_id)).all()
    return len(tokens) + len(sessions)
