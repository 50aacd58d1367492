"""The dossier: all that one HDS needs for one roster, read and checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Protocol, Self, TypeVar

from pydantic import Field

from scheduler.domain.availability import Absence, Balance, BusyElsewhere, Limit, PastHoliday, Preference, Wish
from scheduler.domain.calendar import Calendar
from scheduler.domain.people import GP, QUALIFIED, Agreement, Post, Practice
from scheduler.domain.settings import Payee, PayoutSettings, RuleParameters, SharingSettings, Weights
from scheduler.domain.shift import Burden, Shift, ShiftType
from scheduler.domain.time import Period
from scheduler.domain.value import SortedSet, Value


class Lock(Value):
    """A shift that was given to a GP before solving."""

    shift_id: str
    gp_id: str


class _OfGP(Protocol):
    @property
    def gp_id(self) -> str: ...


_T = TypeVar("_T", bound=_OfGP)


def _by_gp(items: Iterable[_T]) -> Mapping[str, tuple[_T, ...]]:
    grouped: defaultdict[str, list[_T]] = defaultdict(list)
    for item in items:
        grouped[item.gp_id].append(item)
    return {gp_id: tuple(those) for gp_id, those in grouped.items()}


class Dossier(Value):
    """Everything that goes into one roster; built only from input in which no mistake was found."""

    hds_id: str
    hds_name: str
    period: Period
    calendar: Calendar = Calendar()
    rules: RuleParameters = RuleParameters()
    weights: Weights = Weights()
    burdens: tuple[Burden, ...] = tuple(Burden)
    sharing: SharingSettings = SharingSettings()
    payout: PayoutSettings = PayoutSettings()
    posts: tuple[Post, ...]
    shift_types: tuple[ShiftType, ...]
    practices: tuple[Practice, ...] = ()
    gps: tuple[GP, ...]
    agreements: tuple[Agreement, ...]
    absences: tuple[Absence, ...] = ()
    wishes: tuple[Wish, ...] = ()
    clinic_days: Mapping[str, SortedSet[str]] = Field(default_factory=dict)
    balances: tuple[Balance, ...] = ()
    limits: tuple[Limit, ...] = ()
    preferences: tuple[Preference, ...] = ()
    past_holidays: tuple[PastHoliday, ...] = ()
    locks: tuple[Lock, ...] = ()
    payees: tuple[Payee, ...] = ()
    elsewhere: tuple[BusyElsewhere, ...] = Field(default=(), exclude_if=lambda those: not those)
    """Duties of these doctors outside the roster, as whoever knows both tells; no file of a dossier holds them."""

    def with_elsewhere(self, elsewhere: Iterable[BusyElsewhere]) -> Self:
        """The same dossier with these duties elsewhere; what was found in it before is found no second time."""
        found = self.model_copy(update={"elsewhere": tuple(elsewhere)})
        for name in ("elsewhere_by_gp", "elsewhere_ids"):
            found.__dict__.pop(name, None)
        return found

    def with_more_absences(self, absences: Iterable[Absence]) -> Self:
        """The same dossier with these absences besides its own; what was found in it before is found no second time."""
        found = self.model_copy(update={"absences": (*self.absences, *absences)})
        found.__dict__.pop("absences_by_gp", None)
        return found

    @cached_property
    def gp_by_id(self) -> Mapping[str, GP]:
        """Each GP under its id."""
        return {gp.id: gp for gp in self.gps}

    @cached_property
    def practice_by_id(self) -> Mapping[str, Practice]:
        """Each practice under its id."""
        return {practice.id: practice for practice in self.practices}

    @cached_property
    def agreements_by_gp(self) -> Mapping[str, tuple[Agreement, ...]]:
        """The agreements of each GP that has any."""
        return _by_gp(self.agreements)

    @cached_property
    def absences_by_gp(self) -> Mapping[str, tuple[Absence, ...]]:
        """The absences of each GP that has any."""
        return _by_gp(self.absences)

    @cached_property
    def wishes_by_gp(self) -> Mapping[str, tuple[Wish, ...]]:
        """The wishes of each GP that has any."""
        return _by_gp(self.wishes)

    @cached_property
    def limits_by_gp(self) -> Mapping[str, tuple[Limit, ...]]:
        """The own limits of each GP that has any."""
        return _by_gp(self.limits)

    @cached_property
    def past_holidays_by_gp(self) -> Mapping[str, frozenset[date]]:
        """The dates in the year before that each GP worked on."""
        return {gp_id: frozenset(past.date for past in those) for gp_id, those in _by_gp(self.past_holidays).items()}

    @cached_property
    def elsewhere_by_gp(self) -> Mapping[str, tuple[Shift, ...]]:
        """The duties elsewhere of each doctor who has any, in order of start, under ids of no meaning."""
        numbered = enumerate(sorted(self.elsewhere, key=lambda one: (one.starts_at, one.ends_at, one.gp_id)))
        found: defaultdict[str, list[Shift]] = defaultdict(list)
        for number, one in numbered:
            found[one.gp_id].append(one.as_shift(f"elsewhere#{number}"))
        return {gp_id: tuple(shifts) for gp_id, shifts in found.items()}

    @cached_property
    def elsewhere_ids(self) -> frozenset[str]:
        """The ids under which duties elsewhere are known among shifts."""
        return frozenset(shift.id for shifts in self.elsewhere_by_gp.values() for shift in shifts)

    def agreement_on(self, gp_id: str, day: date) -> Agreement | None:
        """The agreement under which the GP may be on duty on `day`, if any."""
        return next(
            (a for a in self.agreements_by_gp.get(gp_id, ()) if a.covers(day) and a.contract in QUALIFIED),
            None,
        )

    def __str__(self) -> str:
        return f"{self.hds_id} {self.period}: {len(self.gps)} GPs"
