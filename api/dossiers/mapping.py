"""Where the rows of a dossier meet `scheduler.domain`; nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables import dossier as t
from api.db.tables.people import Gp
from scheduler.domain import availability as av
from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import GP, Agreement, Post, Practice
from scheduler.domain.settings import Payee, PayoutSettings, RuleParameters, SharingSettings, Weights
from scheduler.domain.shift import Burden, ShiftType
from scheduler.domain.time import Period

Values = dict[str, Any]
Numbers = Mapping[str, int]


def gp_numbers(session: Session, hds_id: str, gp_ids: Iterable[str]) -> dict[str, int]:
    """The number of each GP of the HDS by `gp_id`; ids that are new get one."""
    known = _known_numbers(session, hds_id)
    fresh = [{"hds_id": hds_id, "gp_id": gp_id} for gp_id in dict.fromkeys(gp_ids) if gp_id not in known]
    if fresh:
        session.execute(insert(Gp), fresh)
        known = _known_numbers(session, hds_id)
    return known


def _known_numbers(session: Session, hds_id: str) -> dict[str, int]:
    return {row.gp_id: row.number for row in session.execute(select(Gp.gp_id, Gp.number).where(Gp.hds_id == hds_id))}


def gp_ids(session: Session, hds_id: str) -> dict[int, str]:
    """The `gp_id` of each GP of the HDS by number."""
    return {number: gp_id for gp_id, number in _known_numbers(session, hds_id).items()}


def settings_values(dossier: Dossier) -> Values:
    """The columns of `dossier` itself."""
    return {
        "hds_name": dossier.hds_name,
        "period_start": dossier.period.start,
        "period_end": dossier.period.end,
        "calendar": dossier.calendar.model_dump(mode="json"),
        "rules": dossier.rules.model_dump(mode="json"),
        "weights": dossier.weights.model_dump(mode="json"),
        "burdens": [burden.value for burden in dossier.burdens],
        "sharing": dossier.sharing.model_dump(mode="json"),
        "payout": dossier.payout.model_dump(mode="json"),
    }


def write_parts(session: Session, dossier_id: int, hds_id: str, dossier: Dossier) -> None:
    """Replace every row of the dossier by those of `dossier`."""
    numbers = gp_numbers(session, hds_id, (gp.id for gp in dossier.gps))
    session.execute(delete(t.AgreementPost).where(t.AgreementPost.dossier_id == dossier_id))
    for table in reversed(t.PARTS):
        session.execute(delete(table).where(table.dossier_id == dossier_id))
    for mapped in MAPPINGS:
        rows = [mapped.values(item, numbers) | {"dossier_id": dossier_id} for item in mapped.items(dossier)]
        if rows:
            session.execute(insert(mapped.table), rows)
    _write_agreement_posts(session, dossier_id, dossier.agreements)
    _write_trainers(session, dossier_id, dossier.gps, numbers)


def _write_agreement_posts(session: Session, dossier_id: int, agreements: Sequence[Agreement]) -> None:
    of_dossier = select(t.AgreementRow.id).where(t.AgreementRow.dossier_id == dossier_id).order_by(t.AgreementRow.id)
    found = zip(session.scalars(of_dossier), agreements, strict=True)
    rows = [
        {"agreement_id": row_id, "post_id": post_id, "dossier_id": dossier_id}
        for row_id, agreement in found
        for post_id in sorted(agreement.posts)
    ]
    if rows:
        session.execute(insert(t.AgreementPost), rows)


def _write_trainers(session: Session, dossier_id: int, gps: Sequence[GP], numbers: Numbers) -> None:
    """Trainers after all GPs, as a trainee may stand before the trainer in the file."""
    for gp in gps:
        if gp.trainer_gp_id is not None:
            row = session.scalars(
                select(t.GpRow).where(t.GpRow.dossier_id == dossier_id, t.GpRow.gp_number == numbers[gp.id])
            ).one()
            row.trainer_number = numbers[gp.trainer_gp_id]
    session.flush()


def read_dossier(session: Session, row: t.Dossier) -> Dossier:
    """The dossier of a row with all its parts, as the engine knows it."""
    read = reading_of(session, row.hds_id, row.id)
    parts = {
        mapped.field: mapped.collect(
            mapped.item(one, read)
            for one in session.scalars(
                select(mapped.table).where(mapped.table.dossier_id == row.id).order_by(mapped.table.id)
            )
        )
        for mapped in MAPPINGS
    }
    return Dossier(**settings_fields(row), **parts)


def settings_fields(row: t.Dossier) -> Values:
    """The settings of a dossier as its fields."""
    return {
        "hds_id": row.hds_id,
        "hds_name": row.hds_name,
        "period": Period(start=row.period_start, end=row.period_end),
        "calendar": Calendar.model_validate(row.calendar),
        "rules": RuleParameters.model_validate(row.rules),
        "weights": Weights.model_validate(row.weights),
        "burdens": tuple(map(Burden, row.burdens)),
        "sharing": SharingSettings.model_validate(row.sharing),
        "payout": PayoutSettings.model_validate(row.payout),
    }


def reading_of(session: Session, hds_id: str, dossier_id: int) -> Reading:
    """What the rows of a dossier need besides themselves."""
    posts_of: dict[int, set[str]] = {}
    for link in session.scalars(select(t.AgreementPost).where(t.AgreementPost.dossier_id == dossier_id)):
        posts_of.setdefault(link.agreement_id, set()).add(link.post_id)
    return Reading(gp_ids(session, hds_id), posts_of)


@dataclass(frozen=True)
class Reading:
    """What rows need besides themselves: the id of each GP number, the posts of each agreement."""

    gp_id: Mapping[int, str]
    posts_of: Mapping[int, set[str]]


@dataclass(frozen=True)
class Mapped:
    """One part: its table, its field in the dossier, and the way there and back."""

    table: type[t.Part]
    field: str
    values: Callable[[Any, Numbers], Values]
    item: Callable[[Any, Reading], Any]
    collect: Callable[[Iterable[Any]], Any] = tuple

    def items(self, dossier: Dossier) -> Iterable[Any]:
        """What the dossier holds of this part."""
        held = getattr(dossier, self.field)
        return held.items() if isinstance(held, Mapping) else held


def _columns(*names: str) -> Callable[[Any, Numbers], Values]:
    """Values of an item that names its GP: these fields as they are, and the number of the GP."""

    def values(item: Any, numbers: Numbers) -> Values:
        return {name: getattr(item, name) for name in names} | {"gp_number": numbers[item.gp_id]}

    return values


def _back(kind: type[Any], *names: str) -> Callable[[Any, Reading], Any]:
    def item(row: Any, read: Reading) -> Any:
        return kind(gp_id=read.gp_id[row.gp_number], **{name: getattr(row, name) for name in names})

    return item


def _span(item: av.Absence | av.Wish, numbers: Numbers) -> Values:
    return {"gp_number": numbers[item.gp_id], "starts_at": item.start, "ends_at": item.end}


def _moments(row: Any) -> dict[str, datetime]:
    return {"start": local(row.starts_at), "end": local(row.ends_at)}


def _shift_type(row: t.ShiftTypeRow, _read: Reading) -> ShiftType:
    return ShiftType(
        id=row.shift_type_id, post_id=row.post_id, role=row.role, days=row.days, start=row.start, end=row.end,
        headcount=row.headcount, valid_from=row.valid_from, valid_until=row.valid_until,
    )  # fmt: skip


def _shift_type_values(kind: ShiftType, _numbers: Numbers) -> Values:
    return {
        "shift_type_id": kind.id, "post_id": kind.post_id, "role": kind.role, "days": sorted(kind.days),
        "start": kind.start, "end": kind.end, "headcount": kind.headcount,
        "valid_from": kind.valid_from, "valid_until": kind.valid_until,
    }  # fmt: skip


def _gp(row: t.GpRow, read: Reading) -> GP:
    return GP(
        id=read.gp_id[row.gp_number], name=row.name, contract=row.contract, practice_id=row.practice_id,
        trainer_gp_id=None if row.trainer_number is None else read.gp_id[row.trainer_number],
        registered_until=row.registered_until, fte=row.fte,
    )  # fmt: skip


def _gp_values(gp: GP, numbers: Numbers) -> Values:
    return {
        "gp_number": numbers[gp.id], "name": gp.name, "contract": gp.contract,
        "practice_id": gp.practice_id, "registered_until": gp.registered_until, "fte": gp.fte,
    }  # fmt: skip


def _agreement(row: t.AgreementRow, read: Reading) -> Agreement:
    return Agreement(
        gp_id=read.gp_id[row.gp_number], valid_from=row.valid_from, valid_until=row.valid_until,
        posts=read.posts_of.get(row.id, set()), roles=row.roles, hours=row.hours, nights=row.nights,
        contract=row.contract, share=row.share,
    )  # fmt: skip


def _agreement_values(agreement: Agreement, numbers: Numbers) -> Values:
    plain = _columns("valid_from", "valid_until", "hours", "nights", "contract", "share")(agreement, numbers)
    return plain | {"roles": sorted(agreement.roles)}


def _limit(row: t.LimitRow, read: Reading) -> av.Limit:
    burden = None if row.burden == "total" else row.burden
    return av.Limit(gp_id=read.gp_id[row.gp_number], burden=burden, max_hours=row.max_hours)


MAPPINGS: tuple[Mapped, ...] = (
    Mapped(
        t.PostRow, "posts",
        lambda post, _: {"post_id": post.id, "name": post.name, "patients": post.patients},
        lambda row, _: Post(id=row.post_id, name=row.name, patients=row.patients),
    ),
    Mapped(t.ShiftTypeRow, "shift_types", _shift_type_values, _shift_type),
    Mapped(
        t.PracticeRow, "practices",
        lambda one, _: {"practice_id": one.id, "name": one.name, "patients": one.patients},
        lambda row, _: Practice(id=row.practice_id, name=row.name, patients=row.patients),
    ),
    Mapped(t.GpRow, "gps", _gp_values, _gp),
    Mapped(t.AgreementRow, "agreements", _agreement_values, _agreement),
    Mapped(
        t.AbsenceRow, "absences",
        lambda away, numbers: _span(away, numbers) | {"reason": away.reason},
        lambda row, read: av.Absence(gp_id=read.gp_id[row.gp_number], reason=row.reason, **_moments(row)),
    ),
    Mapped(
        t.WishRow, "wishes",
        lambda wish, numbers: _span(wish, numbers) | {"wish": wish.wish, "weight": wish.weight},
        lambda row, read: av.Wish(
            gp_id=read.gp_id[row.gp_number], wish=row.wish, weight=row.weight, **_moments(row)
        ),
    ),
    Mapped(
        t.ClinicDaysRow, "clinic_days",
        lambda days, numbers: {"gp_number": numbers[days[0]], "weekdays": sorted(days[1])},
        lambda row, read: (read.gp_id[row.gp_number], frozenset(row.weekdays)),
        collect=dict,
    ),
    Mapped(
        t.BalanceRow, "balances", _columns("burden", "hours"), _back(av.Balance, "burden", "hours")
    ),
    Mapped(
        t.LimitRow, "limits",
        lambda limit, numbers: _columns("max_hours")(limit, numbers) | {"burden": limit.burden or "total"},
        _limit,
    ),
    Mapped(
        t.PreferenceRow, "preferences", _columns("burden", "factor"), _back(av.Preference, "burden", "factor")
    ),
    Mapped(t.PastHolidayRow, "past_holidays", _columns("date"), _back(av.PastHoliday, "date")),
    Mapped(t.LockRow, "locks", _columns("shift_id"), _back(Lock, "shift_id")),
    Mapped(
        t.PayeeRow, "payees", _columns("valid_from", "payee_name", "iban", "basis"),
        _back(Payee, "valid_from", "payee_name", "iban", "basis"),
    ),
)  # fmt: skip
"""In the order of writing."""
