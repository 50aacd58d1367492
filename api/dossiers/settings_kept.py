"""Settings of a dossier as JSON, judged by the reader of `hds.toml`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.db.tables import dossier as t
from api.dossiers import repository, rows_kept, service
from api.dossiers.judging import judge_whole, refusal
from api.dossiers.mapping import settings_fields, settings_values
from api.dossiers.row_models import Date
from api.errors import Problem
from api.etag import require_match
from api.fields import AtMost, ShortText, Text
from scheduler.domain.calendar import Calendar, HourKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.settings import OwnerKey, RuleParameters, SharingSettings, Weights
from scheduler.domain.shift import Burden
from scheduler.domain.value import Value
from scheduler.dossier import settings as reader
from scheduler.dossier.findings import Findings
from scheduler.dossier.writing import settings_of as tables_of
from scheduler.errors import DossierError

_EXAMPLE: dict[str, Any] = {
    "hds_name": "Huisartsenspoedzorg Merenland (fictief)",
    "period": {"start": "2027-01-01", "end": "2027-12-31"},
    "calendar": {"open_on_good_friday": True, "open_on_liberation_day": True},
    "rules": {"min_rest_hours": 11, "night_before_clinic": "avoid"},
    "weights": {"avoid_wish": 1, "prefer_wish": 1},
    "burdens": ["evening", "night", "weekend", "holiday", "standby"],
    "sharing": {"owner_key": "patients", "least_hours": 0, "excused_reasons": ["bevallingsverlof"]},
    "payout": {"early_evening_rate": "87.67", "standby_rate": "15.00", "agreed_rates": {"night": "95.00"}},
}
_RATE = {"type": "string", "pattern": r"^\d{1,4}([.,]\d{1,4})?$"}


def _table(model: type[Value]) -> WithJsonSchema:
    """The keys of a table as the domain has them."""
    schema = model.model_json_schema()
    known = schema.pop("$defs", {})
    for name, field in schema["properties"].items():
        if "$ref" in field:
            kept = {key: value for key, value in field.items() if key != "$ref"}
            schema["properties"][name] = known[field["$ref"].rpartition("/")[2]] | kept
    return WithJsonSchema(schema)


Key = ShortText
Plain = bool | Annotated[float, Field(strict=True, allow_inf_nan=False)] | ShortText | None
Table = dict[Key, Plain]


class PeriodOfDossier(BaseModel):
    """First and last day, both included."""

    model_config = ConfigDict(extra="forbid")

    start: Date
    end: Date


class PayoutOfDossier(BaseModel):
    """Local rates in EUR an hour, as text."""

    model_config = ConfigDict(extra="forbid")

    early_evening_rate: Annotated[ShortText, WithJsonSchema(_RATE)] | None = None
    standby_rate: Annotated[ShortText, WithJsonSchema(_RATE)] | None = None
    agreed_rates: Annotated[
        dict[Key, ShortText | None],
        WithJsonSchema({"type": "object", "propertyNames": {"enum": list(HourKind)}, "additionalProperties": _RATE}),
        AtMost(20),
    ] = {}


Burdens = Annotated[
    list[ShortText],
    WithJsonSchema({"type": "array", "items": {"type": "string", "enum": list(Burden)}, "minItems": 1}),
    AtMost(20),
]


class SharingOfDossier(BaseModel):
    """By what owners share, their least hours in a whole period, and which reasons of absence lower a share."""

    model_config = ConfigDict(extra="forbid")

    owner_key: Annotated[ShortText, WithJsonSchema({"type": "string", "enum": list(OwnerKey)})] | None = None
    least_hours: Annotated[float, Field(strict=True, allow_inf_nan=False)] | None = None
    excused_reasons: Annotated[list[ShortText], Field(max_length=50)] | None = None


class Settings(BaseModel):
    """The tables of `hds.toml`; the id of the HDS is that of the path."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})

    hds_name: Text
    period: PeriodOfDossier
    calendar: Annotated[Table, AtMost(50), _table(Calendar)] = {}
    rules: Annotated[Table, AtMost(50), _table(RuleParameters)] = {}
    weights: Annotated[Table, AtMost(50), _table(Weights)] = {}
    burdens: Burdens = list(Burden)
    sharing: SharingOfDossier = SharingOfDossier()
    payout: PayoutOfDossier = PayoutOfDossier()


