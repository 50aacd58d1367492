"""How many doctors a fictitious HDS needs where and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from scheduler.domain.calendar import Calendar, DayType
from scheduler.domain.people import Post, Role
from scheduler.domain.shift import ShiftType
from scheduler.domain.time import Period
from scheduler.errors import ImpossibleSize
from scheduler.generate.vocabulary import TOWNS
from scheduler.messages import text

PATIENTS_PER_GP = 1200
"""420,000 patients and 350 GPs: a national mean HDS has about 260 GPs (13,492 in 52 HDSs, vzinfo.nl 2021)."""

DEMO_GPS = 350
POST_WEIGHTS = (20, 13, 9, 16, 11, 8)
HEAVIEST_LOAD = 200.0
"""Hours per GP and year above which an HDS leaves its nights to others (InEen: 195 per norm practice in 2016)."""


@dataclass(frozen=True)
class Block:
    """A part of the day with its usual hours; `demo` is the number of doctors at the posts of the demo HDS."""

    name: str
    days: frozenset[str]
    start: time
    end: time
    hours: int
    demo: int


_WEEKDAY = frozenset({"weekday"})
_FREE_DAY = frozenset({"saturday", "sunday", "holiday"})
EVENING = Block("avond", _WEEKDAY, time(17), time(23), 6, 7)
DAY_BLOCK = Block("dag", _FREE_DAY, time(8), time(16), 8, 9)
LATE = Block("laat", _FREE_DAY, time(16), time(23), 7, 9)
NIGHT = Block("nacht", _WEEKDAY | _FREE_DAY, time(23), time(8), 9, 3)
BLOCKS = (EVENING, DAY_BLOCK, LATE, NIGHT)
LEAD_BLOCKS = (EVENING, DAY_BLOCK, LATE)


@dataclass(frozen=True)
class Demand:
    """Posts and shift types; lead and standby shifts of the whole HDS are booked on the `central` post."""

    posts: tuple[Post, ...]
    shift_types: tuple[ShiftType, ...]
    night_posts: frozenset[str]
    lead_hours: float
    standby_hours: float

    @property
    def central(self) -> str:
        """The post on which the shifts for the whole HDS are booked."""
        return self.posts[0].id


def demand_of(gps: int, posts: int, year: int) -> Demand:
    """Scale the demo's shift table to `gps` qualified GPs and `posts` posts, hours counted over the whole `year`.

    Raises `ImpossibleSize` when each GP would have to do more than 200 hours to keep every post open by day.
    """
    days = _days_by_block(year)
    leads, doctors = _doctors(gps, posts, days)
    all_posts = _posts(gps, posts)
    open_at_night = all_posts[: posts - posts // 3] if doctors[NIGHT] else ()
    types: list[ShiftType] = []
    for block in BLOCKS:
        where = open_at_night if block is NIGHT else all_posts
        for post, count in zip(where, _spread(doctors[block], where), strict=True):
            types += _at_post(post.id, block, count)
    types += _central(all_posts[0].id, leads)
    return Demand(
        posts=all_posts,
        shift_types=tuple(sorted(types, key=lambda kind: (kind.post_id, kind.role is Role.STANDBY, kind.id))),
        night_posts=frozenset(kind.post_id for kind in types if kind.end == NIGHT.end and kind.role is Role.CONSULT),
        lead_hours=leads * sum(days[block] * block.hours for block in LEAD_BLOCKS),
        standby_hours=sum(days[block] * block.hours for block in BLOCKS),
    )


def _days_by_block(year: int) -> dict[Block, int]:
    calendar = Calendar()
    days = list(Period(start=date(year, 1, 1), end=date(year, 12, 31)).days())
    weekdays = sum(calendar.day_type(day) is DayType.WEEKDAY for day in days)
    return {EVENING: weekdays, DAY_BLOCK: len(days) - weekdays, LATE: len(days) - weekdays, NIGHT: len(days)}


def _posts(gps: int, count: int) -> tuple[Post, ...]:
    weights = [POST_WEIGHTS[n % len(POST_WEIGHTS)] for n in range(count)]
    total = gps * PATIENTS_PER_GP
    patients = [round(total * weight / sum(weights)) for weight in weights]
    patients[0] += total - sum(patients)
    return tuple(
        Post(id=chr(ord("A") + n), name=f"Huisartsenpost {TOWNS[n]}", patients=patients[n]) for n in range(count)
    )


def _doctors(gps: int, posts: int, days: Mapping[Block, int]) -> tuple[int, dict[Block, int]]:
    """Leads, and doctors at the posts per block: what keeps the posts open, then as in the demo while hours are left.

    An HDS whose hours are spent on keeping its posts open has no lead (half had none in 2017, hapbulletin.nl).
    """
    hours = {block: days[block] * block.hours for block in BLOCKS}
    lead_hours = sum(hours[block] for block in LEAD_BLOCKS)
    left = (sum(block.demo * hours[block] for block in BLOCKS) + lead_hours) * gps / DEMO_GPS
    doctors = _least(gps, posts, hours)
    open_hours = sum(hours[block] * doctors[block] for block in BLOCKS)
    leads = round(gps / DEMO_GPS) or int(open_hours + lead_hours <= 1.05 * left)
    left -= open_hours + leads * lead_hours
    wanted = {block: block.demo * gps / DEMO_GPS for block in BLOCKS if doctors[block]}
    while fitting := [block for block in wanted if hours[block] <= 2 * left]:
        block = max(fitting, key=lambda block: 1 - doctors[block] / wanted[block])
        doctors[block] += 1
        left -= hours[block]
    return leads, doctors


def _least(gps: int, posts: int, hours: Mapping[Block, int]) -> dict[Block, int]:
    """One doctor at each post by day and one at night, the night left to others where that is too much."""
    least = {block: 1 if block is NIGHT else posts for block in BLOCKS}
    if sum(hours[block] * least[block] for block in BLOCKS) > HEAVIEST_LOAD * gps:
        least[NIGHT] = 0
    if not 1 <= posts <= len(TOWNS) or sum(hours[block] * least[block] for block in BLOCKS) > HEAVIEST_LOAD * gps:
        raise ImpossibleSize(text("generate.too_few_gps", gps=gps, posts=posts))
    return least


def _spread(doctors: int, posts: Sequence[Post]) -> list[int]:
    """Largest remainder by patients, with at least one doctor at each post where there are enough."""
    if not posts:
        return []
    total = sum(post.patients for post in posts)
    exact = [doctors * post.patients / total for post in posts]
    counts = [max(1, int(share)) for share in exact]
    while sum(counts) != doctors:
        step = 1 if sum(counts) < doctors else -1
        best = max(range(len(posts)), key=lambda n: (step * (exact[n] - counts[n]), -n))
        counts[best] += step
    return counts


def _at_post(post_id: str, block: Block, doctors: int) -> list[ShiftType]:
    visits = doctors // 3 if block is NIGHT else doctors // 2
    counts = ((Role.CONSULT, "consult", doctors - visits), (Role.VISIT, "visite", visits))
    return [_shift_type(post_id, role, name, block, count) for role, name, count in counts if count]


def _central(post_id: str, leads: int) -> list[ShiftType]:
    lead = [_shift_type(post_id, Role.LEAD, "regie", block, leads) for block in LEAD_BLOCKS if leads]
    return lead + [_shift_type(post_id, Role.STANDBY, "achterwacht", block, 1) for block in BLOCKS]


def _shift_type(post_id: str, role: Role, name: str, block: Block, headcount: int) -> ShiftType:
    return ShiftType(
        id=f"{post_id}-{name}-{block.name}", post_id=post_id, role=role, days=block.days,
        start=block.start, end=block.end, headcount=headcount,
    )  # fmt: skip
