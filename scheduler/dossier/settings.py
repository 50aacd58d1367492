"""`hds.toml`: who the HDS is, the period, the calendar and the parameters, each key judged on its own."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from annotated_types import Ge, Gt, Le
from pydantic.fields import FieldInfo

from scheduler.domain.calendar import Calendar, HourKind
from scheduler.domain.plain_text import begins_like_formula, has_line_break
from scheduler.domain.settings import OwnerKey, PayoutSettings, RuleParameters, SharingSettings, Strictness, Weights
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.domain.value import Value
from scheduler.dossier.decimal_sign import may_be_thousands
from scheduler.dossier.findings import Findings
from scheduler.dossier.schema import SETTINGS
from scheduler.dossier.table import decode

FORMAT = 1
LONGEST_PERIOD = 1100
"""Days; three years. A longer period is a year typed wrong."""
FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Years for which the holidays and the clock changes are known well enough to roster."""
TABLES = ("hds", "period", "calendar", "rules", "weights", "fairness", "payout")
_RATE = re.compile(r"\d{1,4}([.,]\d{1,4})?", re.ASCII)

V = TypeVar("V", bound=Value)


class Settings(Value):
    """What `hds.toml` says; `period` is None when it cannot be read."""

    hds_id: str = ""
    hds_name: str = ""
    period: Period | None = None
    calendar: Calendar = Calendar()
    rules: RuleParameters = RuleParameters()
    weights: Weights = Weights()
    burdens: tuple[Burden, ...] = tuple(Burden)
    sharing: SharingSettings = SharingSettings()
    payout: PayoutSettings = PayoutSettings()


def read_settings(content: bytes, findings: Findings) -> Settings:
    """Read and judge the whole file; every mistake goes into `findings`."""
    decoded = decode(content, SETTINGS, findings)
    if decoded is None:
        return Settings()
    if not decoded.strip():
        findings.wrong(SETTINGS, None, None, "", "not_empty", columns=", ".join(TABLES))
        return Settings()
    if "\r\n" in decoded:
        findings.habit("windows_lines", SETTINGS)
    try:
        raw = tomllib.loads(decoded)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else len(decoded.splitlines())
        findings.wrong(SETTINGS, line, None, "".join(decoded.splitlines()[line - 1 : line]).strip(), "toml")
        return Settings()
    return settings_of(raw, findings, _lines_of(decoded))


Lines = Mapping[tuple[str, str], int]
"""The line of each table heading `(table, "")` and of each key `(table, key)`."""


def settings_of(
    raw: Mapping[str, Any], findings: Findings, lines: Lines, flawed: Collection[tuple[str, str]] = ()
) -> Settings:
    """Judge the tables of the file as TOML gives them; `lines` tell where a mistake stands.

    Of the keys in `flawed`, as (table, key), a mistake was found before: their absence is none.
    """
    judge = _Judge(findings, lines, flawed)
    top = _Table(judge, "", raw)
    top.only("format", *TABLES)
    if raw.get("format") != FORMAT or isinstance(raw.get("format"), bool):
        top.wrong("format", raw.get("format", ""), "format", format=FORMAT)
    hds, period, calendar, fairness, payout = (
        top.table(name) for name in ("hds", "period", "calendar", "fairness", "payout")
    )
    hds.only("id", "name")
    return Settings(
        hds_id=hds.word("id"),
        hds_name=hds.word("name"),
        period=_period(period),
        calendar=_model(calendar, Calendar),
        rules=_model(top.table("rules"), RuleParameters),
        weights=_model(top.table("weights"), Weights),
        burdens=_burdens(fairness),
        sharing=_sharing(fairness),
        payout=_payout(payout),
    )


class _Judge:
    """Writes mistakes of the settings with the line of table and key."""

    def __init__(self, findings: Findings, lines: Lines, flawed: Collection[tuple[str, str]]) -> None:
        self.findings = findings
        self._lines = lines
        self._flawed = flawed

    def wrong(self, table: str, name: str, found: object, key: str, /, **values: object) -> None:
        if (table, name) in self._flawed:
            return
        column = f"{table}.{name}" if table and name else table or name
        places = ((table, name), (column, ""), (table, ""))
        line = next((self._lines[place] for place in places if place in self._lines), None)
        self.findings.wrong(SETTINGS, line, column, _shown(found), key, **values)


