"""How the duties are shared: per class and per GP, assigned against target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import GP, QUALIFIED, Contract
from scheduler.domain.shift import Burden
from scheduler.fairness import GpFairness
from scheduler.report.judgement import Judgement

NOTHING = GpFairness(target=0, assigned=0, deviation=0)


@dataclass(frozen=True)
class GpRow:
    """One GP in the table of shares."""

    gp: GP
    contract: Contract
    shifts: int
    cells: Mapping[Burden, GpFairness]

    @cached_property
    def total(self) -> tuple[float, float]:
        """Target and assigned hours of all burdens but standby."""
        on_duty = [cell for burden, cell in self.cells.items() if burden is not Burden.STANDBY]
        return sum(cell.target for cell in on_duty), sum(cell.assigned for cell in on_duty)

    @cached_property
    def worst(self) -> float:
        """The largest deviation in any burden, in shifts, without sign."""
        return max((abs(cell.deviation) for cell in self.cells.values()), default=0.0)


@dataclass(frozen=True)
class ClassRow:
    """One class of GPs: how many, and (target, assigned) hours per burden."""

    contract: Contract
    gps: int
    shifts: int
    cells: Mapping[Burden, tuple[float, float]]
    total: tuple[float, float]


def contract_of(dossier: Dossier, gp: GP) -> Contract:
    """The class under which a GP is in duty for most of the period, or the class on the list if never."""
    days: defaultdict[Contract, int] = defaultdict(int)
    for agreement in dossier.agreements_by_gp.get(gp.id, ()):
        if agreement.contract in QUALIFIED:
            days[agreement.contract] += dossier.period.overlap(agreement.valid_from, agreement.valid_until)
    return max(days, key=lambda contract: days[contract]) if days else gp.contract


def gp_rows(dossier: Dossier, judgement: Judgement) -> list[GpRow]:
    """A row for each GP with a target or a shift, in the order of the dossier."""
    by_gp = judgement.result.roster.by_gp
    involved = {gp_id for measure in judgement.fairness.values() for gp_id in measure.per_gp}
    return [
        GpRow(gp, contract_of(dossier, gp), len(by_gp.get(gp.id, ())), _cells(judgement, gp.id))
        for gp in dossier.gps
        if gp.id in involved
    ]


def class_rows(rows: Sequence[GpRow]) -> list[ClassRow]:
    """The rows of the GPs added up per class, in the order of the classes."""
    found = []
    for contract in Contract:
        those = [row for row in rows if row.contract is contract]
        if not those:
            continue
        burdens = those[0].cells
        cells = {
            burden: (sum(r.cells[burden].target for r in those), sum(r.cells[burden].assigned for r in those))
            for burden in burdens
        }
        total = sum(row.total[0] for row in those), sum(row.total[1] for row in those)
        found.append(ClassRow(contract, len(those), sum(row.shifts for row in those), cells, total))
    return found


def within_one_shift(rows: Sequence[GpRow]) -> int:
    """How many GPs lie less than one shift from the target in every burden."""
    return sum(row.worst < 1 for row in rows)


def _cells(judgement: Judgement, gp_id: str) -> dict[Burden, GpFairness]:
    return {burden: measure.per_gp.get(gp_id, NOTHING) for burden, measure in judgement.fairness.items()}
