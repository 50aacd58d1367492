"""How often a GP may ask what is judged of swaps: a limit that no person reaches, and a program that tries soon does.

Counted in the database, so that all processes share it. What is refused is not counted.
"""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import case
from sqlalchemy.orm import Session

from api.auth.access import PlannerOrGp
from api.auth.principal import Member, Role
from api.clock import now
from api.db.inserting import insert_into
from api.db.sessions import database
from api.db.tables.swaps import SwapQuestions
from api.errors import Problem
from api.settings import Settings
from scheduler.messages import text


def count_question(session: Session, settings: Settings, user_id: int) -> None:
    """Count one question of a user in the window that runs; raises Problem `too_many_questions` with Retry-After."""
    at, window = now(), timedelta(seconds=settings.swap_question_window_seconds)
    is_over = SwapQuestions.since <= at - window
    row = session.execute(
        insert_into(session, SwapQuestions)
        .values(user_id=user_id, since=at, asked=1)
        .on_conflict_do_update(
            index_elements=[SwapQuestions.user_id],
            set_={
                "since": case((is_over, at), else_=SwapQuestions.since),
                "asked": case((is_over, 1), else_=SwapQuestions.asked + 1),
            },
        )
        .returning(SwapQuestions.since, SwapQuestions.asked)
    ).one()
    if row.asked > settings.swap_questions:
        seconds = max(1, ceil((row.since + window - at).total_seconds()))
        raise Problem(
            "too_many_questions",
            text("swaps.too_many_questions", minutes=ceil(seconds / 60)),
            headers={"Retry-After": str(seconds)},
            retry_after=seconds,
        )


def asking(who: PlannerOrGp, request: Request) -> Member:
    """A planner or GP who asks; a GP's question is counted."""
    if not who.has(Role.PLANNER):
        with database(request).writing() as session:
            count_question(session, request.app.state.settings, who.user_id)
    return who


Asking = Annotated[Member, Depends(asking)]