def _lines_of(decoded: str) -> Lines:
    lines: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(decoded.splitlines(), start=1):
        if heading := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            table = heading[1]
            lines.setdefault((table, ""), number)
        elif key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*(?:=|\.)", line):
            lines.setdefault((table, key[1]), number)
    return lines


def _shown(found: object) -> str:
    if isinstance(found, bool):
        return str(found).lower()
    return "" if found is None else str(found)


class _Table:
    """One table of the file; reads its keys one by one."""

    def __init__(self, judge: _Judge, name: str, raw: Mapping[str, Any]) -> None:
        self.name = name
        self.raw = raw
        self._judge = judge

    def wrong(self, key: str, found: object, text_key: str, /, **values: object) -> None:
        self._judge.wrong(self.name, key, found, text_key, **values)

    def habit(self, code: str) -> None:
        self._judge.findings.habit(code, SETTINGS)

    def only(self, *allowed: str) -> None:
        """Every key that is not allowed is a mistake."""
        for key in self.raw:
            if key not in allowed:
                self.wrong(key, key, "known_key", choices=", ".join(allowed))

    def table(self, name: str) -> _Table:
        """A table inside this one; empty when absent."""
        found = self.raw.get(name, {})
        if not isinstance(found, dict):
            self.wrong(name, found, "table", table=name)
            found = {}
        return _Table(self._judge, f"{self.name}.{name}" if self.name else name, found)

    def word(self, key: str) -> str:
        """A text that is not empty."""
        found = self.raw.get(key)
        if not isinstance(found, str) or not found.strip():
            self.wrong(key, found, "word")
            return ""
        words = found.strip()
        if has_line_break(words):
            self.wrong(key, found, "one_line")
        elif begins_like_formula(words):
            self.wrong(key, found, "no_formula")
        return words


def _period(table: _Table) -> Period | None:
    table.only("start", "end")
    start, end = _period_day(table, "start"), _period_day(table, "end")
    if start is None or end is None:
        return None
    if end < start:
        table.wrong("end", end, "not_before", column="start", value=start)
        return None
    if (end - start).days >= LONGEST_PERIOD:
        table.wrong("end", end, "shorter_period", days=LONGEST_PERIOD)
        return None
    return Period(start=start, end=end)


def _period_day(table: _Table, key: str) -> date | None:
    found = table.raw.get(key)
    if not isinstance(found, date) or isinstance(found, datetime):
        table.wrong(key, found, "toml_date", name=key)
        return None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        table.wrong(key, found, "year", first=FIRST_YEAR, last=LAST_YEAR)
        return None
    return found


def _model(table: _Table, model: type[V]) -> V:
    """The values of a table whose keys are the fields of `model`; bounds and types are read from the model itself."""
    table.only(*model.model_fields)
    good: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        if name in table.raw and (value := _value(table, name, info)) is not None:
            good[name] = value
    return model(**good)


def _value(table: _Table, name: str, info: FieldInfo) -> Any:
    found = table.raw[name]
    if info.annotation is bool:
        return found if isinstance(found, bool) else table.wrong(name, found, "truth")
    if info.annotation is Strictness:
        known = isinstance(found, str) and found in set(Strictness)
        return Strictness(found) if known else table.wrong(name, found, "one_of", choices=", ".join(Strictness))
    return _number(table, name, info)


def _number(table: _Table, name: str, info: FieldInfo) -> float | None:
    found = table.raw[name]
    whole = info.annotation is int
    right_type = isinstance(found, int if whole else int | float) and not isinstance(found, bool)
    if not right_type or not math.isfinite(found):
        table.wrong(name, found, "whole_number" if whole else "toml_number")
        return None
    for bound in info.metadata:
        if not _within(found, bound):
            table.wrong(name, found, _bounds_key(info), **_bounds(info))
            return None
    return found if whole else float(found)


