"""Pages of a long list: the cursor names the last row that was seen, so that nothing is skipped or shown twice."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from api.errors import Problem
from api.fields import is_storable

LARGEST_PAGE = 1000
T = TypeVar("T")
R = TypeVar("R")


class Page(BaseModel, Generic[T]):
    """One page; `next` is the cursor of the page after it, absent on the last."""

    items: list[T]
    next: Annotated[str | None, Field(examples=["WzE3XQ"])] = None


class Cut(BaseModel):
    """What a caller asks for: at most `limit` rows that come after `after` (the sort key of the last row seen)."""

    limit: int
    after: list[str | int] | None

    def after_number(self) -> int:
        """The sort key of a list that is ordered by one number; raises Problem for a cursor of another list."""
        if self.after is None or len(self.after) != 1 or not isinstance(self.after[0], int):
            raise Problem("bad_cursor")
        return self.after[0]


def cursor_of(key: Sequence[str | int]) -> str:
    """The cursor that stands for a sort key."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def _cut(
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Rows on a page.")] = 100,
    cursor: Annotated[str | None, Query(max_length=1000, description="`next` of the page before.")] = None,
) -> Cut:
    return Cut(limit=limit, after=None if cursor is None else _key_of(cursor))


def _key_of(cursor: str) -> list[str | int]:
    try:
        key = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise Problem("bad_cursor") from None
    if not isinstance(key, list) or not key or not all(_may_be_key(part) for part in key):
        raise Problem("bad_cursor")
    return key


def _may_be_key(part: Any) -> bool:
    if isinstance(part, bool):
        return False
    return (isinstance(part, int) and abs(part) < 2**63) or (isinstance(part, str) and is_storable(part))


PageCut = Annotated[Cut, Depends(_cut)]


def page_of(rows: Sequence[R], cut: Cut, key: Callable[[R], Sequence[str | int]], show: Callable[[R], T]) -> Page[T]:
    """A page out of at most `cut.limit + 1` rows: the extra one only tells that there is more."""
    shown = rows[: cut.limit]
    more = len(rows) > cut.limit
    return Page(items=[show(row) for row in shown], next=cursor_of(key(shown[-1])) if more else None)
