"""The first half of the fair shares: each GP's total, from agreed hours and from the owners' key, by the day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.domain.settings import OwnerKey
from scheduler.domain.shift import Burden, Shift, ShiftGroup
from scheduler.fair_shares.duty_days import DutyRow, Hours, Reach

ALL_OWNERS = ""
"""The one practice of all owners where they do not share by patients."""


@dataclass(frozen=True, slots=True)
class ShareSteps:
    """How a GP's share of all non-standby hours was computed; hours throughout, in the order of the steps.

    `duty_days` of the `period_days` give a share. `agreed` (by the day; `agreed_before` leaves excused days aside) and
    `agreed_scale` belong to salaried GPs and locums; `practice_hours` is the part of the pool that falls to the
    practice of an owner, by its patients on `practice_days` days, `salaried_off` what its salaried GPs take over of
    that, `owner_part` this owner's fraction of the rest, by days times `owner_weight`; `owner_scale` makes all shares
    add up to the demand, `least_hours` is the least that an owner of so many days does, `owner_share` what is left of
    it all for this owner. Without patients as key there is no `practice_id`: all owners are one practice.
    """

    period_days: int
    duty_days: int = 0
    valid_days: int = 0
    agreed_before: float = 0.0
    agreed: float = 0.0
    agreed_scale: float = 1.0
    owner_key: OwnerKey = OwnerKey.PATIENTS
    owner_days: int = 0
    owner_weight: float = 1.0
    practice_id: str | None = None
    practice_patients: float = 0.0
    practice_days: int = 0
    pool_patients: float = 0.0
    pool_hours: float = 0.0
    practice_hours: float = 0.0
    salaried_off: float = 0.0
    owner_part: float = 0.0
    owner_hours: float = 0.0
    owner_scale: float = 1.0
    least_hours: float = 0.0
    owner_share: float = 0.0

    @property
    def share(self) -> float:
        """Hours before balances and own limits."""
        return self.agreed * self.agreed_scale + self.owner_share


def may_do(reach: Reach, groups: Iterable[ShiftGroup]) -> Mapping[str, frozenset[ShiftGroup]]:
    """The groups, of those given, of which each GP may do any shift on a duty day."""
    wanted = frozenset(groups)
    return {gp_id: reach.groups_of(gp_id) & wanted for gp_id in reach.hours}


def total_steps(dossier: Dossier, shifts: Sequence[Shift], reach: Reach) -> Mapping[str, ShareSteps]:
    """Each sharing GP's steps, in the order of the agreements; the shares add up to all non-standby hours.

    The key (dossier format, fair shares 1 and 2): agreed hours for locums and salaried GPs; what is left goes over the
    practices that have an owner in duty, less what a practice's salaried GPs do, and over its owners by duty days.
    """
    demand = sum(shift.hours for shift in shifts if not shift.is_standby)
    duties = _is_duty(reach.groups)
    sharing = {gp_id for gp_id, hours in reach.hours.items() if hours[duties].any()}
    rows = [row for row in reach.rows if row.day_count and row.agreement.gp_id in sharing]
    steps = _with_days(dossier, rows)
    fixed = [row for row in rows if row.agreement.contract is not Contract.PRACTICE_OWNER]
    agreed = sum(row.agreed_hours for row in fixed)
    scale = min(1.0, demand / agreed) if agreed else 1.0
    for row in fixed:
        own = steps[row.agreement.gp_id]
        steps[row.agreement.gp_id] = replace(
            own,
            agreed_before=own.agreed_before + (row.agreement.hours or 0.0),
            agreed=own.agreed + row.agreed_hours,
            agreed_scale=scale,
        )
    locums = scale * sum(row.agreed_hours for row in fixed if row.agreement.contract is Contract.LOCUM)
    _share_among_owners(dossier, steps, rows, scale, max(0.0, demand - locums))
    # exactly nothing where all is agreed: what rounding leaves would let owners with a balance in
    return _scaled_owners(dossier, steps, max(0.0, demand - agreed))


def _is_duty(groups: Sequence[ShiftGroup]) -> list[int]:
    return [column for column, group in enumerate(groups) if group.burden is not Burden.STANDBY]


def _with_days(dossier: Dossier, rows: Sequence[DutyRow]) -> dict[str, ShareSteps]:
    steps: dict[str, ShareSteps] = {}
    for row in rows:
        own = steps.get(row.agreement.gp_id) or ShareSteps(dossier.period.length, owner_key=dossier.sharing.owner_key)
        steps[row.agreement.gp_id] = replace(
            own, duty_days=own.duty_days + row.day_count, valid_days=own.valid_days + row.valid_days
        )
    return steps


def _share_among_owners(
    dossier: Dossier, steps: dict[str, ShareSteps], rows: Sequence[DutyRow], scale: float, pool_hours: float
) -> None:
    by_practice: defaultdict[str, list[DutyRow]] = defaultdict(list)
    salaried: Counter[str] = Counter()
    for row in rows:
        if row.agreement.contract is Contract.PRACTICE_OWNER:
            by_practice[_practice_of(dossier, row)].append(row)
        elif row.agreement.contract is Contract.SALARIED:
            salaried[_practice_of(dossier, row)] += scale * row.agreed_hours  # type: ignore[assignment]
    days = {practice: int(np.any([row.days for row in owned], axis=0).sum()) for practice, owned in by_practice.items()}
    size = {practice: _patients(dossier, practice) * days[practice] / dossier.period.length for practice in by_practice}
    whole = sum(size.values()) or 1.0
    for practice, owned in by_practice.items():
        hours = pool_hours * size[practice] / whole
        of_practice = ShareSteps(
            period_days=dossier.period.length,
            practice_id=practice or None,
            practice_patients=_patients(dossier, practice) if practice else 0.0,
            practice_days=days[practice],
            pool_patients=whole if practice else 0.0,
            pool_hours=pool_hours,
            practice_hours=hours,
            salaried_off=min(hours, salaried[practice]),
        )
        _share_in_practice(dossier, steps, owned, of_practice)


def _share_in_practice(
    dossier: Dossier, steps: dict[str, ShareSteps], rows: Sequence[DutyRow], of_practice: ShareSteps
) -> None:
    """Give each owner of one practice a part of what its salaried GPs leave, by duty days times weight."""
    weights = [_weight(dossier, row) * row.day_count for row in rows]
    left = of_practice.practice_hours - of_practice.salaried_off
    for row, weight in zip(rows, weights, strict=True):
        own = steps[row.agreement.gp_id]
        fraction = weight / sum(weights)
        steps[row.agreement.gp_id] = replace(
            own,
            practice_id=of_practice.practice_id,
            practice_patients=of_practice.practice_patients,
            practice_days=of_practice.practice_days,
            pool_patients=of_practice.pool_patients,
            pool_hours=of_practice.pool_hours,
            practice_hours=of_practice.practice_hours,
            salaried_off=of_practice.salaried_off,
            owner_days=own.owner_days + row.day_count,
            owner_weight=_weight(dossier, row),
            owner_part=own.owner_part + fraction,
            owner_hours=own.owner_hours + left * fraction,
        )


def _practice_of(dossier: Dossier, row: DutyRow) -> str:
    if dossier.sharing.owner_key is not OwnerKey.PATIENTS:
        return ALL_OWNERS
    return dossier.gp_by_id[row.agreement.gp_id].practice_id or ALL_OWNERS


def _weight(dossier: Dossier, row: DutyRow) -> float:
    match dossier.sharing.owner_key:
        case OwnerKey.PATIENTS:
            return row.agreement.share
        case OwnerKey.EQUAL:
            return 1.0
        case OwnerKey.FTE:
            return dossier.gp_by_id[row.agreement.gp_id].fte


def _patients(dossier: Dossier, practice_id: str) -> float:
    if dossier.sharing.owner_key is not OwnerKey.PATIENTS:
        return 1.0
    practice = dossier.practice_by_id.get(practice_id)
    return practice.patients if practice else 0.0


def _scaled_owners(dossier: Dossier, steps: Mapping[str, ShareSteps], pool: float) -> Mapping[str, ShareSteps]:
    """Scale the owners together to the pool, none under the least hours for the owner's days."""
    owners = [gp_id for gp_id, step in steps.items() if step.owner_days]
    hours = np.array([steps[gp_id].owner_hours for gp_id in owners])
    if not hours.any():
        return steps
    scale = pool / hours.sum()
    least = np.array([dossier.sharing.least_hours * _part_of_period(steps[gp_id]) for gp_id in owners])
    shares = raised(hours * scale, least, pool)
    own = dict(zip(owners, zip(least.tolist(), shares.tolist(), strict=True), strict=True))
    return {
        gp_id: replace(step, owner_scale=scale, least_hours=own[gp_id][0], owner_share=own[gp_id][1])
        if gp_id in own
        else step
        for gp_id, step in steps.items()
    }


def _part_of_period(step: ShareSteps) -> float:
    return min(1.0, step.owner_days / step.period_days)


def capped(totals: Hours, limit: Hours, demand: float) -> Hours:
    """Totals no higher than each GP's own limit, the others scaled up to keep the sum."""
    free = np.ones(len(totals), dtype=bool)
    while (totals > limit + 1e-9).any():
        free &= totals < limit - 1e-9
        totals = np.where(free, totals, np.minimum(totals, limit))
        if not free.any() or totals[free].sum() == 0:
            break
        totals = np.where(free, totals * (demand - totals[~free].sum()) / totals[free].sum(), totals)
    return totals


def raised(totals: Hours, least: Hours, demand: float) -> Hours:
    """Totals no lower than the least of each GP, the others scaled down to keep the sum."""
    result: Hours = -capped(-totals, -least, -demand)
    return result
