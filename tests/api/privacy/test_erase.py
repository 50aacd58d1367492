"""What names an erased GP is gone from every table, and every figure and chain is as it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert, update

from api.audit.verify import verify_all
from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import AgreementRow
from api.db.tables.people import Gp, Membership, User
from api.db.tables.rosters import Duty, RosterVersion
from api.db.tables.runs import RosterRun
from api.dossiers.mapping import read_dossier
from api.rosters.mapping import load_snapshot
from tests.api.conftest import add_user, token_for
from tests.api.payouts.in_force import PAY, STANDBY
from tests.api.privacy.held import NAME, PERSONAL, REASON, URL, AsRole, Held, everything, hold, pay_january, tokens_of
from tests.api.privacy.year import SAID_TIMES, live_through

ERASE = f"{URL}/gps/C/erase"
ASKED = {"reason": "verzoek van 3 maart"}
PAID = ("payment_run", "payment_run_file", "payment_statement", "payment_line", "payment_transfer", "payment_file_sent")


@pytest.fixture
def held(database: Database, as_role: AsRole) -> Held:
    """GP C, all of whose duties are paid and whose agreements are over."""
    found = hold(database)
    pay_january(as_role)
    return found


def test_nothing_names_an_erased_gp(held: Held, database: Database, as_role: AsRole) -> None:
    """Before, every word is somewhere; after, none is anywhere but in the payment runs, which the tax law keeps."""
    before = everything(database, but=PAID)
    assert [word for word in PERSONAL if word not in before] == []
    answer = as_role("administrator").post(ERASE, json=ASKED)
    assert answer.status_code == 200, answer.text
    after = everything(database, but=PAID)
    assert [word for word in PERSONAL if word in after] == []
    assert "cursus" in after
    assert "Gewiste huisarts (C) ruilt in mei" in after


def test_what_others_wrote_through_the_year_names_an_erased_gp_no_longer(
    held: Held, database: Database, as_role: AsRole
) -> None:
    """With swaps, illness and repairs, in columns and in the audit trail, which still verifies."""
    live_through(database)
    answer = as_role("administrator").post(ERASE, json=ASKED)
    assert answer.status_code == 200, answer.text
    after = everything(database, but=PAID)
    assert NAME not in after
    assert after.count("liefst aan Gewiste huisarts (C)") == SAID_TIMES
    assert verify_all(database).troubles == ()


def test_what_is_kept_is_told(held: Held, as_role: AsRole) -> None:
    """The answer names each payment run that pays the GP, and until when it stays."""
    answer = as_role("administrator").post(ERASE, json=ASKED).json()
    year = now().year
    assert answer["kept"] == [{"what": "betaalrun 1", "kept_until": f"{year + 7}-12-31"}]
    assert (answer["dossiers"], answer["snapshots"], answer["account_disabled"]) == (1, 1, True)
    assert answer["audit_details_erased"] == 3


def test_figures_and_chains_stay(held: Held, database: Database, as_role: AsRole) -> None:
    """The payment runs verify, nothing is due again, the trail verifies, and the figures of versions are the same."""
    finance, administrator = as_role("finance"), as_role("administrator")
    totals = finance.get(f"{PAY}/verify").json()
    due = finance.get(f"{PAY}/preview", params={"month": "2024-01"}).json()
    assert administrator.post(ERASE, json=ASKED).status_code == 200
    assert finance.get(f"{PAY}/verify").json() == totals
    assert finance.get(f"{PAY}/preview", params={"month": "2024-01"}).json() == due
    found = verify_all(database)
    assert (found.troubles, found.erased) == ((), 3)
    with database.reading() as session:
        version = session.get_one(RosterVersion, 1)
        gps = {gp.id: gp.name for gp in load_snapshot(session, version.snapshot).gps}
    assert gps == {"A": "Dokter A", "B": "Dokter B", "C": "Gewiste huisarts (C)", "T": "Dokter T"}


def test_the_proof_of_a_version_keeps_what_it_rests_on(held: Held, database: Database, as_role: AsRole) -> None:
    """Absences stay without their reason, wishes go, and nobody else's data changes; dossier and snapshot agree."""
    as_role("administrator").post(ERASE, json=ASKED)
    with database.reading() as session:
        version = session.get_one(RosterVersion, 1)
        snapshot = load_snapshot(session, version.snapshot)
        from api.db.tables.dossier import Dossier

        kept = read_dossier(session, session.get_one(Dossier, version.dossier_id))
    assert kept == snapshot
    assert {(one.gp_id, one.reason) for one in kept.absences} == {("C", ""), ("A", "cursus")}
    assert [one.gp_id for one in kept.wishes] == ["A"]
    assert {one.gp_id: one.payee_name for one in kept.payees}["C"] == "Gewiste huisarts (C)"
    assert kept.gps[0] == held.in_force.dossier.gps[0]


def test_the_account_lets_nobody_in(held: Held, database: Database, as_role: AsRole) -> None:
    """Disabled, without name, password, token or session."""
    as_role("administrator").post(ERASE, json=ASKED)
    with database.reading() as session:
        user = session.get_one(User, held.user_id)
        assert user.disabled_at is not None
        assert (user.display_name, user.email, user.password_hash) == ("", None, None)
    assert tokens_of(database, held.user_id) == 0


