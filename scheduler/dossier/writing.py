"""A dossier as files; reading them back gives the same dossier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scheduler.atomic import replace_files
from scheduler.csv_text import csv_bytes
from scheduler.domain.availability import Absence, Balance, Limit, PastHoliday, Preference, Wish
from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import GP, Agreement, Contract, Post, Practice, Role
from scheduler.domain.settings import Payee, RuleParameters, SharingSettings, Weights
from scheduler.domain.shift import ShiftType
from scheduler.dossier.cells import write_clock, write_moment, write_number
from scheduler.dossier.rows import DAYS, TOTAL, WORKDAYS
from scheduler.dossier.schema import SETTINGS, TABLES, FileSpec
from scheduler.dossier.settings import FORMAT
from scheduler.messages import text

SettingValue = str | float | bool | date | list[str]
Cells = Sequence[str]


def write_dossier(dossier: Dossier, folder: Path) -> None:
    """Write every file of `dossier` into `folder`, whole or not at all; other files there are left alone.

    Raises OutputError when the folder cannot be written.
    """
    files = {SETTINGS: settings_text(dossier).encode()}
    files |= {spec.name: csv_bytes(spec.all_columns, rows_of(dossier, spec)) for spec in TABLES}
    replace_files(folder, files)


def rows_of(dossier: Dossier, spec: FileSpec) -> Iterable[Cells]:
    """The rows of one table as text, in the columns of `spec` and the order of the dossier."""
    held = getattr(dossier, spec.sheet)
    items = held.items() if isinstance(held, Mapping) else held
    contract_of = {gp.id: gp.contract for gp in dossier.gps}
    return (cells_of(item, spec, contract_of) for item in items)


def cells_of(item: Any, spec: FileSpec, contract_of: Mapping[str, Contract] = MappingProxyType({})) -> Cells:
    """One item of a dossier (of `clinic_days`: GP and days) as a row of its table.

    An agreement's contract is written only where it differs from the GP's own in `contract_of`, as planners keep it.
    """
    if isinstance(item, Agreement):
        return _agreement(item, contract_of)
    return _CELLS[spec.name](item)


def settings_of(dossier: Dossier) -> Mapping[str, Mapping[str, SettingValue]]:
    """The settings by table and key; the keys outside any table under the empty name."""
    rates = {
        "early_evening_rate": dossier.payout.early_evening_rate,
        "standby_rate": dossier.payout.standby_rate,
    }
    return {
        "": {"format": FORMAT},
        "hds": {"id": dossier.hds_id, "name": dossier.hds_name},
        "period": {"start": dossier.period.start, "end": dossier.period.end},
        "calendar": _fields(dossier.calendar),
        "rules": _fields(dossier.rules),
        "weights": _fields(dossier.weights),
        "fairness": {"burdens": [burden.value for burden in dossier.burdens], **_sharing(dossier.sharing)},
        "payout": {key: str(rate) for key, rate in rates.items() if rate is not None},
        "payout.agreed_rates": {kind.value: str(rate) for kind, rate in dossier.payout.agreed_rates.items()},
    }


def _sharing(sharing: SharingSettings) -> dict[str, SettingValue]:
    return {
        "owner_key": sharing.owner_key.value,
        "least_hours": sharing.least_hours,
        "excused_reasons": list(sharing.excused_reasons),
    }


def _fields(model: Calendar | RuleParameters | Weights) -> dict[str, SettingValue]:
    return dict(model.model_dump(mode="json"))


def settings_text(dossier: Dossier) -> str:
    """The content of `hds.toml`, with a Dutch line above each table that says what it is for."""
    blocks: list[str] = []
    for table, values in settings_of(dossier).items():
        lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
        if table and (lines or "." not in table):
            purpose = text(f"dossier.heading.{table.rpartition('.')[2]}")
            lines = [f"# {purpose}", f"[{table}]", *lines]
        if lines:
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _toml(value: SettingValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_quoted, value))}]"
    return value.isoformat() if isinstance(value, date) else write_number(value)


def _quoted(value: str) -> str:
    """A TOML basic string; control characters by number."""
    safe = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in safe) + '"'


def _listed(found: Iterable[str], order: Sequence[str]) -> str:
    return ";".join(sorted(found, key=order.index))


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _unless_one(number: float) -> str:
    return "" if number == 1 else write_number(number)


def _post(post: Post) -> Cells:
    return [post.id, post.name, str(post.patients)]


def _shift_type(kind: ShiftType) -> Cells:
    return [
        kind.id, kind.post_id, kind.role, _listed(kind.days, DAYS), write_clock(kind.start), write_clock(kind.end),
        str(kind.headcount), _day(kind.valid_from), _day(kind.valid_until),
    ]  # fmt: skip


def _practice(practice: Practice) -> Cells:
    return [practice.id, practice.name, write_number(practice.patients)]


def _gp(gp: GP) -> Cells:
    return [
        gp.id, gp.name, gp.contract, gp.practice_id or "", gp.trainer_gp_id or "",
        _day(gp.registered_until), _unless_one(gp.fte),
    ]  # fmt: skip


def _agreement(it: Agreement, contract_of: Mapping[str, Contract]) -> Cells:
    return [
        it.gp_id, _day(it.valid_from), _day(it.valid_until), ";".join(sorted(it.posts)),
        _listed(it.roles, list(Role)), "" if it.hours is None else write_number(it.hours),
        "yes" if it.nights else "no", "" if contract_of.get(it.gp_id) is it.contract else it.contract,
        _unless_one(it.share),
    ]  # fmt: skip


def _absence(it: Absence) -> Cells:
    return [it.gp_id, write_moment(it.start), write_moment(it.end), it.reason]


def _wish(it: Wish) -> Cells:
    return [it.gp_id, write_moment(it.start), write_moment(it.end), it.wish, write_number(it.weight)]


def _clinic_days(it: tuple[str, frozenset[str]]) -> Cells:
    return [it[0], _listed(it[1], WORKDAYS)]


def _balance(it: Balance) -> Cells:
    return [it.gp_id, it.burden, write_number(it.hours)]


def _limit(it: Limit) -> Cells:
    return [it.gp_id, it.burden or TOTAL, write_number(it.max_hours)]


def _preference(it: Preference) -> Cells:
    return [it.gp_id, it.burden, write_number(it.factor)]


def _past_holiday(it: PastHoliday) -> Cells:
    return [it.gp_id, _day(it.date)]


def _lock(it: Lock) -> Cells:
    return [it.shift_id, it.gp_id]


def _payee(it: Payee) -> Cells:
    return [it.gp_id, _day(it.valid_from), it.payee_name, it.iban, it.basis]


_CELLS: Mapping[str, Callable[[Any], Cells]] = MappingProxyType(
    {
        "posts.csv": _post,
        "shift_types.csv": _shift_type,
        "practices.csv": _practice,
        "gps.csv": _gp,
        "absences.csv": _absence,
        "wishes.csv": _wish,
        "clinic_days.csv": _clinic_days,
        "balances.csv": _balance,
        "limits.csv": _limit,
        "preferences.csv": _preference,
        "past_holidays.csv": _past_holiday,
        "locks.csv": _lock,
        "payees.csv": _payee,
    }
)
