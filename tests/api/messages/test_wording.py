"""Every kind of notice that the service tells has a text, and every field of it can be filled."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.db.engine import Database
from api.messages.kinds import Wishes, group_of, kinds
from api.messages.wording import Wording, field_of, fields_of, one_line, plain, text_of
from api.swaps.notices import KINDS as OF_SWAPS
from scheduler.messages import texts
from tests.api.swaps.market import published, shift

API = Path(__file__).parents[3] / "api"


class Told(NamedTuple):
    """A `Notice(...)` in the source: its kind (None: not written out), and what its `about` holds (None: unknown).

    `to_both`: GPs and planners are told the same.
    """

    place: str
    kind: str | None
    keys: frozenset[str] | None
    to_both: bool


def told() -> list[Told]:
    """Every notice in the source of the service."""
    return [one for path in sorted(API.rglob("*.py")) for one in _in_file(path)]


def _in_file(path: Path) -> Iterator[Told]:
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Notice":
                    given = dict(enumerate(call.args)) | {one.arg: one.value for one in call.keywords}
                    kind, about = given.get(0, given.get("kind")), given.get(1, given.get("about"))
                    place = f"{path.relative_to(API)}:{call.lineno}"
                    to_both = "to_planners" in given and bool({2, "gp_numbers"} & given.keys())
                    yield Told(place, _word(kind), _keys(about, function, call.lineno), to_both)


def _word(node: Any) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _keys(node: Any, function: ast.FunctionDef, before: int) -> frozenset[str] | None:
    """The keys of a dictionary that is written out, given a name above in the same function, or put together so."""
    if isinstance(node, ast.Dict):
        return None if None in node.keys else frozenset(filter(None, map(_word, node.keys)))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        left, right = _keys(node.left, function, before), _keys(node.right, function, before)
        return None if left is None or right is None else left | right
    if isinstance(node, ast.Name):
        given = [one for one in ast.walk(function) if _names(one, node.id) and one.lineno < before]
        return _keys(max(given, key=lambda one: one.lineno).value, function, before) if given else None
    return None


def _names(node: Any, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(one, ast.Name) and one.id == name for one in targets)


def test_every_kind_that_is_told_has_a_text() -> None:
    """Wherever in the service it is told."""
    literal = {one.kind for one in told() if one.kind is not None}
    assert "duty_changed" in literal
    assert (literal | set(OF_SWAPS)) - kinds() == set()


def test_every_field_of_a_text_is_filled_where_it_is_told() -> None:
    """As far as the source shows what is told; a text asks for nothing that is not there."""
    known = [one for one in told() if one.kind in kinds() and one.keys is not None]
    assert known
    wrong = [
        f"{one.place}: {one.kind}.{part} asks for {{{field}}}"
        for one in known
        for part in ("subject", "body")
        for field in fields_of(text_of(one.kind or "", part))
        if field not in {field_of(key) for key in one.keys or ()}
    ]
    assert wrong == []


def test_what_planners_are_told_with_the_gp_is_not_written_to_the_gp() -> None:
    """A planner who reads that he himself was called would go."""
    both = {one.kind for one in told() if one.to_both and one.kind in kinds()}
    assert "standby_called" in both
    said = {kind: f"{text_of(kind, 'subject')} {text_of(kind, 'body')}".lower() for kind in both if kind}
    assert [kind for kind, words in said.items() if {"u", "uw"} & set(words.replace(",", " ").split())] == []


def test_every_kind_has_a_subject_of_one_line_and_a_body() -> None:
    """And stands in a group that somebody can choose."""
    found = texts("notices")
    assert {key.rsplit(".", 1)[1] for key in found} == {"subject", "body"}
    for kind in kinds():
        assert "\n" not in found[f"{kind}.subject"]
        assert found[f"{kind}.body"].strip()
        assert group_of(kind) in Wishes.model_fields


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2027-03-05", "vr 5 maart 2027"),
        ("2027-03-05T16:00:00Z", "vr 5 maart 2027 om 17:00"),
        ("2027-07-05T16:00:00+00:00", "ma 5 juli 2027 om 18:00"),
        ("2027-13-45", "2027-13-45"),
        (None, "–"), (True, "ja"), (2027, "2027"), (0.5, "0,5"),
    ],
)  # fmt: skip
def test_values_are_told_as_a_dutch_reader_expects(value: object, shown: str) -> None:
    """Days and moments by the clock of Amsterdam, in winter and in summer."""
    assert plain(value) == shown


def test_ids_become_names_however_deep_they_stand(database: Database) -> None:
    """In lists and in moves; what nobody knows keeps its id, and what is missing is shown as that."""
    published(database, {shift(4): "a"})
    moves = [{"shift_id": shift(4), "from_gp_id": "a", "to_gp_id": None}, {"shift_id": "x", "to_gp_id": "nobody"}]
    about = {"moves": moves, "expires_at": datetime(2027, 1, 3, 12, tzinfo=UTC).isoformat()}
    with database.reading() as session:
        wording = Wording(session, "test", [about, {"shift_ids": [shift(5)]}])
        body = wording.body("swap_proposed", about)
        assert wording._told("shift_ids", [shift(5), "y"]) == "di 5 januari 2027, 17–23 uur (Post P), y"
        assert "ma 4 januari 2027, 17–23 uur (Post P): van Dokter a naar niemand" in body
        assert "zo 3 januari 2027 om 13:00" in body
        assert "–" in wording.body("swap_proposed", {})


def test_a_subject_is_one_line_whatever_fills_it(database: Database) -> None:
    """Words of several lines stay lines in the body alone."""
    with database.reading() as session:
        subject = Wording(session, "test", []).subject("swap_offered", {"shift": "3\r\nBcc: x"})
    assert "3 Bcc: x" in subject


@given(st.text())
def test_a_line_is_one_line(text: str) -> None:
    """Whatever signs it had, none is left that breaks lines or hides."""
    assert one_line(text).isprintable()
    assert len(one_line(text).splitlines()) <= 1
