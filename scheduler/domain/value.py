"""The base of all domain values: frozen, compared by content, JSON both ways."""

from __future__ import annotations

from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer

_T = TypeVar("_T")
SortedSet = Annotated[frozenset[_T], PlainSerializer(sorted, return_type=list[_T], when_used="json")]
"""A set whose JSON is the same in every process: the order of a bare set changes from one to the next."""


class Value(BaseModel):
    """An immutable value; `replace` gives a validated copy with some fields changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=())

    def replace(self, **changes: Any) -> Self:
        """Return a copy with `changes` applied and validated; cached properties start afresh."""
        return type(self)(**{name: getattr(self, name) for name in type(self).model_fields} | changes)
