"""How a GP's share was computed, by the day and step by step, as Dutch sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.settings import OwnerKey
from scheduler.domain.shift import Burden
from scheduler.explain.words import listed
from scheduler.fair_shares import FairShares, Reach, ShareSteps
from scheduler.fair_shares.duty_days import DutyRow, excused_days
from scheduler.messages import text
from scheduler.messages.dutch import figure, long_date

_SAME = 1e-6
_CENT = 0.005


def share_lines(dossier: Dossier, gp_id: str, shares: FairShares) -> Iterator[str]:
    """How the share of all non-standby hours was computed, and by which days and rights."""
    steps = shares.steps.get(gp_id)
    if steps is None:
        yield text("explain.share.none", gp=gp_id)
        return
    rows = [row for row in shares.reach.rows if row.agreement.gp_id == gp_id and row.day_count]
    yield from _agreement_lines(dossier, gp_id, rows)
    if steps.duty_days < steps.period_days:
        yield text("explain.share.days", days=figure(steps.duty_days, 0), whole=figure(steps.period_days, 0))
        yield from _why_fewer_days(dossier, gp_id)
    yield from _reach_lines(shares.reach, gp_id)
    yield from _agreed_lines(steps)
    if steps.owner_days:
        yield from _owner_lines(dossier, steps)
    yield text("explain.share.total", hours=figure(steps.share))


def _agreement_lines(dossier: Dossier, gp_id: str, rows: Sequence[DutyRow]) -> Iterator[str]:
    """The class of the GP; where agreements follow each other, of each the days, the class and the rights."""
    if len(rows) == 1:
        contract = text(f"terms.contract.{rows[0].agreement.contract.value}")
        yield text("explain.share.start", gp=gp_id, contract=contract)
        return
    for row in rows:
        it = row.agreement
        yield text(
            "explain.share.row",
            gp=gp_id,
            start=long_date(max(it.valid_from, dossier.period.start)),
            end=long_date(min(it.valid_until, dossier.period.end)),
            contract=text(f"terms.contract.{it.contract.value}"),
            roles=listed([text(f"terms.role.{role.value}") for role in Role if role in it.roles]),
            posts=listed(sorted(it.posts)),
            nights=text("explain.share.nights" if it.nights else "explain.share.no_nights"),
        )


def _why_fewer_days(dossier: Dossier, gp_id: str) -> Iterator[str]:
    until = dossier.gp_by_id[gp_id].registered_until
    if until is not None and until < dossier.period.end:
        yield text("explain.share.registration", end=long_date(until))
    excused = int(excused_days(dossier, gp_id).sum())
    if excused:
        yield text("explain.share.excused", days=figure(excused, 0))


def _reach_lines(reach: Reach, gp_id: str) -> Iterator[str]:
    """The burdens that the GP may do on a part of the days only: their targets go by the hours on those days."""
    own = reach.hours[gp_id]
    for burden in Burden:
        columns = [
            column for column in np.flatnonzero(own > 0).tolist() if reach.groups[column].burden is burden
        ]  # fmt: skip
        hours, whole = float(own[columns].sum()), float(reach.demand[columns].sum())
        if hours < whole - _CENT:
            yield text(
                "explain.share.reach",
                burden=text(f"terms.burden.{burden.value}"),
                hours=figure(hours, 0),
                whole=figure(whole, 0),
            )


def _agreed_lines(steps: ShareSteps) -> Iterator[str]:
    if not steps.agreed:
        return
    yield text("explain.share.agreed", hours=figure(steps.agreed_before))
    if steps.agreed < steps.agreed_before - _CENT:
        yield text("explain.share.agreed_days", hours=figure(steps.agreed))
    if steps.agreed_scale < 1:
        hours = figure(steps.agreed * steps.agreed_scale)
        yield text("explain.share.agreed_scaled", factor=figure(steps.agreed_scale, 3), hours=hours)


def _owner_lines(dossier: Dossier, steps: ShareSteps) -> Iterator[str]:
    yield _pool_line(steps)
    if steps.salaried_off:
        left = figure(max(0.0, steps.practice_hours - steps.salaried_off))
        key = "salaried" if steps.owner_key is OwnerKey.PATIENTS else "salaried_of_all"
        yield text(f"explain.share.{key}", hours=figure(steps.salaried_off), left=left)
    if steps.owner_part < 1:
        yield _part_line(steps)
    scaled = steps.owner_hours * steps.owner_scale
    if abs(steps.owner_scale - 1) > _SAME and steps.owner_hours:
        yield text("explain.share.owner_scaled", factor=figure(steps.owner_scale, 4), hours=figure(scaled))
    if steps.owner_share > scaled + _CENT:
        whole = figure(dossier.sharing.least_hours)
        yield text("explain.share.least", whole=whole, hours=figure(steps.owner_share))
    elif steps.owner_share < scaled - _CENT:
        yield text("explain.share.least_of_others", hours=figure(steps.owner_share))


def _pool_line(steps: ShareSteps) -> str:
    pool, hours = figure(steps.pool_hours, 0), figure(steps.practice_hours)
    if steps.owner_key is not OwnerKey.PATIENTS:
        return text(f"explain.share.pool_{steps.owner_key.value}", pool=pool)
    part = steps.practice_days / steps.period_days
    values = {
        "practice": steps.practice_id,
        "pool": pool,
        "patients": figure(steps.practice_patients, 0),
        "all_patients": figure(steps.pool_patients, 0),
        "hours": hours,
    }
    if part == 1:
        return text("explain.share.practice", **values)
    return text(
        "explain.share.practice_days",
        days=figure(steps.practice_days, 0),
        whole=figure(steps.period_days, 0),
        counted=figure(steps.practice_patients * part, 0),
        **values,
    )


def _part_line(steps: ShareSteps) -> str:
    part, hours, days = figure(100 * steps.owner_part, 2), figure(steps.owner_hours), figure(steps.owner_days, 0)
    weight = figure(steps.owner_weight, 2)
    match steps.owner_key:
        case OwnerKey.EQUAL:
            return text("explain.share.part_of_all", part=part, hours=hours, days=days)
        case OwnerKey.FTE:
            return text("explain.share.part_by_fte", part=part, hours=hours, days=days, fte=weight)
    if steps.owner_weight == 1:
        return text("explain.share.part", part=part, hours=hours, days=days)
    return text("explain.share.part_by_weight", part=part, hours=hours, days=days, weight=weight)
