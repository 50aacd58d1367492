"""Explanations as callers see them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.rosters.schemas import example


class Explained(BaseModel):
    """Why, in Dutch and in figures; in a GP's own view nobody else is named."""

    model_config = example(
        {
            "text": "Dienst avond/2027-01-01/1: consult op post noord, vr 1 januari 2027 17:00-23:00 (6 uur).",
            "details": {"gp_id": "ha-017", "deviation": 0.2, "taker_count": 139, "dropped": {"may_work": 149}},
        }
    )

    text: str
    details: dict[str, Any] = Field(description="The explanation in figures, as the engine gives it.")
