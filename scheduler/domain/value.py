"""The base of all domain values: frozen, compared by content, JSON both ways."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value; `replace` gives a validated copy with some fields changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=())

    def replace(self, **changes: Any) -> Self:
        """Return a copy with `changes` applied and validated; cached properties start afresh."""
        return type(self)(**{name: getattr(self, name) for name in type(self).model_fields} | changes)
