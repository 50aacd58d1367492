"""Publishing: a version becomes the roster in force from a day on, in one act, or nothing changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Actor, Member
from api.clock import now, today
from api.db.tables.rosters import Publication, RosterVersion
from api.dossiers.mapping import gp_ids, gp_numbers, read_dossier
from api.errors import Problem
from api.neighbours.busy import REACH, with_elsewhere
from api.neighbours.persons import hold_at_several
from api.outbox import Notice, tell
from api.rosters import force_repository as force
from api.rosters import versions
from api.rosters.content import content_of
from api.rosters.mapping import shift_of, shift_values
from api.rosters.overlaps import MOST_TOLD, shown
from api.rosters.plan import Given, Held, Plan, plan_of
from api.rosters.plan_judgement import broken_rules
from scheduler.domain.time import Period
from scheduler.domain.time import local as at
from scheduler.messages import text
from scheduler.messages.dutch import long_date
from scheduler.rules import Violation


@dataclass(frozen=True)
class Order:
    """What a planner asks: the version in force for shifts that start on or after `freeze_from` (local day).

    `seen` is the number of the last publication that the planner knows of (0: none, None: not said).
    """

    freeze_from: date
    reason: str = ""
    accept_violations: bool = False
    seen: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What publishing does, or would do (`publication` None)."""

    version: RosterVersion
    plan: Plan | None
    violations: tuple[dict[str, object], ...]
    counts: dict[str, int]
    publication: Publication | None
    last_number: int


def preview(session: Session, member: Member, version_id: int, order: Order) -> Outcome:
    """What publishing would change and break, without doing it; raises Problem only where it is beyond accepting."""
    version = versions.version_of(session, member.hds_id, version_id)
    plan = _plan(session, version, order)
    broken = _broken(session, version, plan)
    last = force.last_publication(session, member.hds_id)
    return Outcome(version, plan, _told(broken), plan.counts(), None, last.number if last else 0)


def publish(
    session: Session, actor: Actor, version_id: int, order: Order, if_match: str | None, key: str | None
) -> Outcome:
    """Put a draft in force; one planner at a time, and the same idempotency key does it once.

    Raises Problem: `not_found`, `wrong_state`, `changed_meanwhile`, `if_match_needed`, `idempotency_key_reused`, and
    `breaks_rules` with every rule that the roster in force would break.
    """
    force.lock_roster_of(session, actor.hds_id)
    if key is not None and (earlier := force.publication_by_key(session, actor.hds_id, key)) is not None:
        return _again(session, earlier, version_id, order)
    version = versions.version_to_change(session, actor.hds_id, version_id, if_match)
    versions.require_draft(version)
    last = force.last_publication(session, actor.hds_id)
    _require_seen(last, order)
    hold_at_several(session, actor.hds_id)
    plan = _plan(session, version, order, lock=True)
    broken = _broken(session, version, plan)
    _require_acceptance(broken, order)
    publication = _written(session, actor, version, order, plan, last.number + 1 if last else 1, broken, key)
    superseded = _settle(session, actor, version)
    _tell(session, actor.hds_id, plan, order.freeze_from)
    _audit(session, actor, publication, version, superseded)
    return Outcome(version, plan, _told(broken), plan.counts(), publication, publication.number)


def _again(session: Session, earlier: Publication, version_id: int, order: Order) -> Outcome:
    if (earlier.version_id, earlier.freeze_from) != (version_id, order.freeze_from):
        raise Problem("idempotency_key_reused")
    version = versions.version_of(session, earlier.hds_id, version_id)
    broken = tuple(earlier.violations.get("accepted", ()))
    return Outcome(version, None, broken, earlier.outcome, earlier, earlier.number)


def _require_seen(last: Publication | None, order: Order) -> None:
    number = last.number if last else 0
    if order.seen is not None and order.seen != number:
        raise Problem("changed_meanwhile", text("rosters.published_meanwhile", number=number), last_publication=number)


def _plan(session: Session, version: RosterVersion, order: Order, *, lock: bool = False) -> Plan:
    content = content_of(session, version)
    period = content.dossier.period
    duties = _held(session, version, period, lock=lock)
    plan = plan_of(
        duties, content.roster, freeze_from=order.freeze_from, period=period, dossier_id=version.dossier_id,
        extras=force.extra_shifts(session, version.hds_id, version.dossier_id),
        closed=force.extra_shifts(session, version.hds_id, version.dossier_id, closed=True),
    )  # fmt: skip
    if len(plan.given) == len(plan.beside):
        raise Problem("wrong_state", text("rosters.nothing_to_publish", day=long_date(order.freeze_from)))
    _require_history(plan)
    return plan


def _held(session: Session, version: RosterVersion, period: Period, *, lock: bool) -> list[Held]:
    hds_id = version.hds_id
    ids = gp_ids(session, hds_id)
    entered, moment = force.shifts_with_hours(session, hds_id), now()
    since, until = at(period.start - REACH, time(0)), at(period.end + REACH, time(0))
    return [
        Held(
            shift=shift_of(row), performer=ids.get(row.performer_number), responsible=ids.get(row.responsible_number),
            trainee=ids.get(row.trainee_number), dossier_id=row.dossier_id,
            worked=row.starts_at <= moment or row.shift_id in entered,
        )
        for row in force.duties_around(session, hds_id, version.dossier_id, since, until, lock=lock)
    ]  # fmt: skip


