"""Whatever somebody does to the trail behind the back of the service is found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from api.audit import Act, record
from api.audit.erasure import FIELD, erase_details
from api.audit.verify import Anchor, Findings, Kind, WrongAnchor, verify_all, verify_chain
from api.db.engine import Database
from api.db.tables.audit import AuditDetail

pytestmark = pytest.mark.both_databases

CHAIN = "test"


def write(database: Database, count: int = 5, chain: str = CHAIN) -> None:
    """A trail of `count` links, each of a transaction of its own."""
    for number in range(1, count + 1):
        with database.writing() as session:
            record(session, chain, 1, Act("wish.added", f"wish/{number}", None, {"weight": number}, "gevraagd", 10))


def check(database: Database, *anchors: Anchor) -> Findings:
    """What verification says of the chain."""
    with database.reading() as session:
        return verify_chain(session, CHAIN, anchors)


def kinds(database: Database) -> set[tuple[int, Kind]]:
    """Each trouble as the number of its link and its kind."""
    return {(trouble.seq, trouble.kind) for trouble in check(database).troubles}


@contextmanager
def behind_its_back(database: Database) -> Iterator[Connection]:
    """A connection of somebody who owns the database and has taken its guards away."""
    with database.engine.connect() as connection:
        if database.on_sqlite:
            # outside a transaction: inside one, SQLite leaves foreign keys as they are
            connection.connection.execute("PRAGMA foreign_keys=OFF")
            guards = ["DROP TRIGGER IF EXISTS frozen_audit_entry_update"]
            guards.append("DROP TRIGGER IF EXISTS frozen_audit_entry_delete")
        else:
            guards = ["DROP TRIGGER IF EXISTS frozen_audit_entry ON audit_entry"]
            guards.append("ALTER TABLE audit_detail DROP CONSTRAINT IF EXISTS fk_audit_detail_chain_seq")
        for guard in guards:
            connection.execute(text(guard))
        yield connection
        connection.commit()
        connection.invalidate()


def test_a_trail_as_it_was_written_is_sound(database: Database) -> None:
    """Nothing is found, and every link was read."""
    write(database)
    found = check(database)
    assert (found.troubles, found.entries, found.erased) == ((), 5, 0)


@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        ("UPDATE audit_entry SET subject = 'wish/9' WHERE seq = 3", {(3, Kind.CHANGED)}),
        ("UPDATE audit_entry SET actor_id = 2 WHERE seq = 3", {(3, Kind.CHANGED)}),
        ("UPDATE audit_entry SET actor_id = NULL WHERE seq = 3", {(3, Kind.CHANGED)}),
        ("DELETE FROM audit_entry WHERE seq = 3", {(4, Kind.MISSING)}),
        ("DELETE FROM audit_entry WHERE seq = 1", {(2, Kind.MISSING)}),
        ("DELETE FROM audit_entry WHERE seq >= 4", {(5, Kind.TAIL_MISSING)}),
        ("DELETE FROM audit_entry", {(5, Kind.TAIL_MISSING)}),
        ("DELETE FROM audit_head", {(5, Kind.HEAD_MISSING)}),
        ("UPDATE audit_head SET hash = previous_hash FROM audit_entry WHERE audit_entry.seq = 5",
         {(5, Kind.HEAD_DIFFERS)}),
        ("UPDATE audit_detail SET reason = 'anders' WHERE seq = 3", {(3, Kind.DETAIL_CHANGED)}),
        ("UPDATE audit_detail SET gp_number = 11 WHERE seq = 3", {(3, Kind.DETAIL_CHANGED)}),
        ("UPDATE audit_detail SET after = '{\"weight\": 4}' WHERE seq = 3", {(3, Kind.DETAIL_CHANGED)}),
        ("DELETE FROM audit_detail WHERE seq = 3", {(3, Kind.DETAIL_MISSING)}),
        ("UPDATE audit_detail SET salt = '', before = NULL, after = NULL, reason = '' WHERE seq = 3",
         {(3, Kind.ERASED_UNRECORDED)}),
    ],
)  # fmt: skip
def test_tampering_is_found(database: Database, tampering: str, expected: set[tuple[int, Kind]]) -> None:
    """Each change is found at the link where it was made."""
    write(database)
    with behind_its_back(database) as connection:
        connection.execute(text(tampering.replace(":", r"\:")))
    assert kinds(database) == expected


def test_an_inserted_link_is_found(database: Database) -> None:
    """A copy of a link after the last one does not fit the head, nor its own number."""
    write(database)
    with behind_its_back(database) as connection:
        connection.execute(
            text(
                "INSERT INTO audit_entry (chain, seq, at, actor_id, action, subject, detail_hash, previous_hash, hash) "
                "SELECT chain, 6, at, actor_id, action, subject, detail_hash, hash, 'x' FROM audit_entry WHERE seq = 5"
            )
        )
    assert {Kind.CHANGED, Kind.DETAIL_MISSING, Kind.HEAD_DIFFERS} == {kind for _, kind in kinds(database)}


def test_links_that_changed_places_are_found(database: Database) -> None:
    """Two links with each other's numbers no longer say what their hashes do."""
    write(database)
    with behind_its_back(database) as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(text("UPDATE audit_entry SET seq = :new WHERE seq = :old"), {"old": old, "new": new})
    assert {(2, Kind.CHANGED), (3, Kind.CHANGED)} <= kinds(database)


