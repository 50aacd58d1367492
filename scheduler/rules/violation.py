"""What a rule says of a roster: a breach, told in figures and in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import Field

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.value import Value
from scheduler.messages import text
from scheduler.messages.dutch import figure, long_date

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}))?")


class Violation(Value):
    """One breach of one rule.

    `gp_id` is the GP or trainee whose duties break the rule, None when nobody does (an open shift). `shift_ids` are
    the shifts that together break it, in order of start. `detail` holds the figures (hours in elapsed hours, dates
    as `YYYY-MM-DD`, moments with the local time after it) and, for rules that break in several ways, the `reason`.
    """

    rule: str
    gp_id: str | None = None
    shift_ids: tuple[str, ...] = ()
    detail: Mapping[str, str | float] = Field(default_factory=dict)

    @property
    def text(self) -> str:
        """One Dutch sentence that names the shifts and the figures."""
        reason = self.detail.get("reason")
        key = f"rules.{self.rule}.{reason}" if reason else f"rules.{self.rule}.broken"
        figures = {name: _dutch(value) for name, value in self.detail.items()}
        return text(key, gp=self.gp_id or "", shifts=", ".join(self.shift_ids), **figures)

    def __str__(self) -> str:
        return self.text


def _dutch(value: str | float) -> str:
    """A figure as Dutch readers write it: at most two decimals after a comma, dates with the month in words."""
    if not isinstance(value, str):
        return figure(value, 2)
    moment = _MOMENT.fullmatch(value)
    if moment is None:
        return value
    day, clock = moment.groups()
    return " ".join(part for part in (long_date(date.fromisoformat(day)), clock) if part)


@dataclass(frozen=True, slots=True)
class Rule:
    """A hard rule: its name and the reading that finds every breach in a roster."""

    name: str
    check: Callable[[Dossier, Roster], Iterator[Violation]]
