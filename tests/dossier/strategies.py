"""Dossiers drawn at random, with everything that a file can hold."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from scheduler.domain.availability import Absence, Balance, Limit, PastHoliday, Preference, Wish, WishKind
from scheduler.domain.calendar import Calendar, HourKind
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import GP, Agreement, Contract, Post, Practice, Role
from scheduler.domain.plain_text import begins_like_formula
from scheduler.domain.settings import (
    OwnerKey,
    Payee,
    PayeeBasis,
    PayoutSettings,
    RuleParameters,
    SharingSettings,
    Strictness,
    Weights,
)
from scheduler.domain.shift import Burden, ShiftType
from scheduler.domain.time import AMSTERDAM, Period
from scheduler.dossier.rows import WORKDAYS

PERIOD = Period(start=date(2027, 3, 22), end=date(2027, 4, 11))
texts = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12)
    .map(str.strip)
    .filter(lambda text: not begins_like_formula(text))
)
names = texts.filter(bool)
hours = st.floats(0, 5000)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
days = st.dates(date(1999, 1, 1), date(2100, 1, 1))
rates = st.decimals(Decimal("0.01"), Decimal(9999), places=2)
agreed_kinds = st.sampled_from([kind for kind in HourKind if kind is not HourKind.EARLY_EVENING])
some_ids = st.lists(
    names.filter(lambda name: ";" not in name), min_size=2, max_size=4, unique=True
)  # fmt: skip


def _settings(draw: st.DrawFn) -> dict[str, Any]:
    strict = st.sampled_from(Strictness)
    number = st.floats(0.5, 1000)
    return {
        "hds_id": draw(names),
        "hds_name": draw(names),
        "period": PERIOD,
        "calendar": Calendar(open_on_good_friday=draw(st.booleans()), open_on_liberation_day=draw(st.booleans())),
        "rules": RuleParameters(
            min_rest_hours=draw(number),
            max_hours_per_4_weeks=draw(number),
            max_weekends_in_5=draw(st.integers(0, 5)),
            night_before_clinic=draw(strict),
            christmas_and_new_year=draw(strict),
        ),
        "weights": Weights(spacing=draw(number), single_night=draw(st.integers(0, 9))),
        "sharing": SharingSettings(
            owner_key=draw(st.sampled_from(OwnerKey)),
            least_hours=draw(hours),
            excused_reasons=tuple(draw(st.lists(names.filter(lambda name: ";" not in name), max_size=2, unique=True))),
        ),
        "burdens": tuple(draw(st.lists(st.sampled_from(Burden), min_size=1, unique=True))),
        "payout": PayoutSettings(
            early_evening_rate=draw(st.none() | rates),
            agreed_rates=draw(st.dictionaries(agreed_kinds, rates)),
        ),
    }


def _shift_types(draw: st.DrawFn, posts: list[str]) -> tuple[ShiftType, ...]:
    named = draw(st.lists(st.sampled_from(WORKDAYS), unique=True))
    other = draw(st.lists(st.sampled_from(("saturday", "sunday", "holiday")), unique=True))
    every = ShiftType(
        id="altijd", post_id=posts[0], role=Role.LEAD, days=frozenset({"weekday", "holiday"}),
        start=time(17), end=time(23), headcount=2,
    )  # fmt: skip
    drawn = ShiftType(
        id="soms", post_id=draw(st.sampled_from(posts)), role=draw(st.sampled_from(Role)),
        days=frozenset([*named, *other] or ["sunday"]), start=draw(clocks), end=draw(clocks),
        headcount=draw(st.integers(1, 5)), valid_from=draw(st.none() | st.just(date(2027, 1, 1))),
        valid_until=draw(st.none() | st.just(date(2027, 4, 1))),
    )  # fmt: skip
    return every, drawn


def _people(draw: st.DrawFn, ids: list[str], posts: list[str]) -> dict[str, Any]:
    practice = Practice(id=draw(names.filter(lambda name: ";" not in name)), name=draw(texts), patients=draw(hours))
    owner, *others = ids
    fte = st.sampled_from((1.0, 0.1, 0.85, 2.0))
    gps = [GP(id=owner, name=draw(texts), contract=Contract.PRACTICE_OWNER, practice_id=practice.id, fte=draw(fte))]
    for gp_id in others:
        contract = draw(st.sampled_from(Contract).filter(lambda one: one is not Contract.PRACTICE_OWNER))
        trainer = owner if contract is Contract.TRAINEE else None
        until = draw(st.none() | days)
        gps.append(GP(id=gp_id, name=draw(texts), contract=contract, trainer_gp_id=trainer, registered_until=until))
    return {"practices": (practice,), "gps": tuple(gps), "agreements": tuple(_agreements(draw, gps, posts))}


def _agreements(draw: st.DrawFn, gps: list[GP], posts: list[str]) -> list[Agreement]:
    return [
        _agreement(draw, gp, year, posts) for gp in gps for year in range(2026, 2027 + draw(st.integers(0, 2)))
    ]  # fmt: skip


def _agreement(draw: st.DrawFn, gp: GP, year: int, posts: list[str]) -> Agreement:
    owner = gp.contract is Contract.PRACTICE_OWNER
    return Agreement(
        gp_id=gp.id,
        valid_from=date(year, 1, 1),
        valid_until=date(year, 12, 31),
        posts=draw(st.frozensets(st.sampled_from(posts), min_size=1)),
        roles=draw(st.frozensets(st.sampled_from(Role), min_size=1)),
        hours=draw(st.none() | hours) if owner else draw(hours),
        nights=draw(st.booleans()),
        contract=gp.contract if owner else draw(st.sampled_from((gp.contract, Contract.LOCUM))),
        share=draw(st.sampled_from((1.0, 0.6, 1 / 3, 2.5))),
    )


@st.composite
def _intervals(draw: st.DrawFn) -> dict[str, datetime]:
    start = datetime.combine(draw(days), draw(clocks), tzinfo=AMSTERDAM)
    return {"start": start, "end": start + timedelta(days=draw(st.integers(1, 30)))}


def _availability(draw: st.DrawFn, ids: list[str]) -> dict[str, Any]:
    gp, burden = st.sampled_from(ids), st.sampled_from(Burden)
    kind, few = st.sampled_from(WishKind), {"max_size": 3}
    pairs = st.lists(st.tuples(gp, burden), unique=True, **few)  # type: ignore[arg-type]
    totals = st.lists(st.tuples(gp, st.none() | burden), unique=True, **few)  # type: ignore[arg-type]
    return {
        "absences": tuple(Absence(gp_id=draw(gp), reason=draw(texts), **draw(_intervals())) for _ in range(2)),
        "wishes": tuple(
            Wish(gp_id=draw(gp), wish=draw(kind), weight=draw(st.floats(1, 10)), **draw(_intervals())) for _ in range(2)
        ),
        "clinic_days": draw(st.dictionaries(gp, st.frozensets(st.sampled_from(WORKDAYS)))),
        "balances": tuple(Balance(gp_id=g, burden=b, hours=draw(st.floats(-900, 900))) for g, b in draw(pairs)),
        "limits": tuple(Limit(gp_id=g, burden=b, max_hours=draw(hours)) for g, b in draw(totals)),
        "preferences": tuple(Preference(gp_id=g, burden=b, factor=draw(st.floats(0.25, 4))) for g, b in draw(pairs)),
        "past_holidays": tuple(PastHoliday(gp_id=draw(gp), date=draw(days)) for _ in range(2)),
        "locks": (Lock(shift_id="altijd/2027-03-22/2", gp_id=draw(gp)),) if draw(st.booleans()) else (),
        "payees": tuple(
            Payee(
                gp_id=gp_id, valid_from=draw(days), payee_name=draw(texts), iban=draw(texts),
                basis=draw(st.sampled_from(PayeeBasis)),
            )
            for gp_id in ids[:2]
        ),
    }  # fmt: skip


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    """A dossier in which no mistake will be found."""
    posts, ids = draw(some_ids), draw(some_ids)
    return Dossier(
        posts=tuple(Post(id=post, name=draw(texts), patients=draw(st.integers(0, 10**6))) for post in posts),
        shift_types=_shift_types(draw, posts),
        **_settings(draw),
        **_people(draw, ids, posts),
        **_availability(draw, ids),
    )
