"""Shifts, lists and counts as an explanation tells them."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.shift import Shift
from scheduler.messages import text
from scheduler.messages.dutch import day_name, figure


def shift_name(shift: Shift) -> str:
    """Role, post, day and clock times: `consult P1, di 5 januari 2027 17:00-23:00`."""
    return text(
        "explain.shift_name",
        role=text(f"terms.role.{shift.role.value}"),
        post=shift.post_id,
        day=day_name(shift.day),
        start=f"{shift.start:%H:%M}",
        end=f"{shift.end:%H:%M}",
    )


def listed(items: Sequence[str], most: int = 0) -> str:
    """`a, b en c`; beyond `most` (0: no limit) the rest is only counted."""
    shown = list(items)
    if most and len(shown) > most:
        shown = [*shown[:most], text("explain.others", count=len(items) - most)]
    if len(shown) < 2:
        return "".join(shown)
    return text("explain.and", first=", ".join(shown[:-1]), last=shown[-1])


def counted(key: str, count: int, **values: object) -> str:
    """The text under `key.one` or `key.many` with its `{count}`."""
    return text(f"{key}.{'one' if count == 1 else 'many'}", count=figure(count, 0), **values)
