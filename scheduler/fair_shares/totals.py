"""The first half of the fair shares: each GP's total, from agreed hours and from patients."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED, Agreement, Contract
from scheduler.domain.shift import Burden, Shift, ShiftGroup


@dataclass(frozen=True, slots=True)
class ShareSteps:
    """How a GP's share of all non-standby hours was computed; hours throughout, in the order of the steps.

    `agreed` and `agreed_scale` belong to salaried GPs and locums; `practice_hours` is the part of the pool that falls
    to the practice of an owner, `salaried_off` what its salaried GPs take over of that, `owner_part` this owner's
    fraction of the rest, `owner_scale` the factor that makes all shares add up to the demand.
    """

    agreed: float = 0.0
    agreed_scale: float = 1.0
    practice_id: str | None = None
    practice_patients: float = 0.0
    pool_patients: float = 0.0
    pool_hours: float = 0.0
    practice_hours: float = 0.0
    salaried_off: float = 0.0
    owner_part: float = 0.0
    owner_hours: float = 0.0
    owner_scale: float = 1.0

    @property
    def share(self) -> float:
        """Hours before balances and own limits."""
        return self.agreed * self.agreed_scale + self.owner_hours * self.owner_scale


def may_do(dossier: Dossier, groups: Sequence[ShiftGroup]) -> Mapping[str, frozenset[ShiftGroup]]:
    """The groups that any of a GP's agreements gives a right to, dates left aside."""
    allowed: dict[str, frozenset[ShiftGroup]] = {}
    for gp_id, agreements in dossier.agreements_by_gp.items():
        rows = [row for row in agreements if row.contract in QUALIFIED]
        posts = frozenset[str]().union(*(row.posts for row in rows))
        roles = frozenset[str]().union(*(row.roles for row in rows))
        nights = any(row.nights for row in rows)
        allowed[gp_id] = frozenset(
            g for g in groups if g.post_id in posts and g.role in roles and (nights or not g.is_night)
        )
    return allowed


def total_steps(
    dossier: Dossier, shifts: Sequence[Shift], allowed: Mapping[str, frozenset[ShiftGroup]]
) -> Mapping[str, ShareSteps]:
    """Each sharing GP's steps, in the order of the agreements; the shares add up to all non-standby hours.

    The key (dossier format, fair shares 1 and 2): agreed hours for locums and salaried GPs; what is left is spread
    over practices by patients, less what a practice's salaried GPs do, over its owners by time in the period.
    """
    demand = sum(shift.hours for shift in shifts if not shift.is_standby)
    rows = [
        row
        for row in dossier.agreements
        if row.contract in QUALIFIED
        and any(group.burden is not Burden.STANDBY for group in allowed[row.gp_id])
        and dossier.period.overlap(row.valid_from, row.valid_until)
    ]
    fixed = [row for row in rows if row.contract is not Contract.PRACTICE_OWNER]
    agreed = sum(row.hours or 0.0 for row in fixed)
    scale = min(1.0, demand / agreed) if agreed else 1.0
    steps: dict[str, ShareSteps] = {row.gp_id: ShareSteps() for row in rows}
    for row in fixed:
        mine = steps[row.gp_id]
        steps[row.gp_id] = replace(mine, agreed=mine.agreed + (row.hours or 0.0), agreed_scale=scale)
    owners = [row for row in rows if row.contract is Contract.PRACTICE_OWNER]
    locums = scale * sum(row.hours or 0.0 for row in fixed if row.contract is Contract.LOCUM)
    _share_among_owners(dossier, steps, owners, fixed, scale, max(0.0, demand - locums))
    # exactly nothing where all is agreed: what rounding leaves would let owners with a balance in
    return _scaled_owners(steps, max(0.0, demand - agreed))


def _share_among_owners(
    dossier: Dossier,
    steps: dict[str, ShareSteps],
    owners: Sequence[Agreement],
    fixed: Sequence[Agreement],
    scale: float,
    pool_hours: float,
) -> None:
    part = {id(row): dossier.period.overlap(row.valid_from, row.valid_until) for row in owners}
    by_practice: defaultdict[str, list[Agreement]] = defaultdict(list)
    for row in owners:
        by_practice[dossier.gp_by_id[row.gp_id].practice_id or ""].append(row)
    salaried: Counter[str] = Counter()
    for row in fixed:
        if row.contract is Contract.SALARIED:
            salaried[dossier.gp_by_id[row.gp_id].practice_id or ""] += scale * (row.hours or 0.0)  # type: ignore[assignment]
    patients = {pid: _patients(dossier, pid) for pid in by_practice}
    pool_patients = sum(patients.values()) or 1.0
    for practice_id, rows in by_practice.items():
        hours = pool_hours * patients[practice_id] / pool_patients
        left = max(0.0, hours - salaried[practice_id])
        whole = sum(part[id(row)] for row in rows)
        for row in rows:
            mine = steps[row.gp_id]
            fraction = part[id(row)] / whole
            steps[row.gp_id] = replace(
                mine,
                practice_id=practice_id,
                practice_patients=patients[practice_id],
                pool_patients=pool_patients,
                pool_hours=pool_hours,
                practice_hours=hours,
                salaried_off=min(hours, salaried[practice_id]),
                owner_part=mine.owner_part + fraction,
                owner_hours=mine.owner_hours + left * fraction,
            )


def _patients(dossier: Dossier, practice_id: str) -> float:
    practice = dossier.practice_by_id.get(practice_id)
    return practice.patients if practice else 0.0


def _scaled_owners(steps: Mapping[str, ShareSteps], pool: float) -> Mapping[str, ShareSteps]:
    owned = sum(step.owner_hours for step in steps.values())
    scale = pool / owned if owned else 0.0
    return {gp: replace(step, owner_scale=scale) if step.owner_hours else step for gp, step in steps.items()}
