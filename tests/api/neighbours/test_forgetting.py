"""Links go with an erased GP, and when a GP was busy elsewhere goes from what versions were made with."""

from __future__ import annotations

from datetime import datetime

from fastapi import FastAPI
from sqlalchemy import select

from api.clock import now
from api.db.engine import Database
from api.db.tables.neighbours import GpLink, GpLinkCode
from api.db.tables.people import Gp, Hds
from api.privacy.snapshots import forget_wishes, pseudonymise
from scheduler.domain.availability import BusyElsewhere
from scheduler.domain.time import AMSTERDAM
from tests.api.lending.test_lending import neighbours, opened, take
from tests.api.neighbours.two_hdss import EAST, shift, url
from tests.api.privacy.held import URL, AsRole, hold, pay_january
from tests.api.rosters.stage import small_dossier


def test_the_links_of_an_erased_gp_are_gone(database: Database, as_role: AsRole) -> None:
    """And the codes that could make another one."""
    held = hold(database)
    pay_january(as_role)
    moment = now()
    with database.writing() as session:
        session.add(Hds(id="buur", name="Buur", created_at=moment))
        session.flush()
        there = Gp(hds_id="buur", gp_id="c")
        session.add(there)
        session.flush()
        first, last = sorted((held.gp_number, there.number))
        session.add(GpLink(one_number=first, other_number=last, self_made=True, made_at=moment))
        session.add(
            GpLinkCode(
                code_hash="x", gp_number=held.gp_number, self_made=True, made_at=moment, expires_at=moment
            )
        )  # fmt: skip
    answer = as_role("administrator").post(f"{URL}/gps/C/erase", json={"reason": "verzoek"})
    assert answer.status_code == 200, answer.text
    with database.reading() as session:
        assert session.scalars(select(GpLink.id)).all() == []
        assert session.scalars(select(GpLinkCode.code_hash)).all() == []


def test_a_snapshot_forgets_when_an_erased_gp_was_elsewhere() -> None:
    """What others did elsewhere stays until its term is over, and then goes too."""
    span = {"start": datetime(2027, 1, 5, 17, tzinfo=AMSTERDAM), "end": datetime(2027, 1, 5, 23, tzinfo=AMSTERDAM)}
    dossier = small_dossier().with_elsewhere([BusyElsewhere(gp_id=gp_id, **span) for gp_id in "ab"])
    kept = dossier.model_dump(mode="json")
    pseudonymise(kept, "a", "gewist")
    assert [one["gp_id"] for one in kept["elsewhere"]] == ["b"]
    forget_wishes(kept)
    assert "elsewhere" not in kept


def test_a_gp_with_a_shift_to_come_at_a_neighbour_is_not_erased(app: FastAPI, database: Database) -> None:
    """Nobody there could reach the guest any more."""
    two = neighbours(app, database, {}, {})
    assert take(two.client(EAST, "gp", "x"), opened(two, shift(14))[0]).status_code == 200
    erase = two.client(EAST, "administrator").post(url(EAST, "privacy/gps/x/erase"), json={"reason": "verzoek"})
    assert erase.status_code == 409
    assert "Er staan nog 1 diensten op naam van deze huisarts; geef die eerst aan een ander." in erase.json()["reasons"]
