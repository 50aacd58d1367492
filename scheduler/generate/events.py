"""What changes in the year of a fictitious HDS: GPs who stop, start, become owner or do no more nights; partners."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from scheduler.domain.people import GP, Agreement, Contract
from scheduler.domain.time import DAY, Period
from scheduler.generate.dice import Dice
from scheduler.generate.people import People

STOPS, STARTS, CHANGES = 0.012, 0.025, 0.01
"""Parts of the GPs, made up: at 350 GPs about two owners stop, four others start and one employee becomes an owner."""

NIGHTS_END, UNLIKE_PARTNERS = 0.015, 0.1
"""Parts of the owners who are exempt from nights from some month on, and of the pairs of partners, made up too."""

PARTNER_SHARES = (0.6, 0.4)

LEAST_HOURS = 16.0
"""Two shifts: fewer are not worth an agreement."""


def with_events(
    people: People, agreements: Sequence[Agreement], period: Period, seed: int
) -> tuple[tuple[GP, ...], tuple[Agreement, ...]]:
    """GPs and agreements with the changes of the year in them.

    An owner stops only where a colleague keeps the practice in duty; a registration that ends in the year does so
    after the agreement. A GP who changes class has two agreements that meet.
    """
    dice = Dice(seed, "events")
    gps = {gp.id: gp for gp in people.gps}
    owners = Counter(gp.practice_id for gp in gps.values() if gp.contract is Contract.PRACTICE_OWNER)
    found: list[Agreement] = []
    for agreement in agreements:
        gp = gps[agreement.gp_id]
        middle = _month_start(period, dice)
        if gp.contract is Contract.PRACTICE_OWNER and owners[gp.practice_id] > 1 and dice.chance(2 * STOPS):
            owners[gp.practice_id] -= 1
            ended = agreement.replace(valid_until=middle - DAY)
            gps[gp.id] = gp.replace(registered_until=ended.valid_until + timedelta(days=dice.whole(1, 60)))
            found.append(ended)
        elif gp.contract in (Contract.SALARIED, Contract.LOCUM) and dice.chance(STARTS):
            found.append(part_of_agreement(agreement, period, middle, period.end))
        elif gp.contract is Contract.SALARIED and dice.chance(4 * CHANGES):
            found += becomes_owner(agreement, period, middle)
        else:
            found.append(agreement)
    return tuple(gps.values()), tuple(found)


def with_changed_rights(agreements: Sequence[Agreement], period: Period, seed: int) -> tuple[Agreement, ...]:
    """The agreements with night exemptions that begin in the year: such an owner has two agreements that meet."""
    dice = Dice(seed, "rights")
    found: list[Agreement] = []
    for agreement in agreements:
        middle = _month_start(period, dice)
        is_whole = (agreement.valid_from, agreement.valid_until) == (period.start, period.end)
        is_owner = agreement.contract is Contract.PRACTICE_OWNER and agreement.nights and is_whole
        if is_owner and dice.chance(NIGHTS_END):
            found += [agreement.replace(valid_until=middle - DAY), agreement.replace(valid_from=middle, nights=False)]
        else:
            found.append(agreement)
    return tuple(found)


def with_partners(gps: Sequence[GP], agreements: Sequence[Agreement], seed: int) -> tuple[Agreement, ...]:
    """The agreements with the weights of partners who do not share their practice evenly."""
    dice = Dice(seed, "partners")
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for gp in gps:
        if gp.contract is Contract.PRACTICE_OWNER and gp.practice_id is not None:
            owners[gp.practice_id].append(gp.id)
    pairs = [pair for pair in owners.values() if len(pair) == len(PARTNER_SHARES) and dice.chance(UNLIKE_PARTNERS)]
    share_of = {gp_id: share for pair in pairs for gp_id, share in zip(pair, PARTNER_SHARES, strict=True)}
    return tuple(agreement.replace(share=share_of.get(agreement.gp_id, 1.0)) for agreement in agreements)


def becomes_owner(agreement: Agreement, period: Period, day: date) -> tuple[Agreement, Agreement]:
    """The agreement of an employee cut at `day`, from which the GP is an owner of the same practice."""
    owner = agreement.replace(valid_from=day, hours=None, contract=Contract.PRACTICE_OWNER)
    return part_of_agreement(agreement, period, period.start, day - DAY), owner


def part_of_agreement(agreement: Agreement, period: Period, first: date, last: date) -> Agreement:
    """The agreement from `first` to `last` only, with its hours in proportion."""
    part = period.overlap(first, last) / period.overlap(agreement.valid_from, agreement.valid_until)
    hours = None if agreement.hours is None else max(LEAST_HOURS, float(round(agreement.hours * part)))
    return agreement.replace(valid_from=first, valid_until=last, hours=hours)


def _month_start(period: Period, dice: Dice) -> date:
    """The first day of a month well inside the period, or its middle day when it is short."""
    first = [day for day in period.days() if day.day == 1]
    inner = [day for day in first if 60 <= (day - period.start).days <= period.length - 120]
    middle = period.start + timedelta(days=period.length // 2)
    return dice.pick(inner or [middle])
