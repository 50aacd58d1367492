"""What would end a structural imbalance: the fewest GPs with one more right, or more agreed hours, truly computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations
from math import ceil

import numpy as np

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import GP, QUALIFIED, Agreement, Contract, Role
from scheduler.domain.shift import Shift, ShiftGroup
from scheduler.domain.value import Value
from scheduler.explain.blocks import Block
from scheduler.explain.supply import Side, Supply, supply_of
from scheduler.explain.words import counted, listed
from scheduler.fair_shares import FairShares, compute_reach, fair_shares
from scheduler.fair_shares.totals import may_do, total_steps
from scheduler.messages import text
from scheduler.messages.dutch import figure

MOST_NAMED = 5
_NEWCOMER = "*"
# Hours of a newcomer beyond this multiple of the imbalance would only push others out.
_MOST_EXTRA = 4


class Remedy(Value):
    """A change of the dossier that would end an imbalance.

    Either the rights named (roles, posts, nights) for the GPs in `gp_ids`, or `extra_hours` agreed hours of someone
    who has all rights that the work asks for.
    """

    roles: tuple[Role, ...] = ()
    posts: tuple[str, ...] = ()
    nights: bool = False
    gp_ids: tuple[str, ...] = ()
    extra_hours: float = 0.0

    @property
    def text(self) -> str:
        """What to do, as one Dutch sentence."""
        rights = listed(list(self._rights()))
        if self.extra_hours:
            return text("explain.remedy.hours", hours=figure(self.extra_hours, 0), rights=rights)
        return counted("explain.remedy.gps", len(self.gp_ids), rights=rights, gps=listed(self.gp_ids, MOST_NAMED))

    def _rights(self) -> Iterator[str]:
        for role in self.roles:
            yield text("explain.remedy.role", role=text(f"terms.role.{role.value}"))
        for post in self.posts:
            yield text("explain.remedy.post", post=post)
        if self.nights:
            yield text("explain.remedy.nights")


@dataclass(frozen=True)
class Unevenness:
    """An imbalance with all that a search for its remedies needs; `shifts` is the whole demand."""

    dossier: Dossier
    shares: FairShares
    supply: Supply
    block: Block
    side: Side
    shifts: Sequence[Shift]

    @property
    def is_standby(self) -> bool:
        """Whether this is about the pool of standby hours."""
        return self.supply.groups[0].role is Role.STANDBY

    @cached_property
    def gp_ids(self) -> frozenset[str]:
        """The GPs who are off their totals."""
        return frozenset(self.supply.gp_ids[row] for row in self.block.gps)

    @cached_property
    def asked_for(self) -> frozenset[ShiftGroup]:
        """The groups that more GPs should be able to do: the scarce work, or all work done by GPs who do too much."""
        if self.side is Side.SCARCE:
            return frozenset(self.supply.groups[column] for column in self.block.groups)
        heavier = (those for those in self.supply.blocks if those.load > self.block.load)
        return frozenset(self.supply.groups[column] for those in heavier for column in those.groups)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The GPs who could be given a right, those furthest below their total first, then those of most hours."""
        below = dict(zip(self.supply.gp_ids, (self.supply.reached - self.supply.wanted).tolist(), strict=True))
        inside = self.side is Side.SURPLUS
        able = (gp_id for gp_id, step in self.shares.steps.items() if step.share > 0)
        those = (gp_id for gp_id in able if (gp_id in self.gp_ids) == inside)
        return tuple(sorted(those, key=lambda gp: (below.get(gp, 0.0), -self.shares.steps[gp].share, gp)))

    def ended_in(self, dossier: Dossier) -> bool:
        """Whether this imbalance is gone, under its threshold, from the fair shares of a changed dossier."""
        shares = fair_shares(dossier, self.shifts)
        return self.is_gone(supply_of(dossier, shares, self.shifts, standby=self.is_standby))

    def is_gone(self, supply: Supply) -> bool:
        """The same asked of a changed supply: fast, for a search."""
        if self.side is Side.SCARCE:
            asked_for = {self.supply.groups[column] for column in self.block.groups}
            left = supply.overload(lambda group: group in asked_for)
        else:
            left = supply.underload(lambda gp_id: gp_id in self.gp_ids)
        return left <= self.supply.threshold(self.block)


def remedies(case: Unevenness) -> tuple[Remedy, ...]:
    """The changes that would end the imbalance, the one for the fewest GPs first, more agreed hours last.

    One right is tried before two together; each is confirmed by computing the fair shares anew. Where nobody shares in
    the work at all there is no telling how many should, and where own limits are the cause no right helps.
    """
    if not case.supply.gp_ids or not case.block.groups:
        return ()
    rights = list(_rights(case.asked_for))
    found = [remedy for right in rights if (remedy := _fewest(case, [right])) is not None]
    if not found:
        pairs = (list(pair) for pair in combinations(rights, 2))
        found = [remedy for pair in pairs if (remedy := _fewest(case, pair)) is not None]
    extra = _extra_hours(case)
    return (*sorted(found, key=lambda remedy: len(remedy.gp_ids)), *([extra] if extra else []))


def _rights(groups: frozenset[ShiftGroup]) -> Iterator[Remedy]:
    """Each single right that the work asks for."""
    for role in sorted({group.role for group in groups}):
        yield Remedy(roles=(role,))
    for post in sorted({group.post_id for group in groups}):
        yield Remedy(posts=(post,))
    if any(group.is_night for group in groups):
        yield Remedy(nights=True)


