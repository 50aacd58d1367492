"""Each file of the dossier as domain values, row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from scheduler.domain.availability import Absence, Balance, Limit, PastHoliday, Preference, Wish, WishKind
from scheduler.domain.dossier import Lock
from scheduler.domain.people import GP, Agreement, Contract, Post, Practice, Role
from scheduler.domain.settings import Payee, PayeeBasis
from scheduler.domain.shift import WEEKDAY_NAMES, Burden, ShiftType
from scheduler.dossier.findings import Findings
from scheduler.dossier.row import Row
from scheduler.dossier.table import RawTable

WORKDAYS = WEEKDAY_NAMES[:5]
DAYS = ("weekday", "saturday", "sunday", "holiday", *WORKDAYS)
TOTAL = "total"
MOST_PATIENTS = 100_000_000
MOST_FTE = 2
MOST_SHARE = 100
MOST_POSITIONS = 99
"""No post has a hundred GPs on the same shift: a larger headcount is a slip of the pen."""

T = TypeVar("T")
Ids = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A value with the row that it came from."""

    row: Row
    item: T


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that other files may refer to, rows with mistakes included; None where a file cannot be read."""

    posts: Ids
    shift_types: Ids
    practices: Ids
    gps: Ids
    contract_of: Mapping[str, str]

    @classmethod
    def of(cls, tables: Mapping[str, RawTable]) -> Known:
        """Collect the ids from the tables as they stand."""

        def ids(file: str, column: str) -> Ids:
            return tables[file].ids(column) if file in tables else None

        gps = tables["gps.csv"].rows if "gps.csv" in tables else ()
        return cls(
            posts=ids("posts.csv", "post_id"),
            shift_types=ids("shift_types.csv", "shift_type_id"),
            practices=ids("practices.csv", "practice_id"),
            gps=ids("gps.csv", "gp_id"),
            contract_of={row.cells.get("gp_id", ""): row.cells.get("contract", "") for row in gps},
        )


def placed(
    tables: Mapping[str, RawTable], file: str, build: Callable[[Row, Known], T], known: Known, findings: Findings
) -> tuple[Placed[T], ...]:
    """Build a value from each row of `file`; rows with a mistake are left out, a missing file gives nothing."""
    table = tables.get(file)
    if table is None or not table.complete:
        return ()
    rows = (Row(file, raw, findings) for raw in table.rows)
    built = [Placed(row, build(row, known)) for row in rows]
    return tuple(one for one in built if not one.row.bad)


def post(row: Row, known: Known) -> Post:
    """A row of posts.csv."""
    return Post(
        id=row.identifier("post_id"), name=row.words("name"), patients=row.whole("patients", 0, MOST_PATIENTS)
    )  # fmt: skip


def shift_type(row: Row, known: Known) -> ShiftType:
    """A row of shift_types.csv."""
    days = row.several("days", DAYS)
    if "weekday" in days and set(days) & set(WORKDAYS):
        row.wrong("days", "weekday_or_names")
    first, last = row.optional_day("valid_from"), row.optional_day("valid_until")
    if first and last and last < first:
        row.wrong("valid_until", "not_before", column="valid_from", value=first)
    return ShiftType(
        id=row.identifier("shift_type_id"),
        post_id=row.reference("post_id", known.posts, "post"),
        role=row.choice("role", Role),
        days=frozenset(days),
        start=row.clock("start"),
        end=row.clock("end"),
        headcount=row.whole("headcount", 1, MOST_POSITIONS),
        valid_from=first,
        valid_until=last,
    )


def practice(row: Row, known: Known) -> Practice:
    """A row of practices.csv."""
    return Practice(
        id=row.identifier("practice_id"), name=row.words("name"), patients=row.number("patients", 0, MOST_PATIENTS)
    )  # fmt: skip


def gp(row: Row, known: Known) -> GP:
    """A row of gps.csv."""
    found = GP(
        id=row.identifier("gp_id"),
        name=row.words("name"),
        contract=row.choice("contract", Contract),
        practice_id=row.optional_reference("practice_id", known.practices, "practice"),
        trainer_gp_id=row.optional_reference("trainer_gp_id", known.gps, "gp"),
        registered_until=row.optional_day("registered_until"),
        fte=row.positive_number("fte", MOST_FTE, default=1.0),
    )
    if row.text("contract") == Contract.PRACTICE_OWNER and found.practice_id is None:
        row.wrong("practice_id", "practice_of_owner")
    return found


_HOURS_NEEDED = (Contract.SALARIED, Contract.LOCUM, Contract.TRAINEE)


def agreement(row: Row, known: Known) -> Agreement:
    """A row of agreements.csv; without an own contract it has the one of the GP."""
    gp_id = row.reference("gp_id", known.gps, "gp")
    first, last = row.days("valid_from", "valid_until")
    contract = row.optional_choice("contract", Contract) or _contract_of(gp_id, known)
    hours = row.optional_number("hours", 0)
    if hours is None and contract in _HOURS_NEEDED:
        row.wrong("hours", "agreed_hours", contract=contract)
    return Agreement(
        gp_id=gp_id,
        valid_from=first,
        valid_until=last,
        posts=frozenset(row.several("posts", known.posts)),
        roles=frozenset(map(Role, _roles(row))),
        hours=hours,
        nights=row.yes("nights"),
        contract=contract or Contract.JUNIOR,
        share=row.positive_number("share", MOST_SHARE, default=1.0),
    )


def _contract_of(gp_id: str, known: Known) -> Contract | None:
    contract = known.contract_of.get(gp_id, "")
    return Contract(contract) if contract in set(Contract) else None


def _roles(row: Row) -> list[str]:
    found = row.several("roles", Role)
    return [] if row.bad else found


def absence(row: Row, known: Known) -> Absence:
    """A row of absences.csv."""
    start, end = row.interval("start", "end")
    return Absence(
        gp_id=row.reference("gp_id", known.gps, "gp"), start=start, end=end, reason=row.words("reason")
    )  # fmt: skip


def wish(row: Row, known: Known) -> Wish:
    """A row of wishes.csv."""
    start, end = row.interval("start", "end")
    return Wish(
        gp_id=row.reference("gp_id", known.gps, "gp"),
        start=start,
        end=end,
        wish=row.choice("wish", WishKind),
        weight=row.number("weight", 1, 10),
    )


def clinic_days(row: Row, known: Known) -> tuple[str, frozenset[str]]:
    """A row of clinic_days.csv: the GP and the days with a morning surgery."""
    days = row.several("weekdays", WORKDAYS, may_be_empty=True)
    return row.reference("gp_id", known.gps, "gp"), frozenset(days)


def balance(row: Row, known: Known) -> Balance:
    """A row of balances.csv."""
    return Balance(
        gp_id=row.reference("gp_id", known.gps, "gp"),
        burden=row.choice("burden", Burden),
        hours=row.number("hours"),
    )


def limit(row: Row, known: Known) -> Limit:
    """A row of limits.csv; the burden `total` becomes None."""
    return Limit(
        gp_id=row.reference("gp_id", known.gps, "gp"),
        burden=_burden_or_total(row),
        max_hours=row.number("max_hours", 0),
    )


def _burden_or_total(row: Row) -> Burden | None:
    cell = row.text("burden")
    if cell in set(Burden):
        return Burden(cell)
    if cell != TOTAL:
        row.wrong("burden", "one_of", choices=", ".join(chain(Burden, [TOTAL])))
    return None


def preference(row: Row, known: Known) -> Preference:
    """A row of preferences.csv."""
    return Preference(
        gp_id=row.reference("gp_id", known.gps, "gp"),
        burden=row.choice("burden", Burden),
        factor=row.number("factor", 0.25, 4),
    )


def past_holiday(row: Row, known: Known) -> PastHoliday:
    """A row of past_holidays.csv."""
    return PastHoliday(gp_id=row.reference("gp_id", known.gps, "gp"), date=row.day("date"))


def lock(row: Row, known: Known) -> Lock:
    """A row of locks.csv; whether the shift exists is judged when the period is known."""
    return Lock(shift_id=row.identifier("shift_id"), gp_id=row.reference("gp_id", known.gps, "gp"))


def payee(row: Row, known: Known) -> Payee:
    """A row of payees.csv; the account is judged where money is paid."""
    return Payee(
        gp_id=row.reference("gp_id", known.gps, "gp"),
        valid_from=row.day("valid_from"),
        payee_name=row.words("payee_name"),
        iban=row.words("iban"),
        basis=row.choice("basis", PayeeBasis),
    )