def _require_history(plan: Plan) -> None:
    """Duties that have been worked stay as they were: pay and responsibility hang on them."""
    if plan.rewritten:
        first, last = plan.rewritten[0].shift, plan.rewritten[-1].shift
        raise Problem(
            "wrong_state",
            text(
                "rosters.rewrites_history",
                count=len(plan.rewritten),
                first=long_date(first.day),
                last=long_date(last.day),
                today=long_date(today()),
            ),
            shift_ids=[held.shift.id for held in plan.rewritten[:MOST_TOLD]],
        )


def _broken(session: Session, version: RosterVersion, plan: Plan) -> list[Violation]:
    """Judged with the dossier as it is now: what became known since the version was made counts as well."""
    row = versions.dossier_of(session, version.hds_id, version.dossier_id)
    return broken_rules(with_elsewhere(session, read_dossier(session, row)), plan)


def _require_acceptance(broken: Sequence[Violation], order: Order) -> None:
    if broken and not (order.accept_violations and order.reason.strip()):
        key = "rosters.accept_with_reason" if order.accept_violations else "rosters.breaks_rules"
        raise Problem(
            "breaks_rules",
            text(key, count=len(broken), first=broken[0].text),
            count=len(broken),
            violations=_told(broken)[:MOST_TOLD],
        )


def _told(broken: Sequence[Violation]) -> tuple[dict[str, object], ...]:
    return tuple(shown(violation) for violation in broken)


def _written(
    session: Session, actor: Actor, version: RosterVersion, order: Order, plan: Plan, number: int,
    broken: Sequence[Violation], key: str | None,
) -> Publication:  # fmt: skip
    publication = Publication(
        hds_id=actor.hds_id, number=number, version_id=version.id, freeze_from=order.freeze_from,
        reason=order.reason, idempotency_key=key, outcome=plan.counts(),
        violations={"accepted": list(_told(broken))}, published_at=now(), published_by=actor.user_id,
    )  # fmt: skip
    session.add(publication)
    session.flush()
    numbers: dict[str | None, int | None] = {None: None}
    numbers.update(gp_numbers(session, actor.hds_id, ()))
    writer = _Writer(session, publication, version.dossier_id, numbers)
    writer.write(plan)
    return publication


@dataclass(frozen=True)
class _Writer:
    """Brings the duties from what is in force to what a plan says."""

    session: Session
    publication: Publication
    dossier_id: int
    numbers: dict[str | None, int | None]

    def write(self, plan: Plan) -> None:
        """Write the plan; GPs leave their duties before they get others, so that nobody is anywhere twice."""
        hds_id, changed = self.publication.hds_id, {given.shift.id for _, given in plan.changed}
        force.take_out(self.session, hds_id, [held.shift.id for held in plan.removed])
        force.free(self.session, hds_id, changed)
        same = [shift_id for shift_id in plan.replaced if shift_id in plan.given and shift_id not in changed]
        force.republish(self.session, hds_id, self.publication.id, self.dossier_id, same)
        force.change(self.session, hds_id, [{"of": given.shift.id} | self._values(given) for _, given in plan.changed])
        force.put_in(
            self.session,
            [{"hds_id": hds_id, "shift_id": one.shift.id, "revision": 1} | self._values(one) for one in plan.added],
        )
        responsible = {shift_id: self.numbers[given.responsible] for shift_id, given in plan.given.items()}
        force.keep_for_ever(self.session, self.publication.id, responsible)

    def _values(self, given: Given) -> dict[str, Any]:
        values = shift_values(given.shift)
        del values["shift_id"]
        return values | {
            "publication_id": self.publication.id,
            "dossier_id": self.dossier_id,
            "performer_number": self.numbers[given.performer],
            "responsible_number": self.numbers[given.responsible],
            "trainee_number": self.numbers[given.trainee],
            "changed_at": self.publication.published_at,
        }


def _settle(session: Session, actor: Actor, version: RosterVersion) -> Sequence[int]:
    """The version is in force now; returns the versions of which nothing is in force any longer."""
    version.state = "published"
    versions.touch(version, actor)
    session.flush()
    return force.supersede(session, actor.hds_id, now())


def _tell(session: Session, hds_id: str, plan: Plan, day: date) -> None:
    """Have those whose duties change told of it, also where a swap is undone."""
    numbers = gp_numbers(session, hds_id, ())
    concerned: defaultdict[int, list[int]] = defaultdict(list)
    for gp_id, count in plan.changes_of.items():
        concerned[count].append(numbers[gp_id])
    for count, those in sorted(concerned.items()):
        tell(session, hds_id, Notice("duties_changed", {"count": count, "day": day.isoformat()}, those))


def _audit(
    session: Session, actor: Actor, publication: Publication, version: RosterVersion, superseded: Sequence[int]
) -> None:
    after = {
        "publication": publication.number,
        "version": version.number,
        "freeze_from": publication.freeze_from.isoformat(),
        "outcome": publication.outcome,
        "accepted_violations": len(publication.violations["accepted"]),
        "superseded": list(superseded),
    }
    act = Act("roster.published", versions.subject(version.id), after=after, reason=publication.reason)
    record(session, actor.hds_id, actor.user_id, act)
