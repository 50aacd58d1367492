"""Where the rows of pay meet the engine; nowhere else. What brings pandas along is imported when it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from api.clock import local
from api.db.tables.payouts import CallIn, TariffRow, Worked

if TYPE_CHECKING:
    from scheduler.payout.ledger import ClosedRun, Ledger
    from scheduler.payout.payees import Account
    from scheduler.payout.tariffs import Tariff, TariffTable
    from scheduler.payout.worked import Actuals, Stretch

Values = dict[str, Any]
_AMOUNTS = ("lines", "carried_in", "paid", "carried_out")


def tariff_of(row: TariffRow) -> Tariff:
    """The row as the engine knows it; a row without end holds on."""
    from scheduler.payout.tariffs import Tariff

    return Tariff(
        valid_from=row.valid_from, valid_until=row.valid_until or date.max, kind=row.kind,
        cents_per_hour=row.cents_per_hour, source=row.source, certainty=row.certainty,
    )  # fmt: skip


def table_of(own: Iterable[TariffRow]) -> TariffTable:
    """The national table with the HDS's own rows, all there are, laid over it."""
    from scheduler.payout.tariffs import national_tariffs

    return national_tariffs().replace(own=tuple(map(tariff_of, own)), own_is_all=True)


def actuals_of(worked: Iterable[Worked], call_ins: Iterable[CallIn], ids: Mapping[int, str]) -> Actuals:
    """What was told about the hours really worked; `ids` are the ids of GPs by number."""
    from scheduler.payout.worked import Actuals

    return Actuals(
        worked=tuple(_stretch(row, ids) for row in worked), call_ins=tuple(_stretch(row, ids) for row in call_ins)
    )


def _stretch(row: Worked | CallIn, ids: Mapping[int, str]) -> Stretch:
    from scheduler.payout.worked import Stretch

    gp_id = "" if row.gp_number is None else ids[row.gp_number]
    return Stretch(shift_id=row.shift_id, gp_id=gp_id, start=local(row.starts_at), end=local(row.ends_at))


def statement_rows(ledger: Ledger, run: ClosedRun, numbers: Mapping[str, int]) -> list[Values]:
    """The rows of `payment_statement` for a run that follows `ledger`; `numbers` are those of GPs by id."""
    alone = _paid_alone(ledger, run)
    return [
        {
            "hds_id": run.record["hds_id"], "number": run.number, "name": payment.statement,
            "payee": payment.account.name, "iban": payment.account.iban, "gp_id": payment.account.gp_id,
            **{f"{name}_cents": getattr(payment, name) for name in _AMOUNTS},
            "only_gp_number": numbers.get(alone.get(payment.account, "")),
        }
        for payment in run.payments
    ]  # fmt: skip


def _paid_alone(ledger: Ledger, run: ClosedRun) -> Mapping[Account, str]:
    """For each account of a run the one GP whose pay ever went to that name or number, if there is one.

    Hours that wait for a maximum stand on statements too, so that those who worked them count. An open amount of an
    earlier account may stand on the statement of a later one with the same name or number, so both are followed
    through all runs.
    """
    columns = ["gp_id", "payee", "iban", "account_name", "account_iban"]
    gps_of: dict[str, set[str]] = {}
    for one in (*ledger.runs, run):
        for rows, names in ((one.lines, columns), (one.outstanding, columns[:3])):
            for gp_id, *places in rows[names].drop_duplicates().itertuples(index=False):
                for place in {*places} - {""}:
                    gps_of.setdefault(place, set()).add(gp_id)
    found = {
        payment.account: gps_of.get(payment.account.name, set()) | gps_of.get(payment.account.iban, set())
        for payment in run.payments
    }
    return {account: next(iter(gps)) for account, gps in found.items() if len(gps) == 1}


def line_rows(run: ClosedRun, numbers: Mapping[str, int]) -> list[Values]:
    """The rows of `payment_line` for a run: what stands in its `lines.csv`, in that order."""
    statements = {tuple(payment.account): payment.statement for payment in run.payments}
    return [
        {
            "hds_id": run.record["hds_id"], "number": run.number, "position": position,
            "statement": statements[line["account_name"], line["account_iban"], line["account_gp_id"]],
            "gp_number": numbers[line["gp_id"]], "starts_at": line["start"].to_pydatetime(),
            "ends_at": line["end"].to_pydatetime(), "rate_cents": int(line["rate"]),
            "agreed_cents": int(line["agreed"]), "maximum_cents": _whole(line["maximum"]),
            "amount_cents": int(line["amount"]), "capped": bool(line["capped"]),
            **{name: int(line[name]) for name in ("minutes", "sign")},
            **{name: line[name] for name in ("day", "shift_id", "contract", "kind", "reason")},
        }
        for position, line in enumerate(run.lines.to_dict("records"))
    ]  # fmt: skip


def _whole(value: Any) -> int | None:
    import pandas as pd

    return None if pd.isna(value) else int(value)
