"""Practices, GPs, trainees and a junior of a fictitious HDS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.people import GP, Contract, Post, Practice
from scheduler.generate.demand import Demand
from scheduler.generate.dice import Dice
from scheduler.generate.vocabulary import FIRST_NAMES, PRACTICE_NAMES, SURNAMES

OWNER_SHARE = 180 / 350
SALARIED_SHARE = 95 / 350
"""Owners 51 %, salaried and steady locums 27 %, other locums the rest (vzinfo.nl, Nivel: working GPs 1-1-2021)."""

GPS_PER_TRAINEE = 35
GPS_PER_JUNIOR = 350


@dataclass(frozen=True)
class Doctor:
    """A GP with the post near home, before any agreement is made."""

    gp: GP
    home: str


@dataclass(frozen=True)
class People:
    """Everybody on the list of the HDS."""

    practices: tuple[Practice, ...]
    doctors: tuple[Doctor, ...]
    trainees: tuple[GP, ...]
    juniors: tuple[GP, ...]

    @property
    def gps(self) -> tuple[GP, ...]:
        """All of them, in order of id."""
        return (*(doctor.gp for doctor in self.doctors), *self.trainees, *self.juniors)


def people_of(gps: int, demand: Demand, year: int, seed: int) -> People:
    """`gps` qualified GPs over practices near the posts, with one trainee to 35 GPs and at least one junior."""
    dice = Dice(seed, "people")
    owners, salaried = round(gps * OWNER_SHARE), round(gps * SALARIED_SHARE)
    home_of, sizes = _practice_sizes(owners, demand.posts, dice)
    practices = _practices(home_of, sizes, demand.posts, dice)
    staff = _owner_places(sizes) + _salaried_places(practices, sizes, salaried)
    weights = [float(post.patients) for post in demand.posts]
    places = [(practices[place].id, home_of[place]) for place in staff]
    places += [("", dice.pick(demand.posts, weights).id) for _ in range(gps - len(staff))]
    contracts = [Contract.PRACTICE_OWNER] * owners + [Contract.SALARIED] * salaried
    contracts += [Contract.LOCUM] * (gps - len(contracts))
    trainees, juniors = max(1, round(gps / GPS_PER_TRAINEE)), max(1, round(gps / GPS_PER_JUNIOR))
    names = dice.some([f"{first} {last}" for first in FIRST_NAMES for last in SURNAMES], gps + trainees + juniors)
    doctors = tuple(
        Doctor(_gp(number, name, contract, practice, year + dice.whole(0, 4)), home)
        for number, (name, contract, (practice, home)) in enumerate(
            zip(names[:gps], contracts, places, strict=True), start=1
        )
    )
    return People(
        practices=tuple(practices),
        doctors=doctors,
        trainees=_trainees(doctors[:owners], names[gps : gps + trainees], gps + 1, year, dice),
        juniors=tuple(
            _gp(number, name, Contract.JUNIOR, dice.pick(practices).id, year + 1)
            for number, name in enumerate(names[gps + trainees :], start=gps + trainees + 1)
        ),
    )


def _gp(number: int, name: str, contract: Contract, practice: str, registered_until: int) -> GP:
    return GP(
        id=f"G{number:04d}", name=name, contract=contract, practice_id=practice or None,
        registered_until=date(registered_until, 12, 31),
    )  # fmt: skip


def _trainees(owners: Sequence[Doctor], names: Sequence[str], first: int, year: int, dice: Dice) -> tuple[GP, ...]:
    """Each trainee with an owner of one's own as trainer."""
    trainers = dice.some(owners, len(names))
    return tuple(
        _gp(number, name, Contract.TRAINEE, trainer.gp.practice_id or "", year + dice.whole(1, 3)).replace(
            trainer_gp_id=trainer.gp.id
        )
        for number, (name, trainer) in enumerate(zip(names, trainers, strict=True), start=first)
    )


def _practice_sizes(owners: int, posts: tuple[Post, ...], dice: Dice) -> tuple[list[str], list[int]]:
    """Home post and number of owners of each practice, the owners spread over the posts by patients."""
    total = sum(post.patients for post in posts)
    placed: Counter[str] = Counter()
    homes: list[str] = []
    sizes: list[int] = []
    while owners:
        size = min(owners, dice.pick((1, 2, 3), (70, 22, 8)))
        home = max(posts, key=lambda post: post.patients / total - placed[post.id] / max(1, placed.total()))
        placed[home.id] += size
        homes.append(home.id)
        sizes.append(size)
        owners -= size
    return homes, sizes


def _practices(home_of: list[str], sizes: list[int], posts: tuple[Post, ...], dice: Dice) -> list[Practice]:
    """Practices whose patients add up to those of their post; an owner has 0.75 to 1.3 times the average list."""
    weights = [size * dice.between(0.75, 1.3) for size in sizes]
    patients = [0] * len(sizes)
    for post in posts:
        own = [n for n, home in enumerate(home_of) if home == post.id]
        whole = sum(weights[n] for n in own)
        for n in own:
            patients[n] = round(post.patients * weights[n] / whole)
        if own:
            patients[own[-1]] += post.patients - sum(patients[n] for n in own)
    town_of = {post.id: post.name.removeprefix("Huisartsenpost ") for post in posts}
    names = [PRACTICE_NAMES[n % len(PRACTICE_NAMES)] for n in range(len(sizes))]
    rounds = [n // len(PRACTICE_NAMES) for n in range(len(sizes))]
    return [
        Practice(
            id=f"PR{n + 1:03d}",
            name=f"Huisartsenpraktijk {names[n]} {town_of[home_of[n]]}" + (f" {rounds[n] + 1}" if rounds[n] else ""),
            patients=patients[n],
        )
        for n in range(len(sizes))
    ]


def _owner_places(sizes: list[int]) -> list[int]:
    return [place for place, size in enumerate(sizes) for _ in range(size)]


def _salaried_places(practices: list[Practice], sizes: list[int], salaried: int) -> list[int]:
    """Practices that employ a doctor: each next one goes where a doctor has most patients."""
    doctors = [float(size) for size in sizes]
    places: list[int] = []
    for _ in range(salaried):
        place = max(range(len(practices)), key=lambda n: practices[n].patients / doctors[n])
        doctors[place] += 1
        places.append(place)
    return sorted(places)
