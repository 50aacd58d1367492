"""Random small dossiers in which everything that the fair shares look at is drawn.

`sharing_dossiers()` draws one or two weeks at two posts with up to six GPs of every class: practices of any size,
agreements that start late, end early, change class or rights halfway or leave out posts, roles or nights, partners of
unlike weight, absences that are excused or not, registrations that end, each owner key, least hours, and balances,
preferences and own limits for whoever they hit, of burdens that the period may not have. Now and then a burden is left
out of the fairness, or nobody may do some of the work.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from scheduler.domain.availability import Absence, Balance, Limit, Preference
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import GP, Agreement, Contract, Post, Practice, Role
from scheduler.domain.settings import OwnerKey, SharingSettings
from scheduler.domain.shift import Burden, ShiftType
from scheduler.domain.time import Period, local
from tests import builders
from tests.builders import agreement, gp, shift_type

# A plain fortnight, Easter with the clock going forward, May with three holidays, and Christmas.
STARTS = (date(2027, 1, 4), date(2027, 3, 22), date(2027, 5, 1), date(2027, 12, 20))
QUALIFIED = (Contract.PRACTICE_OWNER, Contract.PRACTICE_OWNER, Contract.SALARIED, Contract.LOCUM)
WEEKEND = frozenset({"saturday", "sunday", "holiday"})
MENU = (
    shift_type("evening"),
    shift_type("night", "23:00", "08:00"),
    shift_type("day", "08:00", "16:00", days=WEEKEND, headcount=2),
    shift_type("lead", "08:00", "17:30", days=WEEKEND, role=Role.LEAD),
    shift_type("visit", "17:00", "23:00", days={"mon", "wed", "saturday"}, role=Role.VISIT),
    shift_type("other", "17:30", "00:30", post_id="Q"),
    shift_type("other-night", "00:00", "08:00", post_id="Q", role=Role.VISIT),
    shift_type("standby", "17:00", "23:00", role=Role.STANDBY),
    shift_type("standby-night", "23:00", "08:00", days={"weekday"}, role=Role.STANDBY, post_id="Q"),
)


def examples(number: int) -> settings:
    """So many drawn cases, however long a busy machine takes over them."""
    return settings(max_examples=number, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def sharing_dossiers(draw: st.DrawFn) -> Dossier:
    """A dossier for the fair shares; what they do not look at is left out."""
    start = draw(st.sampled_from(STARTS))
    period = Period(start=start, end=start + timedelta(days=draw(st.sampled_from((0, 6, 13)))))
    types: list[ShiftType] = draw(st.lists(st.sampled_from(MENU), min_size=1, max_size=6, unique_by=lambda it: it.id))
    people = [(f"G{number}", draw(st.sampled_from(QUALIFIED))) for number in range(1, draw(st.integers(1, 6)) + 1)]
    gps = [_gp(draw, gp_id, contract, period) for gp_id, contract in people]
    ids = st.sampled_from([it.id for it in gps])
    burden = st.sampled_from(Burden)
    return builders.dossier(
        gps,
        [row for gp_id, contract in people for row in draw(_agreements(gp_id, contract, period))],
        types,
        period=period,
        posts=[Post(id=post, name=post, patients=1000) for post in "PQ"],
        practices=[Practice(id=p, name=p, patients=draw(st.sampled_from((0, 500, 1000, 2345.5)))) for p in "XYZ"],
        burdens=draw(_burdens()),
        sharing=_sharing(draw),
        absences=[_absence(draw, ids, period) for _ in range(draw(st.integers(0, 3)))],
        balances=_few(draw, Balance, gp_id=ids, burden=burden, hours=st.sampled_from((-30.0, -4.5, 2.25, 9.0, 60.0))),
        preferences=_few(draw, Preference, gp_id=ids, burden=burden, factor=st.sampled_from((0.25, 0.5, 2.0, 4.0))),
        limits=_few(
            draw, Limit, gp_id=ids, burden=st.none() | burden, max_hours=st.sampled_from((0.0, 6.0, 11.5, 20.0, 48.0))
        ),
    )  # fmt: skip


def _gp(draw: st.DrawFn, gp_id: str, contract: Contract, period: Period) -> GP:
    ends = st.sampled_from((None, None, None, period.start + timedelta(days=3), period.start - timedelta(days=1)))
    return gp(
        gp_id, contract, practice_id=draw(st.sampled_from("XYZ")), registered_until=draw(ends),
        fte=draw(st.sampled_from((1.0, 1.0, 0.5, 0.8))),
    )  # fmt: skip


def _sharing(draw: st.DrawFn) -> SharingSettings:
    return SharingSettings(
        owner_key=draw(st.sampled_from((OwnerKey.PATIENTS, *OwnerKey))),
        least_hours=draw(st.sampled_from((0.0, 0.0, 6.0, 25.0))),
        excused_reasons=draw(st.sampled_from(((), ("ziek",), ("verlof", "ziek")))),
    )


def _absence(draw: st.DrawFn, ids: st.SearchStrategy[str], period: Period) -> Absence:
    """Some days, from midnight to midnight or not quite."""
    first = period.start + timedelta(days=draw(st.integers(-2, period.length)))
    clock = st.sampled_from((time(0), time(0), time(8), time(23)))
    last = first + timedelta(days=draw(st.integers(1, 8)))
    reason = draw(st.sampled_from(("ziek", "verlof", "cursus")))
    return Absence(gp_id=draw(ids), start=local(first, draw(clock)), end=local(last, draw(clock)), reason=reason)


def _burdens() -> st.SearchStrategy[tuple[Burden, ...]]:
    """All burdens, mostly, or all but one."""
    but_one = [tuple(burden for burden in Burden if burden is not left_out) for left_out in Burden]
    return st.sampled_from([tuple(Burden)] * 3 + but_one)


def _few(draw: st.DrawFn, value: Any, **fields: st.SearchStrategy[Any]) -> tuple[Any, ...]:
    """Up to four values, no two of one GP and burden."""
    drawn = st.lists(st.builds(value, **fields), max_size=4, unique_by=lambda it: (it.gp_id, it.burden))
    return tuple(draw(drawn))


@st.composite
def _agreements(draw: st.DrawFn, gp_id: str, contract: Contract, period: Period) -> list[Agreement]:
    """One agreement, for the whole period or a part of it, or two with a change of class between."""
    whole = {"valid_from": date(2027, 1, 1), "valid_until": date(2027, 12, 31)}
    middle = period.start + timedelta(days=draw(st.integers(0, period.length)))
    before, after = {"valid_until": middle - timedelta(days=1)}, {"valid_from": middle}
    parts = draw(st.sampled_from(((whole,), (whole,), (before,), (after,), (before, after))))
    found = []
    for part in parts:
        dates = whole | part
        if dates["valid_from"] <= dates["valid_until"]:
            found.append(_agreement(draw, gp_id, contract, dates))
        contract = draw(st.sampled_from(QUALIFIED))
    return found or [_agreement(draw, gp_id, contract, whole)]


def _agreement(draw: st.DrawFn, gp_id: str, contract: Contract, dates: dict[str, date]) -> Agreement:
    owner = contract is Contract.PRACTICE_OWNER
    return agreement(
        gp_id,
        contract=contract,
        posts=draw(st.sampled_from(({"P", "Q"}, {"P", "Q"}, {"P"}, {"Q"}))),
        roles=draw(st.sampled_from((set(Role), set(Role), set(Role) - {Role.LEAD}, {Role.CONSULT}, {Role.STANDBY}))),
        nights=draw(st.sampled_from((True, True, False))),
        hours=None if owner else draw(st.sampled_from((0.0, 8.0, 30.0, 55.5, 120.0))),
        share=draw(st.sampled_from((1.0, 1.0, 0.6, 0.4, 3.0))),
        **dates,
    )