def _fewest(case: Unevenness, rights: Sequence[Remedy]) -> Remedy | None:
    """The fewest GPs to whom the rights must be given, in the order of need; None where even all are not enough."""
    right = _together(rights)
    groups, everybody = case.supply.groups, _granted(case.dossier, right, set(case.order))
    before = may_do(case.shares.reach, groups)
    after = may_do(compute_reach(everybody, case.shifts), groups)
    able = [gp_id for gp_id in case.order if (after[gp_id] - before[gp_id]) & case.asked_for]
    count = _bisected(len(able), lambda n: case.is_gone(_widened(case, before, after, able[:n])))
    while count is not None:
        granted = _granted(case.dossier, right, set(able[:count]))
        if case.ended_in(granted):
            return right.replace(gp_ids=tuple(able[:count]))
        count = min(count + max(1, count // 10), len(able)) if count < len(able) else None
    return None


def _together(rights: Sequence[Remedy]) -> Remedy:
    return Remedy(
        roles=tuple(chain.from_iterable(each.roles for each in rights)),
        posts=tuple(chain.from_iterable(each.posts for each in rights)),
        nights=any(each.nights for each in rights),
    )


def _bisected(most: int, enough: Callable[[int], bool]) -> int | None:
    """The smallest number from 1 to `most` that is enough, more never being worse; None where `most` is not."""
    if most < 1 or not enough(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _granted(dossier: Dossier, right: Remedy, gp_ids: set[str]) -> Dossier:
    """The dossier with the rights in every agreement of these GPs."""
    return dossier.replace(
        agreements=tuple(
            _with_right(row, right) if row.gp_id in gp_ids and row.contract in QUALIFIED else row
            for row in dossier.agreements
        )
    )


def _with_right(row: Agreement, right: Remedy) -> Agreement:
    return row.replace(
        posts=row.posts | set(right.posts), roles=row.roles | set(right.roles), nights=row.nights or right.nights
    )


def _widened(
    case: Unevenness,
    before: Mapping[str, frozenset[ShiftGroup]],
    after: Mapping[str, frozenset[ShiftGroup]],
    gp_ids: Sequence[str],
) -> Supply:
    """The supply in which these GPs have their new rights; who joins the pool gets a total in proportion."""
    base = case.supply
    joining = tuple(gp_id for gp_id in gp_ids if gp_id not in set(base.gp_ids))
    row_of = {gp_id: row for row, gp_id in enumerate(base.gp_ids + joining)}
    may = np.vstack([base.may, np.zeros((len(joining), len(base.groups)), dtype=bool)])
    for gp_id in gp_ids:
        may[row_of[gp_id]] |= [group in after[gp_id] - before[gp_id] for group in base.groups]
    share = np.array([case.shares.steps[gp_id].share for gp_id in row_of])
    here = len(base.gp_ids)
    each = float(base.wanted.sum() / share[:here].sum()) if here else 1.0
    wanted = np.concatenate([base.wanted, share[here:] * each])
    whole = base.wanted.sum() if here else base.hours.sum()
    return replace(base, gp_ids=tuple(row_of), may=may, wanted=wanted * (whole / wanted.sum()))


def _extra_hours(case: Unevenness) -> Remedy | None:
    """The fewest agreed hours, to a twentieth of the imbalance, of a newcomer who may do all the scarce work."""
    if case.side is not Side.SCARCE or case.is_standby:
        return None
    need = case.block.hours - case.block.wanted

    def enough(twentieths: int) -> bool:
        wider = _with_newcomer(case, need * twentieths / 20)
        return case.is_gone(_supply_with_newcomer(case, wider))

    count = _bisected(20 * _MOST_EXTRA, enough)
    while count is not None and count <= 20 * _MOST_EXTRA:
        hours = float(ceil(need * count / 20))
        if case.ended_in(_with_newcomer(case, hours)):
            return _all_rights(case).replace(extra_hours=hours)
        count += 1
    return None


def _all_rights(case: Unevenness) -> Remedy:
    return _together(list(_rights(case.asked_for)))


def _with_newcomer(case: Unevenness, hours: float) -> Dossier:
    dossier, rights = case.dossier, _all_rights(case)
    newcomer = GP(id=_NEWCOMER, name=_NEWCOMER, contract=Contract.LOCUM)
    agreement = Agreement(
        gp_id=_NEWCOMER,
        valid_from=dossier.period.start,
        valid_until=dossier.period.end,
        posts=frozenset(rights.posts),
        roles=frozenset(rights.roles),
        hours=hours,
        nights=rights.nights,
        contract=Contract.LOCUM,
    )
    return dossier.replace(gps=(*dossier.gps, newcomer), agreements=(*dossier.agreements, agreement))


def _supply_with_newcomer(case: Unevenness, wider: Dossier) -> Supply:
    """The supply with a newcomer; the totals of the others change as their shares do."""
    base = case.supply
    reach = compute_reach(wider, case.shifts)
    allowed, steps = may_do(reach, base.groups), total_steps(wider, case.shifts, reach)
    change = [steps[gp_id].share / case.shares.steps[gp_id].share for gp_id in base.gp_ids]
    may = np.vstack([base.may, [group in allowed[_NEWCOMER] for group in base.groups]])
    wanted = np.append(base.wanted * change, steps[_NEWCOMER].share)
    return replace(base, gp_ids=(*base.gp_ids, _NEWCOMER), may=may, wanted=wanted)
