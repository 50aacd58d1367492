"""Every body that a route takes, out of the OpenAPI document: what the tests of limits walk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

JSON, FORM = "application/json", "multipart/form-data"
Wrap = Callable[[Any], Any]
Place = tuple[str, ...]
"""Names of members from the body down; `[]` is an item of a list."""


@dataclass(frozen=True)
class Bounded:
    """A list (or, as object, a mapping) somewhere in a body, with how many items it may have; None: any number.

    `wrap` gives a body with a value in its place, and little else.
    """

    place: Place
    schema: Mapping[str, Any]
    most: int | None
    wrap: Wrap

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return self.schema["type"] == "array"


@dataclass(frozen=True)
class Body:
    """What a route takes."""

    method: str
    template: str
    kind: str
    schema: Mapping[str, Any]
    document: Mapping[str, Any]

    @property
    def path(self) -> str:
        """A path of the route at the HDS `test`, of things that need not be there."""
        ids = {"hds_id": "test", "run_id": "5f0c1c9e-0000-4000-8000-00000000000f", "gp_id": "a", "shift_id": "a"}
        return re.sub(r"{(\w+)}", lambda name: ids.get(name[1], "1"), self.template)

    def collections(self) -> Iterator[Bounded]:
        """Every list and mapping of the body."""
        yield from self._collections(self.schema, (), lambda value: value, frozenset())

    def _collections(
        self, schema: Mapping[str, Any], place: Place, wrap: Wrap, inside: frozenset[str]
    ) -> Iterator[Bounded]:
        name = schema.get("$ref", "").rpartition("/")[2]
        if name:
            assert name not in inside, f"{name} holds itself: no bound on its depth"
            yield from self._collections(self.document["components"]["schemas"][name], place, wrap, inside | {name})
        for kind in ("anyOf", "oneOf", "allOf"):
            for one in schema.get(kind, ()):
                yield from self._collections(one, place, wrap, inside)
        if schema.get("type") == "array":
            yield Bounded(place, schema, schema.get("maxItems"), wrap)
            yield from self._collections(schema["items"], (*place, "[]"), lambda item: wrap([item]), inside)
        if schema.get("additionalProperties"):
            yield Bounded(place, schema, schema.get("maxProperties"), wrap)
        members = schema.get("properties", {})
        fixed = {member: one["const"] for member, one in members.items() if "const" in one}
        for member, one in members.items():
            within = partial(_with_member, wrap, fixed, member)
            yield from self._collections(one, (*place, member), within, inside)


def _with_member(wrap: Wrap, fixed: Mapping[str, Any], member: str, value: Any) -> Any:
    return wrap({**fixed, member: value})


def bodies(document: Mapping[str, Any]) -> Iterator[Body]:
    """Every body of every route."""
    for template, calls in document["paths"].items():
        for method, call in calls.items():
            for kind, content in call.get("requestBody", {}).get("content", {}).items():
                yield Body(method.upper(), template, kind, content["schema"], document)
