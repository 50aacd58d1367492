"""What a worker does for repairs: take one up, have it mended beside, follow its orders, put the proposal away.

The work of `api.jobs` is made for rosters and their versions; a repair takes seconds and leaves no version, so its row
with a lease does what DBOS does there. Whoever dies, or loses the database, lets the lease lapse, and another begins
anew.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from time import monotonic

import structlog

from api.db.engine import Database
from api.ops.failures import report_failure
from api.repair import lifecycle, repository
from api.repair.contract import MendAnswer, Mended, MendRequest
from api.repair.lifecycle import Claim, Order
from api.repair.process import MendCrashed, mending
from scheduler.mend import MendProgress
from scheduler.messages import text

_log = structlog.get_logger()
LOOK_SECONDS = 0.5
RENEWALS = 4
"""How often a lease is renewed in the time for which it holds."""
OVERTIME_SECONDS = 60.0
"""What a repair may take beyond its limit on a busy machine before it is given up."""
STOP_SECONDS = 15.0
"""What it may take to answer with its best once it is stopped."""


class Repairs:
    """Carries repairs out, one at a time; one a process."""

    def __init__(self, database: Database, lease_seconds: float) -> None:
        self._database, self._lease = database, timedelta(seconds=lease_seconds)
        self._id = uuid.uuid4().hex

    def carry_out(self) -> int:
        """Carry out every repair that is free; how many that were."""
        with self._database.reading() as session:
            waiting = repository.free(session)
        done = 0
        for repair_id in waiting:
            with self._database.writing() as session:
                mine = lifecycle.claim(session, repair_id, self._id, self._lease)
            if mine is not None:
                self._carry_out(mine)
                done += 1
        return done

    def _carry_out(self, mine: Claim) -> None:
        _log.info("repair_started", repair_id=mine.repair_id, attempt=mine.attempt)
        with self._database.reading() as session:
            request, seen = lifecycle.request_of(session, mine)
        try:
            answer = self._followed(mine, request)
        except MendCrashed as error:
            report_failure(error, "repair", repair_id=mine.repair_id, attempt=mine.attempt)
            self._fail(mine, "solver_crashed", text("repairs.crashed"))
            return
        if answer is None:
            _log.info("repair_left", repair_id=mine.repair_id)
        elif answer.mended is None:
            self._fail(mine, "mend_refused", "\n".join(answer.refused))
        else:
            self._propose(mine, answer.mended, seen)

    def _followed(self, mine: Claim, request: MendRequest) -> MendAnswer | None:
        """The answer of the process; None when this worker was told to leave it."""
        until = monotonic() + request.time_limit + OVERTIME_SECONDS
        renewed = monotonic()
        with mending(request) as at_work:
            while monotonic() < until:
                answer = at_work.answer(LOOK_SECONDS)
                if answer is not None and answer.is_last:
                    return answer
                due = monotonic() - renewed > self._lease.total_seconds() / RENEWALS
                order = self._look(mine, answer.progress if answer else None, renew=due)
                if order is Order.LEAVE:
                    return None
                if order is Order.STOP:
                    # said again it changes nothing
                    at_work.stop()
                    until = min(until, monotonic() + STOP_SECONDS)
                renewed = monotonic() if due else renewed
        raise MendCrashed(None)

    def _look(self, mine: Claim, progress: MendProgress | None, *, renew: bool) -> Order:
        if progress is None and not renew:
            with self._database.reading() as session:
                return lifecycle.order_of(session, mine)
        with self._database.writing() as session:
            return lifecycle.renew(session, mine, progress, self._lease)

    def _propose(self, mine: Claim, found: Mended, seen: dict[str, int]) -> None:
        with self._database.writing() as session:
            lifecycle.propose(session, mine, found, seen)

    def _fail(self, mine: Claim, code: str, detail: str) -> None:
        with self._database.writing() as session:
            lifecycle.fail(session, mine, code, detail)
