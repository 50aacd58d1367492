"""Structural imbalances: totals that no roster can give, because of who may do what, and what would end that."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden, Shift, ShiftGroup
from scheduler.domain.value import Value
from scheduler.explain.remedies import MOST_NAMED, Remedy, Unevenness, remedies
from scheduler.explain.supply import Side, supply_of
from scheduler.explain.words import counted, listed
from scheduler.fair_shares import FairShares
from scheduler.messages import text
from scheduler.messages.dutch import figure


class Imbalance(Value):
    """GPs who must do more than their totals because too few may do this work, or less because they may do no other.

    `group_hours` is the work of the groups, `wanted_hours` the sum of these GPs' totals, `hours` the difference. For
    a set of groups and all who may do any of them these GPs together do at least that work, whatever others take
    over. `remedies` would end it, the smallest first; empty where nothing that was tried is enough. Without GPs nobody
    may do the work; without groups the GPs' own limits leave them nothing to do.
    """

    side: Side
    groups: tuple[ShiftGroup, ...]
    gp_ids: tuple[str, ...]
    group_hours: float
    wanted_hours: float
    hours: float
    remedies: tuple[Remedy, ...] = ()

    @property
    def load(self) -> float:
        """What these GPs do as a multiple of their totals; infinite where nobody may do the work."""
        return self.group_hours / self.wanted_hours if self.wanted_hours > 0 else float("inf")

    @property
    def text(self) -> str:
        """Who, what, how much and what would end it, in Dutch."""
        told = counted(
            f"explain.imbalance.{self._kind()}",
            len(self.gp_ids),
            gps=listed(self.gp_ids, MOST_NAMED),
            work=work_name(self.groups),
            work_hours=figure(self.group_hours, 0),
            wanted=figure(self.wanted_hours, 0),
            hours=figure(self.hours, 0),
            load=figure(self.load, 2),
        )
        ways = [remedy.text for remedy in self.remedies]
        if self.gp_ids and self.groups and not ways:
            ways = [text("explain.imbalance.no_remedy")]
        return " ".join([told, *ways[:1], *ways[1:][-1:]])

    def _kind(self) -> str:
        if not self.gp_ids:
            return "nobody"
        return self.side.value if self.groups else "limits"


def structural_imbalances(
    dossier: Dossier, shares: FairShares, shifts: Sequence[Shift] | None = None
) -> tuple[Imbalance, ...]:
    """Every imbalance of more than a hundredth of its work and half a shift, the one of most hours first.

    `shares` are the fair shares of the dossier; `shifts`, the whole demand, is made from it where it is not given.
    """
    demand = shifts_of(dossier) if shifts is None else shifts
    found = []
    for standby in (False, True):
        supply = supply_of(dossier, shares, demand, standby=standby)
        for block, side in supply.uneven():
            case = Unevenness(dossier, shares, supply, block, side, demand)
            found.append(_imbalance(case))
    return tuple(sorted(found, key=lambda those: (-those.hours, those.groups)))


def _imbalance(case: Unevenness) -> Imbalance:
    supply, block = case.supply, case.block
    return Imbalance(
        side=case.side,
        groups=tuple(supply.groups[column] for column in block.groups),
        gp_ids=tuple(supply.gp_ids[row] for row in block.gps),
        group_hours=block.hours,
        wanted_hours=block.wanted,
        hours=abs(block.hours - block.wanted),
        remedies=remedies(case),
    )


def work_name(groups: Sequence[ShiftGroup]) -> str:
    """A name for shift groups: the roles, posts and burdens that occur in them."""
    burdens = [burden for burden in Burden if any(group.burden is burden for group in groups)]
    roles = [role for role in Role if any(group.role is role for group in groups)]
    told = text(
        "explain.work",
        roles=listed([text(f"terms.role.{role.value}") for role in roles]),
        posts=listed(sorted({group.post_id for group in groups})),
    )
    if burdens == [Burden.STANDBY]:
        return text("explain.work_nights", work=told) if all(group.is_night for group in groups) else told
    return text("explain.work_burdens", work=told, burdens=listed([text(f"terms.burden.{b.value}") for b in burdens]))
