"""Two GPs of two HDSs become one person by a code, with consent, and no side is told of the other."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI

from api.clock import now
from api.db.engine import Database
from tests.api.neighbours.test_busy import LOOSE, of_west
from tests.api.neighbours.two_hdss import EAST, WEST, TwoHdss, shift, two_hdss, url

CODES, LINKS = "neighbours/links/codes", "neighbours/links"


@pytest.fixture
def two(app: FastAPI, database: Database) -> TwoHdss:
    """`x` at east has the 14th, which `b` has at west."""
    return two_hdss(app, database, {shift(14): "b"}, {shift(14): "x"}, rules=LOOSE)


def test_a_gp_with_two_accounts_links_them(two: TwoHdss) -> None:
    """The code of one side, brought to the other by the same person; from then on the rules count both."""
    assert of_west(two, 14)["legal"]
    west, east = two.client(WEST, "gp", "a"), two.client(EAST, "gp", "x")
    code = west.post(url(WEST, CODES), json={}).json()
    assert code["gp_id"] == "a"
    made = east.post(url(EAST, LINKS), json={"code": code["code"]})
    assert (made.status_code, made.json()["gp_id"], made.json()["kind"]) == (201, "x", "link")
    assert WEST not in made.text
    assert not of_west(two, 14)["legal"]
    # the person sees the own duties at both, also from the side without any
    (duty,) = two.browser(WEST, "a").get(url(WEST, "neighbours/duties")).json()["items"]
    assert (duty["hds_id"], duty["shift_id"], duty["start"]) == (EAST, shift(14), "2027-01-14T17:00:00+01:00")


def test_administrators_of_both_hdss_link_with_word_of_consent(two: TwoHdss) -> None:
    """Each for the own GP; nobody but them sees that there is a link, and neither sees where."""
    west, east = two.client(WEST, "administrator"), two.client(EAST, "administrator")
    silent = west.post(url(WEST, CODES), json={"gp_id": "a"})
    assert (silent.status_code, silent.json()["code"]) == (422, "malformed")
    code = west.post(url(WEST, CODES), json={"gp_id": "a", "consent": "brief"}).json()["code"]
    assert east.post(url(EAST, LINKS), json={"code": code, "gp_id": "x", "consent": "brief"}).status_code == 201
    assert not of_west(two, 14)["legal"]
    for hds_id, client, gp_id, other in ((WEST, west, "a", EAST), (EAST, east, "x", WEST)):
        shown = client.get(url(hds_id, LINKS))
        assert [one["gp_id"] for one in shown.json()["items"]] == [gp_id]
        assert other not in shown.text.replace("neighbours", "")
    # a link that the person did not make shows that person nothing of the other HDS
    two.client(WEST, "gp", "a")
    assert two.browser(WEST, "a").get(url(WEST, "neighbours/duties")).json()["items"] == []


def test_a_link_is_on_record_at_both_hdss_and_names_only_the_own_gp(two: TwoHdss) -> None:
    """The chain of either HDS tells that its GP was linked; of the other side it knows nobody and nothing."""
    west, east = two.client(WEST, "administrator"), two.client(EAST, "administrator")
    code = west.post(url(WEST, CODES), json={"gp_id": "a", "consent": "map 12"}).json()["code"]
    east.post(url(EAST, LINKS), json={"code": code, "gp_id": "x", "consent": "map 9"})
    at_west, at_east = (
        [one for one in client.get(url(hds_id, "audit")).json()["items"] if one["action"] == "neighbours.linked"]
        for hds_id, client in ((WEST, west), (EAST, east))
    )
    assert ([one["subject"] for one in at_west], [one["subject"] for one in at_east]) == (["gp/a"], ["gp/x"])
    assert "map 9" not in str(at_west)
    assert EAST not in str(at_west)


@pytest.mark.parametrize(("given", "brought", "status"), [("1", "1", 201), ("1", "2", 422), ("1", None, 422)])
def test_a_big_number_that_was_given_must_be_the_same(
    two: TwoHdss, given: str, brought: str | None, status: int
) -> None:
    """A proof that both sides mean the same person; it is optional, but not one-sided."""
    west, east = two.client(WEST, "gp", "a"), two.client(EAST, "gp", "x")
    code = west.post(url(WEST, CODES), json={"big_number": given * 11}).json()["code"]
    body = {"code": code} | ({"big_number": brought * 11} if brought else {})
    assert east.post(url(EAST, LINKS), json=body).status_code == status


def test_a_code_works_once_and_for_a_week(two: TwoHdss) -> None:
    """Used up or too old is the same as never given out."""
    west, east, other = two.client(WEST, "gp", "a"), two.client(EAST, "gp", "x"), two.client(EAST, "gp", "y")
    code = west.post(url(WEST, CODES), json={}).json()["code"]
    assert east.post(url(EAST, LINKS), json={"code": code}).status_code == 201
    assert other.post(url(EAST, LINKS), json={"code": code}).status_code == 404
    old = two.client(WEST, "gp", "c").post(url(WEST, CODES), json={}).json()["code"]
    with time_machine.travel(now() + timedelta(days=7, seconds=1)):
        assert two.client(EAST, "gp", "z").post(url(EAST, LINKS), json={"code": old}).status_code == 404


def test_nobody_is_two_gps_of_one_hds(two: TwoHdss) -> None:
    """Neither by one code, nor by way of a third."""
    first = two.client(WEST, "gp", "a").post(url(WEST, CODES), json={}).json()["code"]
    second = two.client(WEST, "gp", "b").post(url(WEST, CODES), json={}).json()["code"]
    same = two.client(WEST, "gp", "c").post(url(WEST, LINKS), json={"code": first})
    assert (same.status_code, same.json()["code"]) == (409, "conflict")
    east = two.client(EAST, "gp", "x")
    assert east.post(url(EAST, LINKS), json={"code": first}).status_code == 201
    third = east.post(url(EAST, LINKS), json={"code": second})
    assert (third.status_code, third.json()["code"]) == (409, "conflict")


def test_a_gp_links_nobody_else(two: TwoHdss) -> None:
    """Not even with word of consent."""
    answer = two.client(WEST, "gp", "a").post(url(WEST, CODES), json={"gp_id": "b", "consent": "mag"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_either_side_ends_a_link(two: TwoHdss) -> None:
    """Then the two are strangers again; somebody else's link is not found."""
    west, east = two.client(WEST, "gp", "a"), two.client(EAST, "gp", "x")
    code = west.post(url(WEST, CODES), json={}).json()["code"]
    link = east.post(url(EAST, LINKS), json={"code": code}).json()["id"]
    assert two.client(WEST, "gp", "c").delete(url(WEST, f"{LINKS}/{link}")).status_code == 404
    assert west.delete(url(WEST, f"{LINKS}/{link}")).status_code == 204
    assert of_west(two, 14)["legal"]
    assert east.delete(url(EAST, f"{LINKS}/{link}")).status_code == 404


def test_an_account_with_both_roles_is_one_person_without_any_code(two: TwoHdss) -> None:
    """The administrators of both gave it the role of a GP."""
    west, _ = two.one_person()
    assert not of_west(two, 14)["legal"]
    assert [one["kind"] for one in west.get(url(WEST, LINKS)).json()["items"]] == ["account"]
    own = two.browser(WEST, "a").get(url(WEST, "neighbours/duties")).json()["items"]
    assert [one["hds_id"] for one in own] == [EAST]
    assert west.get(url(WEST, "neighbours/duties")).json()["items"] == [], "a token is for one HDS"