def test_a_rewritten_trail_no_longer_holds_what_was_noted(database: Database) -> None:
    """Who owns the database can write a sound trail anew; the link noted elsewhere gives it away."""
    write(database)
    noted = check(database).last
    assert noted is not None
    write(database, 2)
    assert verify_all(database, [str(noted)]).troubles == ()
    with behind_its_back(database) as connection:
        for table in ("audit_detail", "audit_entry", "audit_head"):
            connection.execute(text(f"DELETE FROM {table}"))
    assert [one.kind for one in verify_all(database, [str(noted)]).troubles] == [Kind.ANCHOR_DIFFERS]
    write(database, 7)
    assert verify_all(database).troubles == ()
    assert [one.kind for one in verify_all(database, [str(noted)]).troubles] == [Kind.ANCHOR_DIFFERS]


@pytest.mark.parametrize("noted", ["", "test", "test:0:" + "0" * 64, "test:x:" + "0" * 64, "test:1:abc"])
def test_a_note_in_another_form_is_refused(noted: str) -> None:
    """What is no `CHAIN:SEQ:HASH` is named."""
    with pytest.raises(WrongAnchor, match="KETEN:NUMMER:HASH"):
        Anchor.parse(noted)


def test_details_erased_on_record_are_no_tampering(database: Database) -> None:
    """A link without its details still proves itself, when a later link tells of the erasure."""
    write(database)
    with database.writing() as session:
        ranges = erase_details(session, CHAIN, [2, 3, 5, 3])
        record(session, CHAIN, 1, Act("privacy.erased", "gp/a", after={FIELD: ranges}))
    found = check(database)
    assert (found.troubles, found.erased) == ((), 3)
    with database.reading() as session:
        detail = session.get_one(AuditDetail, (CHAIN, 3))
        assert (detail.salt, detail.before, detail.after, detail.reason) == ("", None, None, "")


def test_values_of_every_kind_prove_themselves(database: Database) -> None:
    """What either database gives back in another form than it was written still fits its hash."""
    values: dict[str, Any] = {
        "whole": 1.0, "half": 0.5, "great": 1e22, "greater": 1e300, "long": 2**60, "none": None, "yes": True,
        "text": "Zoë — 'x'", "nested": {"b": [1, 2.0, {"c": -0.0}], "a": ()}, "small": 1e-7,
    }  # fmt: skip
    with database.writing() as session:
        record(session, CHAIN, None, Act("dossier.changed", "dossier/1", before=values, after={"when": {1, 2}}))
    assert check(database).troubles == ()


def test_writers_at_once_lose_no_link(database: Database) -> None:
    """Eight writers of ten links each make one chain of eighty."""
    failures: list[BaseException] = []

    def work() -> None:
        try:
            write(database, 10)
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=work) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = check(database)
    assert (failures, found.troubles, found.entries) == ([], (), 80)


def test_chains_stand_apart(database: Database) -> None:
    """Tampering in the chain of one HDS is told of that chain alone."""
    write(database, 3)
    write(database, 3, "other")
    with behind_its_back(database) as connection:
        connection.execute(text("UPDATE audit_entry SET action = 'x' WHERE seq = 2 AND chain = 'other'"))
    assert {trouble.chain for trouble in verify_all(database).troubles} == {"other"}
    assert check(database).troubles == ()


@dataclass(frozen=True)
class Tampering:
    """A way to tamper, as SQL that changes at least one row for any link `:seq` of a trail."""

    sql: str


TAMPERINGS = tuple(
    map(
        Tampering,
        (
            "UPDATE audit_entry SET subject = subject || '!' WHERE seq = :seq",
            "UPDATE audit_entry SET action = action || '!' WHERE seq = :seq",
            "UPDATE audit_entry SET actor_id = COALESCE(actor_id, 0) + 1 WHERE seq = :seq",
            "UPDATE audit_entry SET at = datetime(at, '+1 second') WHERE seq = :seq",
            "UPDATE audit_entry SET detail_hash = previous_hash || 'x' WHERE seq = :seq",
            "UPDATE audit_entry SET hash = 'x' WHERE seq = :seq",
            "UPDATE audit_entry SET seq = seq + 1000 WHERE seq = :seq",
            "DELETE FROM audit_entry WHERE seq = :seq",
            "DELETE FROM audit_entry WHERE seq >= :seq",
            "DELETE FROM audit_detail WHERE seq = :seq",
            "UPDATE audit_detail SET reason = reason || '!' WHERE seq = :seq",
            "UPDATE audit_detail SET gp_number = COALESCE(gp_number, 0) + 1 WHERE seq = :seq",
            "UPDATE audit_detail SET salt = '', before = NULL, after = NULL, reason = '' WHERE seq = :seq",
        ),
    )
)
VALUES = st.dictionaries(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False),
    max_size=3,
)
ACTS = st.builds(
    Act,
    action=st.sampled_from(["wish.added", "roster.published"]),
    subject=st.text("abc/1", min_size=1, max_size=8),
    before=st.none() | VALUES,
    after=st.none() | VALUES,
    reason=st.text("ab ", max_size=5),
    gp_number=st.none() | st.integers(1, 9),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=1, max_size=6), tampering=st.sampled_from(TAMPERINGS), data=st.data())
def test_any_tampering_with_any_history_is_found(
    tmp_path_factory: pytest.TempPathFactory, acts: list[Act], tampering: Tampering, data: st.DataObject
) -> None:
    """Untouched the history is sound; after one change anywhere it is not."""
    from api.db.base import Base

    database = Database(f"sqlite:///{tmp_path_factory.mktemp('trail') / 'trail.sqlite'}")
    Base.metadata.create_all(database.engine)
    for act in acts:
        with database.writing() as session:
            record(session, CHAIN, None, act)
    assert check(database).troubles == ()
    with behind_its_back(database) as connection:
        connection.execute(text(tampering.sql), {"seq": data.draw(st.integers(1, len(acts)))})
    assert check(database).troubles
    database.close()