def _within(found: float, bound: object) -> bool:
    if isinstance(bound, Ge):
        return bool(found >= bound.ge)  # type: ignore[operator]
    if isinstance(bound, Gt):
        return bool(found > bound.gt)  # type: ignore[operator]
    return not isinstance(bound, Le) or bool(found <= bound.le)  # type: ignore[operator]


def _bounds(info: FieldInfo) -> dict[str, object]:
    shown: dict[str, object] = {}
    for bound in info.metadata:
        match bound:
            case Ge():
                shown["low"] = bound.ge
            case Gt():
                shown["low"] = bound.gt
            case Le():
                shown["high"] = bound.le
    return shown


def _bounds_key(info: FieldInfo) -> str:
    if any(isinstance(bound, Le) for bound in info.metadata):
        return "between"
    return "more_than" if any(isinstance(bound, Gt) for bound in info.metadata) else "at_least"


def _burdens(table: _Table) -> tuple[Burden, ...]:
    table.only("burdens", *SharingSettings.model_fields)
    found = table.raw.get("burdens", list(Burden))
    names = found if isinstance(found, list) else None
    if not names or not all(isinstance(name, str) and name in set(Burden) for name in names):
        table.wrong("burdens", found, "burdens", choices=", ".join(Burden))
        return tuple(Burden)
    if len(set(names)) < len(names):
        table.wrong("burdens", ", ".join(names), "none_twice")
    return tuple(map(Burden, names))


def _sharing(table: _Table) -> SharingSettings:
    fields = SharingSettings.model_fields
    least = _number(table, "least_hours", fields["least_hours"]) if "least_hours" in table.raw else None
    return SharingSettings(
        owner_key=_owner_key(table), least_hours=least or 0.0, excused_reasons=tuple(_excused_reasons(table))
    )


def _owner_key(table: _Table) -> OwnerKey:
    found = table.raw.get("owner_key", OwnerKey.PATIENTS)
    if isinstance(found, str) and found in set(OwnerKey):
        return OwnerKey(found)
    table.wrong("owner_key", found, "one_of", choices=", ".join(OwnerKey))
    return OwnerKey.PATIENTS


def _excused_reasons(table: _Table) -> Sequence[str]:
    found = table.raw.get("excused_reasons", [])
    if not isinstance(found, list) or not all(map(_is_reason, found)):
        table.wrong("excused_reasons", found, "reasons")
        return ()
    reasons = [reason.strip() for reason in found]
    if len(set(reasons)) < len(reasons):
        table.wrong("excused_reasons", ", ".join(found), "none_twice")
    return reasons


def _is_reason(found: object) -> bool:
    """A text that can stand in a list in the cell of a workbook."""
    if not isinstance(found, str) or not found.strip() or ";" in found:
        return False
    return not has_line_break(found.strip()) and not begins_like_formula(found.strip())


def _payout(table: _Table) -> PayoutSettings:
    table.only("early_evening_rate", "standby_rate", "agreed_rates")
    agreed = table.table("agreed_rates")
    agreed.only(*HourKind)
    rates = {kind: _rate(agreed, kind) for kind in HourKind if kind in agreed.raw}
    return PayoutSettings(
        early_evening_rate=_rate(table, "early_evening_rate"),
        standby_rate=_rate(table, "standby_rate"),
        agreed_rates={kind: rate for kind, rate in rates.items() if rate is not None},
    )


def _rate(table: _Table, key: str) -> Decimal | None:
    if key not in table.raw:
        return None
    found = table.raw[key]
    if not isinstance(found, str) or not _RATE.fullmatch(found.strip()):
        table.wrong(key, found, "rate")
        return None
    if may_be_thousands(found.strip()):
        table.wrong(key, found, "thousands")
        return None
    if "," in found:
        table.habit("decimal_comma")
    return Decimal(found.strip().replace(",", "."))