def test_who_is_known_elsewhere_only_leaves(held: Held, database: Database, as_role: AsRole) -> None:
    """An account with a role at another HDS goes on there."""
    add_user(database, "zwaan", "elsewhere", "planner")
    token_for(database, held.user_id, "elsewhere", "planner")
    assert as_role("administrator").post(ERASE, json=ASKED).json()["account_disabled"] is False
    with database.reading() as session:
        assert session.get_one(User, held.user_id).username == "zwaan"
        assert session.get(Membership, (held.user_id, "test", "gp")) is None
    assert tokens_of(database, held.user_id) == 1


def _duty_to_come(database: Database, held: Held) -> None:
    with database.writing() as session:
        ahead = {"starts_at": now() + timedelta(days=3), "ends_at": now() + timedelta(days=3, hours=8)}
        session.execute(update(Duty).where(Duty.shift_id == STANDBY.id).values(**ahead))


def _agreement(database: Database, held: Held) -> None:
    with database.writing() as session:
        session.add(
            AgreementRow(
                dossier_id=held.in_force.dossier_id, gp_number=held.gp_number, valid_from=date(2024, 1, 1),
                valid_until=now().date() + timedelta(days=1), roles=["consult"], nights=True, contract="locum",
            )
        )  # fmt: skip


def _other_role(database: Database, held: Held) -> None:
    with database.writing() as session:
        session.add(Membership(user_id=held.user_id, hds_id="test", role="planner"))


def _unpaid(database: Database, held: Held) -> None:
    with database.writing() as session:
        after = {"starts_at": datetime.fromisoformat("2024-04-01T08:00:00+02:00")}
        ends = {"ends_at": datetime.fromisoformat("2024-04-01T16:00:00+02:00")}
        session.execute(update(Duty).where(Duty.shift_id == STANDBY.id).values(**after, **ends))


def _run(database: Database, held: Held) -> None:
    with database.writing() as session:
        snapshot = session.get_one(RosterVersion, 1).snapshot
        session.execute(
            insert(RosterRun).values(
                id="r", hds_id="test", dossier_id=held.in_force.dossier_id, snapshot=snapshot, request={},
                requested_at=now(),
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("obstacle", "said"),
    [
        (_duty_to_come, ["nog 1 diensten op naam", "in geen betaalrun"]),
        (_agreement, ["overeenkomst tot en met"]),
        (_other_role, ["nog een andere rol"]),
        (_unpaid, ["in geen betaalrun"]),
        (_run, ["roosterrun"]),
    ],
)
def test_an_obstacle_is_told_and_nothing_is_erased(
    held: Held, database: Database, as_role: AsRole, obstacle: Any, said: list[str]
) -> None:
    """409 with each reason, and every word is still there."""
    obstacle(database, held)
    answer = as_role("administrator").post(ERASE, json=ASKED)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert len(answer.json()["reasons"]) == len(said)
    for words, reason in zip(said, answer.json()["reasons"], strict=True):
        assert words in reason
    after = everything(database)
    assert [word for word in PERSONAL if word not in after] == []


def test_a_gp_is_erased_once(held: Held, database: Database, as_role: AsRole) -> None:
    """The second time is refused with the day of the first; somebody unknown is not found."""
    administrator = as_role("administrator")
    with time_machine.travel(now() + timedelta(days=400), tick=True):
        administrator = as_role("administrator")
        assert administrator.post(ERASE, json=ASKED).status_code == 200
        again = administrator.post(ERASE, json=ASKED)
    assert (again.status_code, len(again.json()["reasons"])) == (409, 1)
    with database.reading() as session:
        assert session.get_one(Gp, held.gp_number).erased_at is not None
    assert as_role("administrator").post(f"{URL}/gps/nobody/erase", json=ASKED).status_code == 404


def test_only_administrators_erase(held: Held, client: TestClient, as_role: AsRole) -> None:
    """Nobody else may, and an erasure without a reason is malformed."""
    assert client.post(ERASE, json=ASKED).status_code == 401
    assert as_role("administrator", hds_id="elsewhere").post(ERASE, json=ASKED).status_code == 404
    for role in ("planner", "finance", "insurer"):
        assert as_role(role).post(ERASE, json=ASKED).status_code == 403
    assert as_role("administrator").post(ERASE, json={"reason": ""}).status_code == 422


def test_a_failure_half_way_erases_nothing(held: Held, app: FastAPI, database: Database, as_role: AsRole) -> None:
    """All in one transaction: when the last statement is refused, the first is undone."""
    from sqlalchemy import text

    with database.writing() as session:
        body = "BEGIN SELECT RAISE(ABORT, 'full'); END"
        if database.on_sqlite:
            session.execute(text(f"CREATE TRIGGER t BEFORE UPDATE ON audit_head {body}"))
        else:
            session.execute(text("CREATE RULE t AS ON UPDATE TO audit_head DO INSTEAD SELECT 1/0"))
    assert as_role("administrator").post(ERASE, json=ASKED).status_code >= 400
    after = everything(database)
    assert NAME in after
    assert REASON in after
