"""Fictitious dossiers of any size: for the demo, the benchmarks, the tests and whoever wants to try the product."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED
from scheduler.domain.settings import PayoutSettings, SharingSettings
from scheduler.domain.time import DAY, Period
from scheduler.generate import history
from scheduler.generate.agreements import agreements_of
from scheduler.generate.defects import Defect, with_defects
from scheduler.generate.demand import demand_of
from scheduler.generate.events import with_changed_rights, with_events, with_partners
from scheduler.generate.payees import payees_of
from scheduler.generate.people import people_of
from scheduler.generate.vocabulary import HDS_NAME, LONG_LEAVE
from scheduler.generate.year import absences_of, clinic_days_of, wishes_of

__all__ = ["DEMO", "DEMO_YEAR", "Defect", "generate"]

DEMO_YEAR = 2027
DEMO = {"gps": 350, "posts": 3, "seed": 7}
"""The arguments with which `data/demo` was made."""

LOCAL_RATES = PayoutSettings(early_evening_rate=Decimal("87.67"), standby_rate=Decimal("15.00"))
"""What an HDS might pay where no national rate exists; the first is the undivided hour rate of early 2023 (NZa)."""


def generate(
    gps: int, posts: int, seed: int, year: int = DEMO_YEAR, *, months: int = 12, defects: Iterable[Defect] = ()
) -> Dossier:
    """A fictitious HDS with `gps` qualified GPs (trainees and juniors come on top) and `posts` posts.

    The same arguments always give the same dossier. At 350 GPs and 3 posts it has the figures of the demo: 420,000
    patients, three doctors of the largest post on a weekday evening, two at night; other sizes keep patients and
    hours per GP (about 110 a year; more below 60 GPs, who keep a post open round the clock between them).
    `months` cuts the period to the first months of `year`. Raises `ImpossibleSize` where so few GPs cannot keep so
    many posts open, ValueError when `months` is not 1..12.
    """
    period = _first_months(year, months)
    demand = demand_of(gps, posts, year)
    people = people_of(gps, demand, year, seed)
    everyone, agreements = with_events(people, agreements_of(people, demand, period, seed), period, seed)
    agreements = with_partners(everyone, with_changed_rights(agreements, period, seed), seed)
    qualified = [gp for gp in everyone if gp.contract in QUALIFIED]
    absences = absences_of(everyone, period, seed)
    dossier = Dossier(
        hds_id=f"fictief-{gps}-{posts}-{seed}",
        hds_name=HDS_NAME,
        period=period,
        sharing=SharingSettings(excused_reasons=(LONG_LEAVE,)),
        payout=LOCAL_RATES,
        posts=demand.posts,
        shift_types=demand.shift_types,
        practices=people.practices,
        gps=everyone,
        agreements=agreements,
        absences=absences,
        wishes=wishes_of(everyone, absences, period, seed),
        clinic_days=clinic_days_of(everyone, seed),
        balances=history.balances_of(qualified, seed),
        limits=history.limits_of(qualified, seed),
        preferences=history.preferences_of(qualified, seed),
        past_holidays=history.past_holidays_of(qualified, demand.shift_types, year, seed),
        payees=payees_of(qualified, people.practices, period.start, seed),
    )
    dossier = with_defects(dossier, frozenset(defects), seed)
    return dossier.replace(locks=history.locks_of(dossier, seed))


def _first_months(year: int, months: int) -> Period:
    if not 1 <= months <= 12:
        raise ValueError("a period has 1 to 12 months")
    return Period(start=date(year, 1, 1), end=date(year + months // 12, months % 12 + 1, 1) - DAY)
