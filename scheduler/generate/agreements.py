"""Agreements of a fictitious HDS: where a GP may be on duty, in which roles, for how many hours."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import date

from scheduler.domain.people import GP, Agreement, Contract, Role
from scheduler.domain.time import DAY, Period
from scheduler.generate.demand import Demand
from scheduler.generate.dice import Dice
from scheduler.generate.people import Doctor, People

SALARIED_HOURS = ((40.0, 50.0, 60.0, 75.0, 100.0), (3, 4, 4, 2, 1))
LOCUM_HOURS = ((50.0, 75.0, 100.0, 125.0, 150.0, 200.0), (3, 4, 5, 4, 2, 1))
TRAINEE_HOURS = 40.0

LEAD_PART, LEAD_HOURS_EACH = 0.16, 60.0
STANDBY_PART, STANDBY_HOURS_EACH = 0.5, 45.0
NIGHT_EXEMPT = 0.08


def agreements_of(people: People, demand: Demand, period: Period, seed: int) -> tuple[Agreement, ...]:
    """One agreement a GP for the whole period, and for each trainee; juniors have none.

    So many GPs may lead, or be on standby, that none needs to spend more than about half a share on it.
    """
    dice = Dice(seed, "agreements")
    steady = [doctor.gp for doctor in people.doctors if doctor.gp.contract is not Contract.LOCUM]
    everyone = [doctor.gp for doctor in people.doctors]
    leads = _drawn(dice, steady, demand.lead_hours / LEAD_HOURS_EACH, LEAD_PART if demand.lead_hours else 0)
    standby = _drawn(dice, everyone, demand.standby_hours / STANDBY_HOURS_EACH, STANDBY_PART)
    made = [_agreement(doctor, demand, period, dice, leads, standby) for doctor in people.doctors]
    posts_of = {agreement.gp_id: agreement.posts for agreement in made}
    made += [_of_trainee(trainee, posts_of[trainee.trainer_gp_id or ""], period) for trainee in people.trainees]
    return tuple(made)


def _drawn(dice: Dice, gps: list[GP], least: float, part: float) -> frozenset[str]:
    count = max(round(part * len(gps)), math.ceil(least) if part else 0)
    return frozenset(gp.id for gp in dice.some(gps, count))


def _agreement(
    doctor: Doctor, demand: Demand, period: Period, dice: Dice, leads: Collection[str], standby: Collection[str]
) -> Agreement:
    gp = doctor.gp
    nights = not dice.chance(NIGHT_EXEMPT if gp.contract is not Contract.LOCUM else NIGHT_EXEMPT / 4)
    roles = {Role.CONSULT, Role.VISIT} if not dice.chance(0.05) else {Role.CONSULT}
    roles |= {Role.LEAD} if gp.id in leads else set()
    roles |= {Role.STANDBY} if gp.id in standby else set()
    return Agreement(
        gp_id=gp.id, valid_from=period.start, valid_until=period.end, contract=gp.contract, nights=nights,
        posts=_posts(doctor.home, demand, dice, nights, bool(roles & {Role.LEAD, Role.STANDBY})),
        roles=frozenset(roles), hours=_hours(gp.contract, period, dice),
    )  # fmt: skip


def _posts(home: str, demand: Demand, dice: Dice, nights: bool, is_central: bool) -> frozenset[str]:
    """The home post and often others; with a post that is open at night where the home post is not."""
    others = [post.id for post in demand.posts if post.id != home]
    posts = {home, *dice.some(others, dice.pick((0, 1, 2), (45, 35, 20)))}
    if is_central:
        posts.add(demand.central)
    if nights and demand.night_posts and not posts & demand.night_posts:
        posts.add(dice.pick(sorted(demand.night_posts)))
    return frozenset(posts)


def _hours(contract: Contract, period: Period, dice: Dice) -> float | None:
    if contract is Contract.PRACTICE_OWNER:
        return None
    hours = dice.pick(*(SALARIED_HOURS if contract is Contract.SALARIED else LOCUM_HOURS))
    return part_of_year(hours, period)


def part_of_year(hours: float, period: Period) -> float:
    """Hours a year cut down to the period, to whole hours."""
    year = date(period.start.year + 1, 1, 1) - date(period.start.year, 1, 1)
    return float(round(hours * period.length * DAY / year))


def _of_trainee(trainee: GP, posts: frozenset[str], period: Period) -> Agreement:
    return Agreement(
        gp_id=trainee.id, valid_from=period.start, valid_until=period.end, posts=posts, contract=Contract.TRAINEE,
        roles=frozenset({Role.CONSULT, Role.VISIT}), hours=part_of_year(TRAINEE_HOURS, period),
    )  # fmt: skip
