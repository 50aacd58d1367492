"""Build the model of a window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ortools.sat.python import cp_model

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.model.duty import Duty
from scheduler.model.roster_model import RosterModel
from scheduler.model.rules import POST, PRUNE, PRUNE_TRAINEE, Mask
from scheduler.rules import RULES, coverage
from scheduler.rules.lineup import Lineup

ALL_RULES = tuple(rule.name for rule in RULES)
MAY_STAY_OPEN = tuple(name for name in ALL_RULES if name != coverage.NAME)
_NOBODY = Roster(shifts=())

Literals = dict[tuple[str, str], cp_model.IntVar]


def build(
    dossier: Dossier,
    shifts: Sequence[Shift],
    fixed: Roster | None = None,
    gps: Sequence[str] | None = None,
    *,
    rules: Iterable[str] = MAY_STAY_OPEN,
    trainees: Sequence[str] = (),
    allowed: Mapping[str, frozenset[str]] | None = None,
) -> RosterModel:
    """Model who does `shifts`, given who does the shifts of `fixed` (which says nothing of `shifts` themselves).

    `gps` are the GPs who may get a shift (default: all), `trainees` those who may stand beside them; `allowed` narrows
    down, per GP id, the shift ids that get a variable (a GP who is not in it: none). `rules` are the hard rules to
    hold; by default shifts may stay open: minimise `unfilled`, or pass `ALL_RULES` to ask that none does.
    """
    names = frozenset(rules)
    window = tuple(sorted(shifts, key=lambda shift: (shift.starts_at, shift.id)))
    lineup, given = Lineup.of(window), fixed or _NOBODY
    model = cp_model.CpModel()
    gp_ids = tuple(gps) if gps is not None else tuple(gp.id for gp in dossier.gps)
    x = _variables(model, dossier, lineup, gp_ids, [m for n, m in PRUNE.items() if n in names], allowed)
    y = _beside(model, dossier, lineup, trainees, x, [m for n, m in PRUNE_TRAINEE.items() if n in names])
    true, ids = model.new_constant(1), {shift.id for shift in window}
    duties = _duties(window, x, gp_ids, _outside(given.by_gp, gp_ids, ids), true)
    beside = _duties(window, y, trainees, _outside(given.by_trainee, trainees, ids), true)
    roster_model = RosterModel(
        dossier=dossier, shifts=window, model=model, x=x, y=y, unfilled=_one_each(model, window, x),
        duties=duties, beside=beside, true=true, gp_ids=gp_ids, trainee_ids=tuple(trainees),
    )  # fmt: skip
    for name, post in POST.items():
        if name in names:
            post(roster_model)
    roster_model.post_separation()
    return roster_model


def trainees_of(dossier: Dossier) -> tuple[str, ...]:
    """The ids of all trainees of the dossier."""
    return tuple(gp.id for gp in dossier.gps if gp.contract is Contract.TRAINEE)


def _variables(
    model: cp_model.CpModel, dossier: Dossier, lineup: Lineup, gp_ids: Sequence[str], masks: Sequence[Mask],
    allowed: Mapping[str, frozenset[str]] | None,
) -> Literals:  # fmt: skip
    found: Literals = {}
    for gp_id in gp_ids:
        only = None if allowed is None else allowed.get(gp_id, frozenset())
        for shift in _able(dossier, lineup, gp_id, masks):
            if only is None or shift.id in only:
                found[shift.id, gp_id] = model.new_bool_var("")
    return found


def _beside(
    model: cp_model.CpModel, dossier: Dossier, lineup: Lineup, trainees: Sequence[str], x: Literals,
    masks: Sequence[Mask],
) -> Literals:  # fmt: skip
    found: Literals = {}
    for trainee_id in trainees:
        trainer = dossier.gp_by_id[trainee_id].trainer_gp_id or ""
        for shift in _able(dossier, lineup, trainee_id, masks):
            if (shift.id, trainer) in x:
                found[shift.id, trainee_id] = model.new_bool_var("")
    return found


def _able(dossier: Dossier, lineup: Lineup, gp_id: str, masks: Sequence[Mask]) -> Iterable[Shift]:
    """The shifts that no rule on one doctor and one shift rules out."""
    found = [mask(dossier, gp_id, lineup) for mask in masks]
    for index, shift in enumerate(lineup.shifts):
        if all(mask[index] for mask in found):
            yield shift


def _outside(
    by_doctor: Mapping[str, tuple[Shift, ...]], doctors: Sequence[str], window: set[str]
) -> dict[str, list[Shift]]:
    return {one: [shift for shift in by_doctor.get(one, ()) if shift.id not in window] for one in doctors}


def _duties(
    window: Sequence[Shift], literals: Literals, doctors: Sequence[str], given: Mapping[str, Sequence[Shift]],
    true: cp_model.IntVar,
) -> dict[str, list[Duty]]:  # fmt: skip
    found = {doctor: [Duty(shift, true, True) for shift in given[doctor]] for doctor in doctors}
    by_id = {shift.id: shift for shift in window}
    for (shift_id, doctor), literal in literals.items():
        found[doctor].append(Duty(by_id[shift_id], literal, False))
    for duties in found.values():
        duties.sort(key=lambda duty: (duty.shift.starts_at, duty.shift.id))
    return found


def _one_each(model: cp_model.CpModel, window: Sequence[Shift], x: Literals) -> dict[str, cp_model.IntVar]:
    """A shift has one GP or stays open."""
    candidates: dict[str, list[cp_model.IntVar]] = {shift.id: [] for shift in window}
    for (shift_id, _), literal in x.items():
        candidates[shift_id].append(literal)
    unfilled = {shift.id: model.new_bool_var("") for shift in window}
    for shift_id, literals in candidates.items():
        model.add_exactly_one(*literals, unfilled[shift_id])
    return unfilled
