"""How deep, how wide and how large a JSON body may be: judged on its bytes, before anything is made of it.

What a route does with a body has bounds of its own (`api.fields`); these hold for every route, so that no body small
enough to be let in makes a parser, a validator or a list of mistakes large.
"""

from __future__ import annotations

import re

from scheduler.messages import text

DEEPEST = 20
"""Lists and objects within each other; what routes ask for goes six deep."""
MOST_VALUES = 20_000
"""Of a body: the widest, 2,000 edits of a roster, holds 8,000. Each may become a mistake that is told."""
LONGEST_NUMBER = 24
"""Signs: any 64 bit integer, and any float as Python writes it."""
# a string without an end is taken whole: looked for again at each of its signs it would take the square of its length
_TOKEN = re.compile(
    rb'"(?:[^"\\]|\\.)*+"?|(?P<open>[\[{])|(?P<close>[\]}])|(?P<next>,)'
    rb"|(?P<endless>NaN|Infinity|[eE][+-]?0*[1-9][0-9]{2})|(?P<number>[-+.0-9eE]{25})",
    re.DOTALL,
)


def find_fault(body: bytes) -> str | None:
    """What is out of bounds in a JSON text, in Dutch; None when nothing is. Whether it is JSON is for its parser.

    Encodings other than UTF-8, which JSON between systems must have (RFC 8259), are refused by the NUL that each has
    in every sign of syntax.
    """
    if b"\0" in body:
        return text("bodies.not_utf8")
    depth, values = 0, 1
    for token in _TOKEN.finditer(body):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
            values += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "next":
            values += 1
        elif kind is not None:
            return text(f"bodies.{kind}", most=LONGEST_NUMBER)
        if depth > DEEPEST:
            return text("bodies.deep", most=DEEPEST)
        if values > MOST_VALUES:
            return text("bodies.wide", most=MOST_VALUES)
    return None
