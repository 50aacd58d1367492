"""Numbers hang together as one person however many steps it takes, and nobody else's do."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.clock import now
from api.db.engine import Database
from api.db.tables.neighbours import GpLink, Guest
from api.db.tables.people import Gp
from api.neighbours.persons import everyone, hold_at_several, hold_still, others_at, others_of
from tests.api.conftest import add_hds, add_user

HDSS = ("a", "b", "c", "d")


def numbers(session: Session) -> dict[str, int]:
    """The number of each GP by HDS and id."""
    return {f"{gp.hds_id}.{gp.gp_id}": gp.number for gp in session.query(Gp)}


def chain(database: Database) -> dict[str, int]:
    """One person at four HDSs: by an account from a to b, by a link from b to c, as a guest from c at d."""
    for hds_id in HDSS:
        add_hds(database, hds_id)
        add_user(database, f"other-{hds_id}", hds_id, "gp", gp_id="other")
    add_user(database, "person", "a", "gp", gp_id="one")
    add_user(database, "person", "b", "gp", gp_id="one")
    with database.writing() as session:
        session.add_all(Gp(hds_id=hds_id, gp_id="one") for hds_id in "cd")
        session.flush()
        known = numbers(session)
        first, last = sorted((known["b.one"], known["c.one"]))
        session.add(GpLink(one_number=first, other_number=last, self_made=False, made_at=now()))
        session.add(
            Guest(
                gp_number=known["d.one"], hds_id="d", home_hds_id="c", home_number=known["c.one"], made_at=now()
            )
        )  # fmt: skip
    return known


def test_a_person_is_found_from_any_of_the_numbers(database: Database) -> None:
    """Each of the four has the three others; somebody else has none."""
    known = chain(database)
    person = {known[f"{hds_id}.one"] for hds_id in HDSS}
    with database.reading() as session:
        for number in person:
            assert others_of(session, [number]) == {number: person - {number}}
        assert others_of(session, [known["a.other"]]) == {}
        assert others_of(session, []) == {}
        assert everyone(session, [known["a.one"], known["b.other"]]) == person | {known["b.other"]}
        for hds_id in HDSS:
            own = known[f"{hds_id}.one"]
            assert others_at(session, hds_id) == {own: person - {own}}


def test_a_person_is_held_still_as_a_whole(database: Database) -> None:
    """By any number, and with all of an HDS; who has no other number is held alone, and nobody is no error."""
    known = chain(database)
    with database.writing() as session:
        hold_still(session, [known["a.one"], known["a.other"]])
        hold_at_several(session, "d")
        hold_at_several(session, "nobody")
        hold_still(session, [])
