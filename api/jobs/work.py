"""What a worker does for one run, without a word of DBOS: take it up, solve it while following orders, put it away."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from api.db.engine import Database
from api.db.violations import find_violated_constraint
from api.errors import Problem
from api.jobs import lifecycle
from api.jobs.lifecycle import Claim, Order
from api.jobs.solver import SolverCrashed, solve_in_process
from api.jobs.solver_request import Solved
from api.ops.failures import report_failure
from scheduler.domain.result import Progress
from scheduler.messages import text

_log = structlog.get_logger()
NUMBER_OF_VERSION = "uq_roster_version_dossier_id_number"
LONGEST_WAIT = 5.0
REGION_LOOK_SECONDS = 1.0
LOOK_SECONDS = 0.5
"""How often a worker looks whether its run is cancelled, and puts progress on record."""
TRIES = 2
"""How often a run is solved whose solver process dies."""
STORE_TRIES = 5
NOTHING, CRASHED = b"", b"crashed"
"""Outcomes without a roster; any other is a `Solved` as gzipped JSON."""
T = TypeVar("T")


class TakenOver(Exception):
    """Another worker has this run now."""


class Leaving(asyncio.CancelledError):
    """This process stops. DBOS puts a cancellation on no record, so that another process does the step anew."""


class Work:
    """What one executor does; `running` are the ids of the runs that it has in hand, `solving` those with a solver."""

    def __init__(self, database: Database, executor_id: str, most_workers: int) -> None:
        self.database, self.executor_id, self.most_workers = database, executor_id, most_workers
        self.running: set[str] = set()
        self.solving: set[str] = set()
        self._leaving = False

    def leave(self) -> None:
        """Let go of every run that is being solved, within two looks or so."""
        self._leaving = True

    @contextmanager
    def in_hand(self, run_id: str) -> Iterator[None]:
        """Count the run among those that this process has in hand."""
        self.running.add(run_id)
        try:
            yield
        finally:
            self.running.discard(run_id)

    async def solve(self, run_id: str) -> bytes:
        """Solve a run; the outcome for `finish`. Raises TakenOver."""
        mine = await self.in_transaction(
            lambda session: lifecycle.claim(session, run_id, self.executor_id, self.most_workers)
        )
        if mine is None:
            return NOTHING
        _log.info("run_started", run_id=run_id, attempt=mine.attempt)
        try:
            solved = await self._solved(mine)
        except SolverCrashed as error:
            report_failure(error, "run", run_id=run_id, attempt=mine.attempt)
            return CRASHED
        finally:
            await self._answering()
        return NOTHING if solved is None else gzip.compress(solved.model_dump_json().encode(), mtime=0)

    async def finish(self, run_id: str, outcome: bytes) -> None:
        """Put the outcome of a run away and end the run; to do it twice makes no second version."""
        if outcome == NOTHING:
            await self.in_transaction(lambda session: lifecycle.give_up(session, run_id))
        elif outcome == CRASHED:
            why = text("runs.crashed")
            await self.in_transaction(lambda session: lifecycle.fail(session, run_id, "solver_crashed", why))
        else:
            await self._store(run_id, Solved.model_validate_json(gzip.decompress(outcome)))

    async def _store(self, run_id: str, solved: Solved) -> None:
        for tries_left in reversed(range(STORE_TRIES)):
            try:
                await self.in_transaction(lambda session: lifecycle.store(session, run_id, solved))
                return
            except Problem as error:
                refusal = partial(lifecycle.fail, run_id=run_id, code=error.code, detail=error.detail)
                await self.in_transaction(refusal)
                return
            except IntegrityError as error:
                # somebody else may take the number of the version
                if not tries_left or find_violated_constraint(error) != NUMBER_OF_VERSION:
                    raise

    async def parts_ended(self, region_run_id: str) -> None:
        """Wait until every part of a run over a region has ended; those that get lost, the desk ends."""
        while await self._looked(lambda session: lifecycle.has_unfinished_parts(session, region_run_id)):
            if self._leaving:
                raise Leaving
            await asyncio.sleep(REGION_LOOK_SECONDS)

    async def in_transaction(self, change: Callable[[Session], T]) -> T:
        """Do `change` in a thread and a transaction, again and again while the database is away or full."""
        return await _patiently(lambda: self._changed(change))

    async def _looked(self, look: Callable[[Session], T]) -> T:
        def reading() -> T:
            with self.database.reading() as session:
                return look(session)

        return await _patiently(reading)

    async def _answering(self) -> None:
        """Wait until the database answers: DBOS gives a workflow up whose step it cannot put on record."""
        await self._looked(lambda session: session.execute(select(1)))

    def _changed(self, change: Callable[[Session], T]) -> T:
        with self.database.writing() as session:
            return change(session)

    async def _solved(self, mine: Claim) -> Solved | None:
        for tries_left in reversed(range(TRIES)):
            try:
                return await self._watched(mine)
            except SolverCrashed as error:
                if not tries_left:
                    raise
                report_failure(error, "run", run_id=mine.run_id, attempt=mine.attempt, state="once_more")
        return None

    async def _watched(self, mine: Claim) -> Solved | None:
        """Solve while following the orders; what comes first ends both."""
        news, stop = _News(), asyncio.Event()
        solver = asyncio.create_task(solve_in_process(mine.request, on_progress=news.tell, cancelled=stop))
        follower = asyncio.create_task(self._follow(mine, news, stop))
        self.solving.add(mine.run_id)
        try:
            await asyncio.wait({solver, follower}, return_when=asyncio.FIRST_COMPLETED)
            if follower.done():
                follower.result()
            return solver.result()
        finally:
            for task in (solver, follower):
                task.cancel()
            await asyncio.gather(solver, follower, return_exceptions=True)
            self.solving.discard(mine.run_id)

    async def _follow(self, mine: Claim, news: _News, stop: asyncio.Event) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._leaving:
                raise Leaving
            # without its database a run goes on: it is told of nothing and tells nothing
            with suppress(DBAPIError, PoolTimeout):
                order = await asyncio.to_thread(self._look, mine, news.take())
                if order is Order.STOP:
                    stop.set()
                elif order is Order.LEAVE:
                    raise TakenOver(mine.run_id)

    def _look(self, mine: Claim, progress: Progress | None) -> Order:
        with self.database.reading() as session:
            order = lifecycle.orders(session, mine)
        if progress is not None and order is not Order.LEAVE:
            self._changed(lambda session: lifecycle.note(session, mine, progress))
        return order


async def _patiently(work: Callable[[], T]) -> T:
    """Do `work` in a thread, again and again while the database is away or full."""
    wait = LOOK_SECONDS
    while True:
        try:
            return await asyncio.to_thread(work)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            report_failure(error, "database", seconds=wait)
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


class _News:
    """The last progress that was not put on record yet."""

    def __init__(self) -> None:
        self._last: Progress | None = None

    def tell(self, progress: Progress) -> None:
        self._last = progress

    def take(self) -> Progress | None:
        last, self._last = self._last, None
        return last
