"""A dossier as files; reading them back gives the same dossier."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from scheduler.atomic import replace_files
from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.settings import RuleParameters, Weights
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
    files = {SETTINGS: settings_text(dossier)}
    files |= {spec.name: _csv_text(spec, rows_of(dossier, spec)) for spec in TABLES}
    replace_files(folder, {name: content.encode("utf-8") for name, content in files.items()})


def _csv_text(spec: FileSpec, rows: Iterable[Cells]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(spec.all_columns)
    writer.writerows(rows)
    return out.getvalue()


def rows_of(dossier: Dossier, spec: FileSpec) -> Iterable[Cells]:
    """The rows of one table as text, in the columns of `spec` and the order of the dossier."""
    return _ROWS[spec.name](dossier)


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
        "fairness": {"burdens": [burden.value for burden in dossier.burdens]},
        "payout": {key: str(rate) for key, rate in rates.items() if rate is not None},
        "payout.agreed_rates": {kind.value: str(rate) for kind, rate in dossier.payout.agreed_rates.items()},
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


def _posts(dossier: Dossier) -> Iterable[Cells]:
    return ([post.id, post.name, str(post.patients)] for post in dossier.posts)


def _shift_types(dossier: Dossier) -> Iterable[Cells]:
    return (
        [
            kind.id, kind.post_id, kind.role, _listed(kind.days, DAYS), write_clock(kind.start), write_clock(kind.end),
            str(kind.headcount), _day(kind.valid_from), _day(kind.valid_until),
        ]
        for kind in dossier.shift_types
    )  # fmt: skip


def _practices(dossier: Dossier) -> Iterable[Cells]:
    return ([practice.id, practice.name, write_number(practice.patients)] for practice in dossier.practices)


def _gps(dossier: Dossier) -> Iterable[Cells]:
    return (
        [gp.id, gp.name, gp.contract, gp.practice_id or "", gp.trainer_gp_id or "", _day(gp.registered_until)]
        for gp in dossier.gps
    )


def _agreements(dossier: Dossier) -> Iterable[Cells]:
    """The contract is written only where it differs from the GP's own, as planners keep it."""
    return (
        [
            it.gp_id, _day(it.valid_from), _day(it.valid_until), ";".join(sorted(it.posts)),
            _listed(it.roles, list(Role)), "" if it.hours is None else write_number(it.hours),
            "yes" if it.nights else "no", "" if dossier.gp_by_id[it.gp_id].contract is it.contract else it.contract,
        ]
        for it in dossier.agreements
    )  # fmt: skip


def _absences(dossier: Dossier) -> Iterable[Cells]:
    return ([it.gp_id, write_moment(it.start), write_moment(it.end), it.reason] for it in dossier.absences)


def _wishes(dossier: Dossier) -> Iterable[Cells]:
    return (
        [it.gp_id, write_moment(it.start), write_moment(it.end), it.wish, write_number(it.weight)]
        for it in dossier.wishes
    )


def _clinic_days(dossier: Dossier) -> Iterable[Cells]:
    return ([gp_id, _listed(days, WORKDAYS)] for gp_id, days in dossier.clinic_days.items())


def _balances(dossier: Dossier) -> Iterable[Cells]:
    return ([it.gp_id, it.burden, write_number(it.hours)] for it in dossier.balances)


def _limits(dossier: Dossier) -> Iterable[Cells]:
    return ([it.gp_id, it.burden or TOTAL, write_number(it.max_hours)] for it in dossier.limits)


def _preferences(dossier: Dossier) -> Iterable[Cells]:
    return ([it.gp_id, it.burden, write_number(it.factor)] for it in dossier.preferences)


def _past_holidays(dossier: Dossier) -> Iterable[Cells]:
    return ([it.gp_id, _day(it.date)] for it in dossier.past_holidays)


def _locks(dossier: Dossier) -> Iterable[Cells]:
    return ([it.shift_id, it.gp_id] for it in dossier.locks)


def _payees(dossier: Dossier) -> Iterable[Cells]:
    return ([it.gp_id, _day(it.valid_from), it.payee_name, it.iban, it.basis] for it in dossier.payees)


_ROWS: Mapping[str, Callable[[Dossier], Iterable[Cells]]] = MappingProxyType(
    {
        "posts.csv": _posts,
        "shift_types.csv": _shift_types,
        "practices.csv": _practices,
        "gps.csv": _gps,
        "agreements.csv": _agreements,
        "absences.csv": _absences,
        "wishes.csv": _wishes,
        "clinic_days.csv": _clinic_days,
        "balances.csv": _balances,
        "limits.csv": _limits,
        "preferences.csv": _preferences,
        "past_holidays.csv": _past_holidays,
        "locks.csv": _locks,
        "payees.csv": _payees,
    }
)
