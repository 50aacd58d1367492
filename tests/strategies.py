"""Random small dossiers and rosters for property tests.

- `dossiers()` draws a dossier of a few weeks with two to four GPs and, often, a trainee. The limits of its rules are
  drawn at, just under and just over what its shifts can reach (a gap of exactly the rest that is needed, a sum of
  exactly the hours that are allowed), so that a `<` which should be `<=` comes to light. Switches (`forbid`, `avoid`,
  `ignore`), absences, wishes, duties at other HDSs, clinic days, own limits, past holidays and agreements that end or
  leave out nights are drawn too.
- `rosters(dossier)` draws a roster for `shifts_of(dossier)`, legal or not: every shift open, or with any GP of the
  dossier; trainees mostly beside their own trainer. `rosters(dossier, able=True)` gives shifts to GPs who may do them
  by agreement and absence, so that the rules on time are what breaks.
- `shift_sets(dossier)` draws shifts for one GP in order of start, in clusters, for rules about one GP's duties.

    @given(st.data())
    def test_something(data):
        dossier = data.draw(dossiers())
        roster = data.draw(rosters(dossier))
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from hypothesis import strategies as st

from scheduler.demand import shifts_of
from scheduler.domain.availability import Absence, BusyElsewhere, Limit, PastHoliday, Wish, WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import GP, Agreement, Contract, Role
from scheduler.domain.roster import Roster
from scheduler.domain.settings import RuleParameters, Strictness, Weights
from scheduler.domain.shift import Burden, Shift, ShiftType
from scheduler.domain.time import Period, local
from scheduler.rules import absence, may_work
from scheduler.rules.lineup import Lineup
from tests.duty_builders import a_dossier, a_gp, a_shift, a_shift_type, an_agreement

# New Year, Easter with the clock going forward, the clock going back, Christmas.
STARTS = (date(2026, 12, 21), date(2027, 3, 22), date(2027, 10, 25), date(2027, 12, 20), date(2027, 6, 7))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


@st.composite
def rule_parameters(draw: st.DrawFn) -> RuleParameters:
    """Limits at, just under and just over what evening, night, day and late shifts can reach."""
    at = st.sampled_from
    return RuleParameters(
        # Gaps that occur: 0 (16 to 16), 1 (16 to 17), 9 (08 to 17 and 23 to 08), 15 (08 to 23), 18 (23 to 17).
        min_rest_hours=draw(at((0, 0.5, 1, 8.75, 9, 9.25, 11, 15))),
        rest_after_night_hours=draw(at((0, 8.75, 9, 9.25, 14, 14.75, 15, 15.25, 24))),
        max_consecutive_nights=draw(st.integers(1, 4)),
        # After a night: 24 (08 to 08), 33 (to 17 the day after), 39 (to 23), 48 and 57 beyond.
        rest_after_night_series_hours=draw(at((9, 23.75, 24, 24.25, 32.75, 33, 33.25, 39, 39.25, 46, 48, 57.25))),
        max_shifts_per_week=draw(st.integers(1, 4)),
        # Sums of 6, 7, 8 and 9 h, with an hour more or less on the nights of the clock change.
        max_hours_per_4_weeks=draw(at((6, 11.75, 12, 14, 15, 16, 17.75, 18, 20, 21, 24, 26.75, 27, 28, 36))),
        max_weekends_in_5=draw(st.integers(0, 4)),
        night_before_clinic=draw(at(Strictness)),
        saturday_and_sunday=draw(at(Strictness)),
        christmas_and_new_year=draw(at(Strictness)),
    )


@st.composite
def shift_types(draw: st.DrawFn) -> tuple[ShiftType, ...]:
    """One to three kinds of shift, on all or on some days, standby among them now and then."""
    names = draw(st.lists(st.sampled_from(("night", "evening", "day", "late")), min_size=1, max_size=3, unique=True))
    found = []
    for name in names:
        role = draw(st.sampled_from((Role.CONSULT, Role.CONSULT, Role.CONSULT, Role.STANDBY, Role.LEAD)))
        days = draw(st.sampled_from((None, {"saturday", "sunday", "holiday"}, {"weekday"}, {"mon", "wed", "saturday"})))
        fields: dict[str, Any] = {"days": frozenset(days)} if days else {}
        found.append(a_shift_type(name, role=role, headcount=draw(st.sampled_from((1, 1, 2))), **fields))
    if draw(st.booleans()):
        found.append(
            a_shift_type("night", id="P1-consult-short", start=time(0, 30), end=time(7), days=frozenset({"tue"}))
        )
    return tuple(found)


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    """A dossier of 3 to 37 days with two to four GPs, limits at the edge, and now and then a trainee."""
    start = draw(st.sampled_from(STARTS))
    period = Period(start=start, end=start + timedelta(days=draw(st.sampled_from((2, 6, 9, 13, 13, 29, 36)))))
    gps = [_gp(draw, number, period) for number in range(1, draw(st.integers(2, 4)) + 1)]
    agreements = [_agreement(draw, gp, period) for gp in gps]
    if draw(st.booleans()):
        gps.append(a_gp("T1", Contract.TRAINEE, trainer_gp_id="G1"))
        hours = draw(st.sampled_from((6.0, 9.0, 17.75, 18.0, 40.0)))
        agreements.append(an_agreement("T1", Contract.TRAINEE, hours=hours, nights=draw(st.booleans())))
    ids = st.sampled_from([gp.id for gp in gps])
    return a_dossier(
        *gps,
        agreements=tuple(agreements),
        period=period,
        rules=draw(rule_parameters()).model_dump(),
        weights=draw(_weights()),
        shift_types=draw(shift_types()),
        absences=tuple(draw(st.lists(_absence(ids, period), max_size=2))),
        wishes=tuple(draw(st.lists(_wish(ids, period), max_size=3))),
        limits=tuple(draw(st.lists(_limit(ids), max_size=2, unique_by=lambda limit: (limit.gp_id, limit.burden)))),
        clinic_days=draw(st.dictionaries(ids, st.frozensets(st.sampled_from(WEEKDAYS), min_size=1), max_size=3)),
        past_holidays=tuple(draw(st.lists(_past_holiday(ids), max_size=3, unique=True))),
        elsewhere=tuple(draw(st.one_of(st.just([]), st.lists(_elsewhere(ids, period), max_size=8)))),
    )


@st.composite
def rosters(draw: st.DrawFn, dossier: Dossier, *, able: bool = False) -> Roster:
    """A roster for the demand of `dossier`, legal or not; with `able`, unary rules are kept for GPs."""
    shifts = shifts_of(dossier)
    masks = _able(dossier, shifts)
    busy = draw(st.integers(1, 4))
    gp_of, trainee_of = {}, {}
    for index, shift in enumerate(shifts):
        doctors = [gp.id for gp in dossier.gps if masks[gp.id][index]] if able else [gp.id for gp in dossier.gps]
        if doctors and draw(st.integers(0, 4)) < busy:
            gp_of[shift.id] = draw(st.sampled_from(doctors))
            trainee = _trainee(draw, dossier, gp_of[shift.id])
            if trainee is not None:
                trainee_of[shift.id] = trainee
    return Roster(shifts=shifts, gp_of=gp_of, trainee_of=trainee_of)


@st.composite
def shift_sets(draw: st.DrawFn, dossier: Dossier) -> tuple[Shift, ...]:
    """Some of the shifts of `dossier`, in order of start, close together more often than chance would have it."""
    shifts = shifts_of(dossier)
    chosen: set[int] = set()
    for _ in range(draw(st.integers(1, 3))):
        first = draw(st.integers(0, max(0, len(shifts) - 1)))
        chosen |= {first + step for step in draw(st.sets(st.integers(0, 14), max_size=8)) if first + step < len(shifts)}
    return tuple(shifts[index] for index in sorted(chosen))


def _able(dossier: Dossier, shifts: tuple[Shift, ...]) -> dict[str, list[bool]]:
    lineup = Lineup.of(shifts)
    masks = (may_work.mask, absence.mask)
    return {
        gp.id: [all(both) for both in zip(*(mask(dossier, gp.id, lineup) for mask in masks), strict=True)]
        for gp in dossier.gps
    }


def _gp(draw: st.DrawFn, number: int, period: Period) -> GP:
    contract = draw(st.sampled_from((Contract.LOCUM, Contract.SALARIED, Contract.PRACTICE_OWNER)))
    registered = draw(st.sampled_from((None, None, None, period.start + timedelta(days=5))))
    return a_gp(f"G{number}", contract, practice_id="H1", registered_until=registered)


def _agreement(draw: st.DrawFn, gp: GP, period: Period) -> Agreement:
    fields: dict[str, Any] = draw(
        st.sampled_from(
            (
                {},
                {},
                {},
                {"nights": False},
                {"valid_from": period.start + timedelta(days=2)},
                {"valid_until": period.start + timedelta(days=4)},
                {"roles": frozenset({Role.CONSULT})},
            )
        )
    )
    return an_agreement(gp.id, gp.contract, **fields)


def _weights() -> st.SearchStrategy[Weights]:
    weight = st.sampled_from((0.0, 1.0, 2.5, 4.0))
    return st.builds(Weights, **{name: weight for name in Weights.model_fields})


@st.composite
def _interval(draw: st.DrawFn, period: Period) -> dict[str, Any]:
    """An interval whose ends often fall together with the end or the start of a shift."""
    clock = st.sampled_from((time(0), time(8), time(12), time(16), time(17), time(23)))
    first = period.start + timedelta(days=draw(st.integers(0, period.length - 1)))
    start, end = local(first, draw(clock)), local(first + timedelta(days=draw(st.integers(1, 5))), draw(clock))
    return {"start": start, "end": end}


@st.composite
def _absence(draw: st.DrawFn, ids: st.SearchStrategy[str], period: Period) -> Absence:
    return Absence(gp_id=draw(ids), **draw(_interval(period)))


@st.composite
def _elsewhere(draw: st.DrawFn, ids: st.SearchStrategy[str], period: Period) -> BusyElsewhere:
    """A duty at another HDS, of the kinds that are here too, on a day of the period or just outside it."""
    day = period.start + timedelta(days=draw(st.integers(-4, period.length + 3)))
    shift = a_shift(day, draw(st.sampled_from(("night", "night", "evening", "day", "late"))))
    standby = draw(st.sampled_from((False, False, False, True)))
    return BusyElsewhere(gp_id=draw(ids), start=shift.start, end=shift.end, is_night=shift.is_night, is_standby=standby)


@st.composite
def _wish(draw: st.DrawFn, ids: st.SearchStrategy[str], period: Period) -> Wish:
    wish, weight = draw(st.sampled_from(WishKind)), draw(st.integers(1, 10))
    return Wish(gp_id=draw(ids), wish=wish, weight=weight, **draw(_interval(period)))


@st.composite
def _limit(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> Limit:
    burden = draw(st.sampled_from((None, *Burden)))
    return Limit(
        gp_id=draw(ids), burden=burden, max_hours=draw(st.sampled_from((0.0, 6.0, 8.75, 9.0, 17.0, 18.0, 26.0)))
    )


@st.composite
def _past_holiday(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> PastHoliday:
    days = ((2025, 12, 25), (2026, 12, 24), (2026, 12, 25), (2026, 12, 26), (2026, 12, 31), (2026, 1, 1), (2026, 4, 5))
    return PastHoliday(gp_id=draw(ids), date=date(*draw(st.sampled_from(days))))


def _trainee(draw: st.DrawFn, dossier: Dossier, gp_id: str) -> str | None:
    trainees = [gp for gp in dossier.gps if gp.contract is Contract.TRAINEE]
    if not trainees:
        return None
    own = trainees[0].trainer_gp_id == gp_id
    return trainees[0].id if draw(st.integers(0, 9)) < (5 if own else 1) else None
