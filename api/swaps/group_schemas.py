"""What calls about groups of GPs take and answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from api.fields import Identifier, Key, Name
from api.swaps.schemas import example


class GroupAsked(BaseModel):
    """A group as it should be: its name, one of its kind at the HDS, and all its GPs."""

    model_config = example({"name": "Hagro Zuid", "gp_ids": ["gp-017", "gp-031"]})

    name: Annotated[Name, Field(min_length=1)]
    gp_ids: Annotated[list[Identifier], Field(max_length=2000)]


class GroupShown(BaseModel):
    """A group with the ids of its GPs."""

    model_config = example({"id": 2, "name": "Hagro Zuid", "gp_ids": ["gp-017", "gp-031"], "revision": 1})

    id: Key
    name: str
    gp_ids: list[str]
    revision: int


class Groups(BaseModel):
    """Groups by name."""

    model_config = example({"items": [{"id": 2, "name": "Hagro Zuid", "gp_ids": ["gp-017"], "revision": 1}]})

    items: list[GroupShown]
