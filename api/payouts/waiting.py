"""Hours that wait for a maximum after the last closed run, for finance and for the GP who worked them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.clock import local
from api.dossiers.mapping import gp_ids
from api.payouts import run_repository
from api.payouts.files import content_of
from api.payouts.store import last_number
from api.payouts.waiting_schemas import Waiting, WaitingHours, WaitingSum
from scheduler.messages import text

if TYPE_CHECKING:
    import pandas as pd


def waiting_now(session: Session, hds_id: str, gp_id: str | None = None) -> Waiting:
    """What waits after the last closed run, of everybody or of one GP; nothing before the first."""
    from scheduler.payout.outstanding import OUTSTANDING, read_outstanding

    number = last_number(session, hds_id)
    row = run_repository.run(session, hds_id, number) if number else None
    if row is None or OUTSTANDING not in row.record["files"]:
        return Waiting(sums=[], hours=[])
    found = read_outstanding(content_of(session, row, OUTSTANDING))
    if gp_id is not None:
        found = found[found["gp_id"] == gp_id]
    ids, names = gp_ids(session, hds_id), run_repository.gp_names(session, hds_id)
    return Waiting(sums=waiting_sums(found), hours=_hours(found, {ids[one]: name for one, name in names.items()}))


def waiting_sums(outstanding: pd.DataFrame) -> list[WaitingSum]:
    """What waits per year and kind."""
    from scheduler.payout.outstanding import waiting_by_kind

    return [
        WaitingSum(
            kind=one.kind, kind_name=text(f"payout.kind.{one.kind}"), year=one.year, minutes=one.minutes,
            text=text("payout.outstanding", year=one.year),
        )
        for one in waiting_by_kind(outstanding)
    ]  # fmt: skip


def _hours(outstanding: pd.DataFrame, names: dict[str, str]) -> list[WaitingHours]:
    return [
        WaitingHours(
            kind=row["kind"], kind_name=text(f"payout.kind.{row['kind']}"), year=row["year"], minutes=row["minutes"],
            text=text("payout.outstanding", year=row["year"]), day=row["day"], shift_id=row["shift_id"],
            gp_id=row["gp_id"], gp_name=names.get(row["gp_id"], row["gp_id"]),
            start=local(row["start"].to_pydatetime()), end=local(row["end"].to_pydatetime()),
        )
        for row in outstanding.to_dict("records")
    ]  # fmt: skip
