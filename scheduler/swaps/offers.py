"""What GPs put up for exchange and what they would take: the open market of an HDS."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import Field, model_validator

from scheduler.domain.calendar import Calendar, DayType
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.value import Value


class Wanted(Value):
    """Shifts that a GP would take: those named, or all that meet every criterion given ("any weekend day in May").

    A criterion that is left empty says nothing. `first` and `last` are the days on which the shift starts, both
    included; `day_types` the kinds of these days, by the calendar of the HDS.
    """

    shift_ids: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None
    day_types: frozenset[DayType] = frozenset()
    burdens: frozenset[Burden] = frozenset()
    posts: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()

    @model_validator(mode="after")
    def _named_or_described(self) -> Self:
        described = any(
            (self.first, self.last, self.day_types, self.burdens, self.posts, self.roles)
        )  # fmt: skip
        if self.shift_ids and described:
            raise ValueError("shifts are named or described, not both")
        if self.first and self.last and self.last < self.first:
            raise ValueError("the last day comes on or after the first")
        return self

    def meets(self, shift: Shift, calendar: Calendar) -> bool:
        """Whether the GP would take `shift`; whether it is allowed is another matter."""
        if self.shift_ids:
            return shift.id in self.shift_ids
        return (
            (self.first is None or self.first <= shift.day)
            and (self.last is None or shift.day <= self.last)
            and (not self.burdens or shift.burden in self.burdens)
            and (not self.posts or shift.post_id in self.posts)
            and (not self.roles or shift.role in self.roles)
            and (not self.day_types or calendar.day_type(shift.day) in self.day_types)
        )

    def among(self, shifts: Iterable[Shift], calendar: Calendar) -> frozenset[str]:
        """The ids of those of `shifts` that the GP would take."""
        return frozenset(shift.id for shift in shifts if self.meets(shift, calendar))


class Offer(Value):
    """A GP would give a shift away: for nothing (handover), or only for one shift out of `in_return`.

    `only_for` names the GPs to whom it may go; None: to all who may take it.
    """

    gp_id: str
    shift_id: str
    in_return: Wanted | None = None
    only_for: frozenset[str] | None = None


class Want(Value):
    """A GP would take up to `most` shifts and give none for them."""

    gp_id: str
    wanted: Wanted
    most: int = Field(default=1, ge=1)


class Market(Value):
    """All open offers and stated wants together; a shift is offered once.

    `open_shifts` are the unfilled shifts that may be taken, None: all there are. `never` are GPs with shifts that they
    do not take, though they would by their offers and wants.
    """

    offers: tuple[Offer, ...] = ()
    wants: tuple[Want, ...] = ()
    open_shifts: frozenset[str] | None = None
    never: frozenset[tuple[str, str]] = frozenset()

    @model_validator(mode="after")
    def _once(self) -> Self:
        shift_ids = [offer.shift_id for offer in self.offers]
        if len(set(shift_ids)) < len(shift_ids):
            raise ValueError("a shift is offered once")
        return self

    def __str__(self) -> str:
        return f"{len(self.offers)} offers, {len(self.wants)} wants"
