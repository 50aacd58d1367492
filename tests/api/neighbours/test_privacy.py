"""Whatever is asked of one HDS, nothing of the other comes out but that the GP is busy."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from api.db.engine import Database
from api.db.tables.dossier import GpRow, PostRow
from api.db.tables.people import Hds
from api.db.tables.rosters import Duty
from tests.api.neighbours.test_busy import LOOSE
from tests.api.neighbours.two_hdss import EAST, WEST, TwoHdss, shift, two_hdss, url

MARK = "geheim"


@pytest.fixture
def two(app: FastAPI, database: Database) -> TwoHdss:
    """Everything of east that has a name has one with a mark, and the person is `a` at west."""
    found = two_hdss(app, database, {shift(15): "b"}, {shift(14): "x"}, rules=LOOSE.replace(min_rest_hours=19))
    found.one_person()
    with database.writing() as session:
        session.execute(update(Hds).where(Hds.id == EAST).values(name=MARK))
        for table in (GpRow, PostRow):
            session.execute(update(table).where(table.dossier_id == found.east.dossier_id).values(name=MARK))
        of_east = session.scalars(select(Duty).where(Duty.hds_id == EAST)).all()
        assert any(duty.performer_number is not None for duty in of_east)
    return found


def asked(two: TwoHdss) -> list[tuple[str, str, Any]]:
    """Calls at west that have to do with the person who is busy at east."""
    version = two.west.draft({shift(14): "a", shift(15): "a"})
    move = {"shift_id": shift(15), "from_gp_id": "b", "to_gp_id": "a"}
    edits = [{"shift_id": shift(day), "gp_id": "a"} for day in (13, 14, 15)]
    return [
        ("POST", "swaps/verdict", {"moves": [move]}),
        ("GET", f"swaps/candidates/{shift(15)}", None),
        ("POST", "swaps/deals", {"moves": [move]}),
        ("POST", f"versions/{version}/edits?dry_run=true", {"edits": edits}),
        ("POST", f"versions/{version}/edits", {"edits": edits}),
        ("POST", f"versions/{version}/publish?dry_run=true", {"freeze_from": "2027-01-01"}),
        ("POST", f"versions/{version}/publish", {"freeze_from": "2027-01-01"}),
        ("GET", f"versions/{version}/explain/gps/a", None),
        ("GET", f"versions/{version}/explain/shifts/{shift(15)}", None),
        ("GET", f"versions/{version}", None),
        ("GET", f"dossiers/{two.west.dossier_id}/export", None),
        ("POST", f"dossiers/{two.west.dossier_id}/runs", {"time_limit": 5}),
        ("GET", "roster", None),
        ("GET", "roster/names", None),
        ("GET", "neighbours", None),
        ("GET", "neighbours/links", None),
        ("GET", "privacy/gps/a", None),
        ("GET", "audit", None),
        ("GET", "users", None),
    ]


def test_nothing_of_the_other_hds_comes_out(two: TwoHdss) -> None:
    """Neither by the planner nor by the administrator; what they do learn is that the GP is busy."""
    planner, administrator = two.client(WEST, "planner"), two.client(WEST, "administrator")
    answered, busy = 0, 0
    for client in (planner, administrator):
        for method, path, body in asked(two):
            answer = client.request(method, url(WEST, path), json=body, headers={"If-Match": "*"})
            assert answer.status_code < 500, (path, answer.text)
            answered += answer.status_code < 400
            busy += "buiten dit rooster bezet" in answer.text
            for word in (MARK, f'"{EAST}"', '"x"'):
                assert word not in answer.text, (path, word)
    assert answered > len(asked(two)) / 2
    assert busy >= 4


def test_a_dossier_that_is_given_out_and_taken_in_holds_no_duties_elsewhere(two: TwoHdss) -> None:
    """The format of a dossier has no place for them."""
    answer = two.client(WEST, "planner").get(url(WEST, f"dossiers/{two.west.dossier_id}/export"))
    assert answer.status_code == 200
    assert b"elsewhere" not in answer.content
