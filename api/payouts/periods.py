"""The days that a caller asks about: a month or a period."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

_EACH = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
Month = Annotated[
    str | None,
    Query(pattern=r"^[0-9]{4}-[0-9]{2}$", max_length=7, description="A month `YYYY-MM`.", examples=["2027-01"]),
]
Days = Annotated[
    str | None,
    Query(
        pattern=rf"^{_EACH}\.\.{_EACH}$", max_length=22, description="Days `YYYY-MM-DD..YYYY-MM-DD`, both included.",
        examples=["2027-01-01..2027-03-31"],
    ),
]  # fmt: skip
