"""What holds of the fair shares of every dossier."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.demand import shifts_of
from scheduler.domain.availability import Preference
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.time import AMSTERDAM, DAY
from scheduler.fair_shares import FairShares, Pool, fair_shares
from tests.fair_shares.strategies import examples, sharing_dossiers

Targets = dict[tuple[str, Burden], float]
NEAR = 1e-3


def computed(dossier: Dossier) -> FairShares:
    """The fair shares of the whole demand."""
    return fair_shares(dossier, shifts_of(dossier))


def targets(dossier: Dossier, scale: float = 1.0) -> Targets:
    """Targets of the dossier times `scale`, those that come to nothing left out."""
    found = {cell: hours * scale for cell, hours in computed(dossier).targets.items()}
    return {cell: hours for cell, hours in found.items() if hours > NEAR}


def alike(first: Targets, second: Targets) -> bool:
    """Whether two sets of targets are the same up to what fitting leaves."""
    return all(abs(first.get(cell, 0) - second.get(cell, 0)) < 0.01 for cell in {*first, *second})


def pools(shares: FairShares) -> list[Pool]:
    """The pools that the dossier has."""
    return [pool for pool in (shares.duty, shares.standby) if pool is not None]


def may_do(dossier: Dossier, gp_id: str, shift: Shift) -> bool:
    """Whether the agreement of the day gives the GP a right to the shift, on a day that is not excused."""
    row = dossier.agreement_on(gp_id, shift.day)
    if row is None or not is_duty_day(dossier, gp_id, shift.day):
        return False
    return shift.post_id in row.posts and shift.role in row.roles and (not shift.is_night or row.nights)


def is_duty_day(dossier: Dossier, gp_id: str, day: date) -> bool:
    """Whether the registration has not ended and no absence for an excused reason holds the whole day."""
    last_day = dossier.gp_by_id[gp_id].registered_until
    start, end = (datetime.combine(one, time(0), tzinfo=AMSTERDAM) for one in (day, day + DAY))
    return (last_day is None or day <= last_day) and not any(
        absence.gp_id == gp_id
        and absence.reason in dossier.sharing.excused_reasons
        and absence.start <= start
        and end <= absence.end
        for absence in dossier.absences
    )


@examples(60)
@given(sharing_dossiers())
def test_targets_add_up_to_the_demand_of_each_group(dossier: Dossier) -> None:
    """All of it where somebody with hours to give may do the work, and nothing where nobody may."""
    shifts = shifts_of(dossier)
    for pool in pools(fair_shares(dossier.replace(limits=()), shifts)):
        for column, group in enumerate(pool.groups):
            those = [shift for shift in shifts if shift.group == group]
            takers = [
                gp_id
                for gp_id, wanted in zip(pool.gp_ids, pool.wanted, strict=True)
                if wanted > 0 and any(may_do(dossier, gp_id, shift) for shift in those)
            ]
            asked = sum(shift.hours for shift in those) if takers else 0
            assert pool.hours[:, column].sum() == pytest.approx(asked), group


@examples(60)
@given(sharing_dossiers())
def test_own_limits_hold_and_no_hours_come_from_nowhere(dossier: Dossier) -> None:
    """No target is negative or above an own limit of its burden, and no group gets more than it asks for."""
    shifts = shifts_of(dossier)
    found = fair_shares(dossier, shifts)
    asked: defaultdict[object, float] = defaultdict(float)
    for shift in shifts:
        asked[shift.group] += shift.hours
    for pool in pools(found):
        assert pool.hours.min() >= -1e-9
        for column, group in enumerate(pool.groups):
            assert pool.hours[:, column].sum() <= asked[group] + NEAR
    for limit in dossier.limits:
        if limit.burden in {*dossier.burdens, Burden.STANDBY} and limit.burden is not None:
            assert found.targets.get((limit.gp_id, limit.burden), 0) <= limit.max_hours + NEAR


@examples(60)
@given(sharing_dossiers())
def test_nobody_has_a_target_for_work_that_is_not_allowed(dossier: Dossier) -> None:
    """A cell is empty unless on some duty day the agreement gives the right to that post, role and time of day."""
    shifts = shifts_of(dossier)
    for pool in pools(fair_shares(dossier, shifts)):
        for row, column in zip(*np.nonzero(pool.hours), strict=True):
            of_group = (shift for shift in shifts if shift.group == pool.groups[column])
            assert any(may_do(dossier, pool.gp_ids[row], shift) for shift in of_group)


@examples(60)
@given(sharing_dossiers())
def test_totals_add_up_to_the_demand(dossier: Dossier) -> None:
    """Shares and totals both; who has no part in the pool has no step that gives one."""
    shifts = shifts_of(dossier)
    found = fair_shares(dossier.replace(limits=()), shifts)
    for pool in pools(found):
        asked = sum(shift.hours for shift in shifts if shift.group in pool.groups)
        assert pool.share.sum() == pytest.approx(asked)
        assert pool.wanted.sum() == pytest.approx(asked)
        assert pool.imbalance == pytest.approx(pool.hours.sum(axis=1) - pool.wanted)
    assert {gp_id for gp_id, _ in found.targets} <= {gp_id for gp_id, step in found.steps.items() if step.share > 0}


@examples(40)
@given(sharing_dossiers())
def test_everything_twice_gives_targets_twice(dossier: Dossier) -> None:
    """Demand, agreed hours, balances and limits doubled: nothing but the size changes."""
    double = dossier.replace(
        shift_types=[kind.replace(headcount=2 * kind.headcount) for kind in dossier.shift_types],
        agreements=[row.replace(hours=None if row.hours is None else 2 * row.hours) for row in dossier.agreements],
        balances=[it.replace(hours=2 * it.hours) for it in dossier.balances],
        limits=[it.replace(max_hours=2 * it.max_hours) for it in dossier.limits],
        sharing=dossier.sharing.replace(least_hours=2 * dossier.sharing.least_hours),
    )
    assert alike(targets(dossier), targets(double, 0.5))


@examples(40)
@given(sharing_dossiers(), st.sampled_from((0.125, 3.0, 40.0)))
def test_patients_count_in_proportion_only(dossier: Dossier, factor: float) -> None:
    """A country with more patients in every practice shares alike."""
    more = [practice.replace(patients=factor * practice.patients) for practice in dossier.practices]
    assert alike(targets(dossier), targets(dossier.replace(practices=more)))


@examples(40)
@given(sharing_dossiers(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(dossier: Dossier, lot: object) -> None:
    """GPs, agreements and shift types in any order."""
    fields = {name: list(getattr(dossier, name)) for name in ("gps", "agreements", "shift_types", "practices")}
    for rows in fields.values():
        lot.shuffle(rows)  # type: ignore[attr-defined]
    assert alike(targets(dossier), targets(dossier.replace(**fields)))


@examples(40)
@given(sharing_dossiers(), st.integers(1, 13))
def test_an_agreement_in_two_parts_is_the_same_agreement(dossier: Dossier, after: int) -> None:
    """Renewed without a change, the hours by days: an owner's days and a locum's hours add up, excused days or not."""
    cut = dossier.period.start + after * DAY
    rows = []
    for row in dossier.agreements:
        if row.valid_from < cut <= row.valid_until and cut <= dossier.period.end:
            parts = row.replace(valid_until=cut - DAY), row.replace(valid_from=cut)
            days = [dossier.period.overlap(part.valid_from, part.valid_until) for part in parts]
            for part, count in zip(parts, days, strict=True):
                rows.append(part.replace(hours=None if row.hours is None else row.hours * count / sum(days)))
        else:
            rows.append(row)
    assert alike(targets(dossier), targets(dossier.replace(agreements=rows)))


@examples(40)
@given(sharing_dossiers(), st.sampled_from((0.25, 0.5, 2.0, 4.0)), st.data())
def test_a_preference_never_changes_a_total(dossier: Dossier, factor: float, data: st.DataObject) -> None:
    """Where everyone may do everything on all days, each keeps the total, whoever likes what."""
    days = {"valid_from": dossier.period.start, "valid_until": dossier.period.end}
    everything = {"posts": {"P", "Q"}, "roles": set(dossier.agreements[0].roles), "nights": True}
    rows = {row.gp_id: row.replace(**days, **everything) for row in dossier.agreements}
    gps = [gp.replace(registered_until=None) for gp in dossier.gps]
    equal = dossier.replace(gps=gps, agreements=rows.values(), absences=(), balances=(), limits=(), preferences=())
    gp_id = data.draw(st.sampled_from([gp.id for gp in dossier.gps]))
    liking = Preference(gp_id=gp_id, burden=data.draw(st.sampled_from(Burden)), factor=factor)
    before, after = computed(equal), computed(equal.replace(preferences=(liking,)))
    assume(before.duty is not None)
    for plain, moved in zip(pools(before), pools(after), strict=True):
        assert moved.hours.sum(axis=1) == pytest.approx(plain.hours.sum(axis=1), abs=NEAR)
        assert moved.hours.sum(axis=0) == pytest.approx(plain.hours.sum(axis=0), abs=NEAR)


@examples(40)
@given(sharing_dossiers())
def test_agreed_hours_are_kept_unless_they_exceed_the_demand(dossier: Dossier) -> None:
    """By the day, all by the same factor; shares then add up to the demand wherever an owner can take the rest."""
    shifts = shifts_of(dossier)
    steps = fair_shares(dossier, shifts).steps
    demand = sum(shift.hours for shift in shifts if not shift.is_standby)
    agreed = {gp_id: 0.0 for gp_id in steps}
    for row in dossier.agreements:
        fixed = row.contract in (Contract.LOCUM, Contract.SALARIED)
        days = [day for day in dossier.period.days() if row.covers(day)]
        if fixed and row.gp_id in steps and days:
            agreed[row.gp_id] += (
                (row.hours or 0) * sum(is_duty_day(dossier, row.gp_id, day) for day in days) / len(days)
            )
    factor = min(1, demand / sum(agreed.values())) if any(agreed.values()) else 1
    for gp_id, step in steps.items():
        assert step.share - step.owner_share == pytest.approx(agreed[gp_id] * factor)
        assert step.owner_share >= 0
    if factor < 1 or any(step.owner_hours for step in steps.values()):
        assert sum(step.share for step in steps.values()) == pytest.approx(demand)
