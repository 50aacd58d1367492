"""Coverage and fairness of the roster in force, in figures that name nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables.rosters import RosterVersion
from api.rosters import force_repository as force
from api.rosters.filters import Filters
from api.rosters.force_schemas import BurdenSpread, ClassShare, Coverage, Outside, RosterSpread, Tally
from api.rosters.mapping import read_duties
from api.rosters.opened import opened
from api.rosters.published_shares import shares_as_published
from scheduler.domain.people import Contract
from scheduler.domain.shift import Burden
from scheduler.domain.time import HOUR

DECIMALS = 4


def coverage_of(session: Session, hds_id: str, filters: Filters) -> Coverage:
    """The figures of the duties in force that pass the filters; those of `rosters` are always of whole periods."""
    rows = force.duties_in_force(session, hds_id, filters)
    contracts = force.contracts(session, {row.dossier_id for row in rows})
    return Coverage(
        whole=_tally("all", rows),
        by_post=_tallies(rows, lambda row: row.post_id),
        by_role=_tallies(rows, lambda row: row.role),
        by_burden=_tallies(rows, lambda row: row.burden, list(Burden)),
        by_month=_tallies(rows, lambda row: f"{local(row.starts_at):%Y-%m}"),
        by_standby=_by_standby(rows, force.called_for(session, hds_id), force.worked_by_others(session, hds_id)),
        by_contract=list(_classes(rows, contracts)),
        outside_roster=_outside(rows),
        rosters=[_spread(session, version) for version in force.versions_in_force(session, hds_id)],
    )


def _hours(rows: Sequence[Any]) -> float:
    elapsed: timedelta = sum((row.ends_at - row.starts_at for row in rows), timedelta(0))
    return elapsed / HOUR


def _filled(rows: Sequence[Any]) -> list[Any]:
    return [row for row in rows if row.performer_number is not None]


def _tally(key: str, rows: Sequence[Any]) -> Tally:
    filled = _filled(rows)
    return Tally(key=key, shifts=len(rows), filled=len(filled), hours=_hours(rows), filled_hours=_hours(filled))


def _by_standby(rows: Sequence[Any], called: Mapping[str, timedelta], by_others: frozenset[str]) -> Tally:
    """Of a call that was only told by its hours it is not known for which shift: then it is the whole of one."""
    done = [
        row for row in rows if row.performer_number is None and (row.shift_id in called or row.shift_id in by_others)
    ]
    worked: timedelta = sum((called.get(row.shift_id, row.ends_at - row.starts_at) for row in done), timedelta(0))
    return Tally(key="standby", shifts=len(done), filled=len(done), hours=_hours(done), filled_hours=worked / HOUR)


def _tallies(rows: Sequence[Any], key: Callable[[Any], str], order: Sequence[str] | None = None) -> list[Tally]:
    grouped: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[key(row)].append(row)
    keys = sorted(grouped) if order is None else [one for one in order if one in grouped]
    return [_tally(one, grouped[one]) for one in keys]


def _classes(rows: Sequence[Any], contracts: Mapping[tuple[int, int], str]) -> Iterator[ClassShare]:
    filled = _filled(rows)
    grouped: defaultdict[str, list[Any]] = defaultdict(list)
    for row in filled:
        grouped[contracts.get((row.dossier_id, row.performer_number), "unknown")].append(row)
    whole = _hours(filled)
    for contract in (*Contract, "unknown"):
        if contract in grouped:
            own = grouped[contract]
            gps = len({row.performer_number for row in own})
            yield ClassShare(contract=contract, gps=gps, hours=_hours(own), share=_share(_hours(own), whole))


def _outside(rows: Sequence[Any]) -> Outside:
    filled = _filled(rows)
    outside = [row for row in filled if row.performer_number != row.responsible_number]
    return Outside(
        shifts=len(outside),
        hours=_hours(outside),
        share_of_shifts=_share(len(outside), len(filled)),
        share_of_hours=_share(_hours(outside), _hours(filled)),
    )


def _share(part: float, whole: float) -> float:
    return round(part / whole, DECIMALS) if whole else 0.0


def _spread(session: Session, version: RosterVersion) -> RosterSpread:
    from scheduler.fairness import measure

    basis = opened(session, version.snapshot)
    roster = read_duties(session, version.hds_id, version.dossier_id)
    fairness = measure(basis.dossier, roster, shares_as_published(session, version, roster.shifts).targets)
    bounds = version.proof.get("deviation_bound", {})
    return RosterSpread(
        dossier_id=version.dossier_id,
        start=basis.dossier.period.start,
        end=basis.dossier.period.end,
        largest_deviation=round(max((found.largest for found in fairness.values()), default=0.0), DECIMALS),
        burdens=[
            BurdenSpread(
                burden=burden, largest_deviation=round(found.largest, DECIMALS), lower_bound=bounds.get(burden.value)
            )
            for burden, found in fairness.items()
        ],
    )
