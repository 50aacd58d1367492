"""Dutch holidays as the NZa lists them, and the kind of day and of clock hour."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from functools import cached_property, lru_cache

import holidays

from scheduler.domain.value import Value


class DayType(StrEnum):
    """What a date is for the demand; a holiday is a holiday only, on any weekday."""

    WEEKDAY = "weekday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"


class HourKind(StrEnum):
    """The kind of one clock hour, as the NZa tariff names it; `early_evening` has no national tariff."""

    EARLY_EVENING = "early_evening"
    EVENING = "evening"
    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@lru_cache(maxsize=64)
def _national(year: int) -> dict[date, str]:
    """The eleven days of BR/REG-23137a as amended by WB/REG-2023-06, by date with their Dutch names."""
    return dict(holidays.country_holidays("NL", years=year, categories=("public", "optional"), language="nl"))


def _good_friday(year: int) -> date:
    return next(day for day, name in _national(year).items() if "goede vrijdag" in name.lower())


class Calendar(Value):
    """Which holidays count for an HDS; a switch that is off makes that date an ordinary weekday."""

    open_on_good_friday: bool = True
    open_on_liberation_day: bool = True

    @cached_property
    def _by_year(self) -> dict[int, dict[date, str]]:
        return {}

    def holidays(self, year: int) -> dict[date, str]:
        """Date and Dutch name of each holiday of `year`."""
        if year not in self._by_year:
            days = dict(_national(year))
            if not self.open_on_good_friday:
                days.pop(_good_friday(year))
            if not self.open_on_liberation_day and days[date(year, 5, 5)] == "Bevrijdingsdag":
                days.pop(date(year, 5, 5))
            self._by_year[year] = days
        return self._by_year[year]

    def is_holiday(self, day: date) -> bool:
        """Whether `day` is a holiday for this HDS."""
        return day in self.holidays(day.year)

    def day_type(self, day: date) -> DayType:
        """Kind of `day` for the demand."""
        if self.is_holiday(day):
            return DayType.HOLIDAY
        return (DayType.WEEKDAY, DayType.SATURDAY, DayType.SUNDAY)[max(0, day.weekday() - 4)]

    def hour_kind(self, moment: datetime) -> HourKind:
        """Kind of the clock hour at local `moment` (NZa WB/REG-2023-05 art. 4.1; holiday, then night, then weekend)."""
        if self.is_holiday(moment.date()):
            return HourKind.HOLIDAY
        if moment.hour < 8:
            return HourKind.NIGHT
        if moment.weekday() >= 5:
            return HourKind.WEEKEND
        return HourKind.EVENING if moment.hour >= 18 else HourKind.EARLY_EVENING