class PeriodChange(BaseModel):
    """First or last day."""

    model_config = ConfigDict(extra="forbid")

    start: Date | None = None
    end: Date | None = None


class SettingsChange(BaseModel):
    """Some of the settings."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"rules": {"max_shifts_per_week": 2}, "weights": {"spacing": 0}}}
    )

    hds_name: Text | None = None
    period: PeriodChange | None = None
    calendar: Annotated[Table, AtMost(50), _table(Calendar)] | None = None
    rules: Annotated[Table, AtMost(50), _table(RuleParameters)] | None = None
    weights: Annotated[Table, AtMost(50), _table(Weights)] | None = None
    burdens: Burdens | None = None
    sharing: SharingOfDossier | None = None
    payout: PayoutOfDossier | None = None


def settings_of(row: t.Dossier) -> dict[str, Any]:
    """The settings of a dossier as JSON values."""
    tables = tables_of(Dossier(**settings_fields(row), posts=(), shift_types=(), gps=(), agreements=()))
    return {
        "hds_name": tables["hds"]["name"],
        "period": {key: str(day) for key, day in tables["period"].items()},
        **{name: dict(tables[name]) for name in ("calendar", "rules", "weights")},
        "burdens": tables["fairness"]["burdens"],
        "sharing": {name: tables["fairness"][name] for name in SharingSettings.model_fields},
        "payout": {**tables["payout"], "agreed_rates": dict(tables["payout.agreed_rates"])},
    }


def fingerprint(settings: Mapping[str, Any]) -> str:
    """The same for the same settings: their ETag."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:20]


def merged(now: Mapping[str, Any], some: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with some of them changed; null takes a key away, so that it has its default."""
    whole = dict(now)
    for key, value in some.items():
        if isinstance(value, Mapping) and isinstance(whole.get(key), Mapping):
            whole[key] = merged(whole[key], value)
        elif value is None:
            whole.pop(key, None)
        else:
            whole[key] = value
    return whole


def change(
    session: Session,
    who: Member,
    dossier_id: int,
    if_match: str | None,
    wanted: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> dict[str, Any]:
    """Give a dossier other settings, judged with everything in it; raises Problem, also with every mistake."""
    if not repository.touch(session, who.hds_id, dossier_id, who.user_id):
        raise Problem("not_found")
    row = session.get_one(t.Dossier, dossier_id, populate_existing=True)
    before = settings_of(row)
    subject = f"{service.subject(dossier_id)}/settings"
    actor_id, at = rows_kept.last_change(session, who.hds_id, subject) or (row.changed_by, row.changed_at)
    require_match(if_match, fingerprint(before), repository.username(session, actor_id), at)
    for name, value in settings_values(_judged(session, row, wanted(before))).items():
        setattr(row, name, value)
    session.flush()
    after = settings_of(row)
    record(session, who.hds_id, who.user_id, Act("dossier.settings.changed", subject, before=before, after=after))
    return after


def _judged(session: Session, row: t.Dossier, wanted: Mapping[str, Any]) -> Dossier:
    findings = Findings()
    try:
        settings = reader.settings_of(_as_toml(row.hds_id, wanted), findings, {})
        return judge_whole(session, row, settings, [], findings)[0]
    except DossierError as error:
        raise refusal(error.mistakes) from None


def _as_toml(hds_id: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as the file would hold them."""
    raw: dict[str, Any] = {
        "format": reader.FORMAT,
        "hds": {"id": hds_id, "name": wanted.get("hds_name")},
        "period": {key: _day(value) for key, value in wanted.get("period", {}).items()},
        "payout": _without_nulls(wanted.get("payout", {})),
    }
    for name in ("calendar", "rules", "weights"):
        raw[name] = {key: _whole(value) for key, value in _without_nulls(wanted.get(name, {})).items()}
    raw["fairness"] = _without_nulls(wanted.get("sharing", {}))
    if "burdens" in wanted:
        raw["fairness"]["burdens"] = wanted["burdens"]
    return raw


def _without_nulls(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _without_nulls(value) if isinstance(value, Mapping) else value
        for key, value in values.items()
        if value is not None
    }


def _whole(value: Any) -> Any:
    """JSON has one kind of number; the file tells whole ones from others."""
    return int(value) if isinstance(value, float) and value == int(value) else value


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
