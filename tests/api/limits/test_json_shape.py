"""Bounds on any JSON body: the last that passes, the first that does not, and tricks that hide what is there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.json_shape import DEEPEST, LONGEST_NUMBER, MOST_VALUES, find_fault

_TEXT = st.text(st.characters(codec="utf-8"))
_FLOATS = st.floats(-1e15, 1e15).filter(lambda value: value == 0 or abs(value) > 1e-90)
_PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | _FLOATS | _TEXT
_JSON = st.recursive(_PLAIN, lambda one: st.lists(one) | st.dictionaries(_TEXT, one), max_leaves=40)


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        (b"[" * DEEPEST + b"]" * DEEPEST, b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)),
        (b'{"a":' * DEEPEST + b"0" + b"}" * DEEPEST, b'{"a":' * (DEEPEST + 1) + b"0" + b"}" * (DEEPEST + 1)),
        (b"[" + b"0," * (MOST_VALUES - 2) + b"0]", b"[" + b"0," * (MOST_VALUES - 1) + b"0]"),
        (b"1" * LONGEST_NUMBER, b"1" * (LONGEST_NUMBER + 1)),
        (b"1e99", b"1e100"),
        (b"1E-099", b"1E-0100"),
        (b'"Infinity"', b"-Infinity"),
        (b'"NaN"', b"NaN"),
        (b'{"a": 1}', '{"a": 1}'.encode("utf-16")),
        ('"\u2200"'.encode(), '"\u2200"'.encode("utf-32")),
    ],
    ids=["lists", "objects", "values", "digits", "exponent", "small exponent", "infinity", "nan", "utf-16", "utf-32"],
)
def test_each_bound_holds_from_its_first_step_beyond(within: bytes, beyond: bytes) -> None:
    """What lies within passes, one step more does not."""
    assert find_fault(within) is None
    assert find_fault(beyond)


@pytest.mark.parametrize(
    "body",
    [
        rb'["\"", ' + b"[" * (DEEPEST + 1),
        rb'["\\", ' + b"[" * (DEEPEST + 1),
        b"[]" * 10 + b"[" * (DEEPEST + 1),
        b"]" * 30 + b"[" * (DEEPEST + 1),
    ],
    ids=["an escaped quote", "an escaped backslash", "beside each other", "closed before"],
)
def test_depth_is_seen_behind_strings_and_beside_what_is_closed(body: bytes) -> None:
    """A string ends where JSON says it ends."""
    assert find_fault(body)


@pytest.mark.parametrize("body", [b'"' + b"[" * 999 + b'"', rb'"\"' + b"[" * 999 + b'"', b'"' + b"1" * 99 + b'"'])
def test_what_stands_in_a_string_counts_for_nothing(body: bytes) -> None:
    """Brackets, digits and commas of a text are text."""
    assert find_fault(body) is None


def test_a_string_without_end_is_looked_at_once() -> None:
    """With an escaped quote at every other sign; were each taken for a beginning, this would go on for hours."""
    assert find_fault(b'"' + rb"\"" * 1_000_000) is None


@given(_JSON)
def test_ordinary_json_passes(value: Any) -> None:
    """Whatever Python writes, but for the largest and smallest of its floats."""
    assert find_fault(json.dumps(value, ensure_ascii=False).encode()) is None
