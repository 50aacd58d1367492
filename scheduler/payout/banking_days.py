"""The days on which banks carry out SEPA credit transfers: those on which TARGET, the system of the ECB, is open.

Closed on Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December
(ECB, "Long-term calendar for TARGET closing days", 14 December 2000).
"""

from __future__ import annotations

from datetime import date
from functools import cache

from holidays import HolidayBase, financial_holidays

from scheduler.domain.time import DAY
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text

PAY_ON = "--pay-on"


@cache
def _closing_days() -> HolidayBase:
    return financial_holidays("XECB")


def is_banking_day(day: date) -> bool:
    """Whether banks carry out transfers on `day`."""
    return bool(_closing_days().is_working_day(day))


def next_banking_day(day: date) -> date:
    """The first banking day after `day`."""
    following = day + DAY
    while not is_banking_day(following):
        following += DAY
    return following


def day_to_pay_on(asked: date | None, today: date) -> date:
    """The day on which the bank is to pay: the one asked for, else the next banking day.

    Raises DossierError for a day before `today` and for one on which banks are closed, naming the first that will do.
    """
    if asked is None:
        return next_banking_day(today)
    if asked < today:
        raise DossierError([Mistake(PAY_ON, None, None, str(asked), text("payout.sepa.past", today=today))])
    require_banking_day(asked)
    return asked


def require_banking_day(day: date) -> None:
    """Raise DossierError when banks are closed on `day`."""
    if not is_banking_day(day):
        expected = text("payout.sepa.closed", next=next_banking_day(day))
        raise DossierError([Mistake(PAY_ON, None, None, str(day), expected)])
