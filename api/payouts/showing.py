"""Runs, lines and corrections as callers see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables.payouts import PaymentLine, PaymentRun, PaymentStatement, PaymentTransfer
from api.paging import Cut, Page, cursor_of
from api.payouts import repository, run_repository
from api.payouts.repository import key_of
from api.payouts.run_schemas import (
    CorrectionShown,
    LineShown,
    NoticeShown,
    PaymentShown,
    Preview,
    RunShown,
    ShiftCorrectionShown,
    Sum,
)
from api.payouts.transfer_repository import latest_transfers, sent_runs
from api.payouts.transfers import PAYMENT_FILE
from api.payouts.waiting import waiting_sums
from scheduler.messages import text

if TYPE_CHECKING:
    from scheduler.payout import Correction
    from scheduler.payout import PaymentRun as NextRun

_PLAIN = ("day", "shift_id", "contract", "kind", "minutes", "sign", "capped", "reason")
_CENTS = ("lines", "carried_in", "paid", "carried_out")


def shown_runs(session: Session, hds_id: str, rows: Sequence[PaymentRun]) -> dict[int, RunShown]:
    """Runs by number, with how much they hold and by whom they were closed."""
    counted = run_repository.counted(session, hds_id, [row.number for row in rows])
    later, sent = latest_transfers(session, hds_id), sent_runs(session, hds_id)
    return {
        row.number: RunShown(
            number=row.number, period_start=row.period_start, period_end=row.period_end, closed_on=row.closed_on,
            closed_at=local(row.closed_at), closed_by=repository.user_name(session, row.closed_by),
            amount_cents=row.amount_cents, paid_cents=row.paid_cents,
            carried_out_cents=counted[row.number].carried_out, statements=counted[row.number].statements,
            lines=counted[row.number].lines,
            outstanding_minutes=row.record.get("outstanding_minutes", 0), hash=row.record["hash"],
            payment_file=PAYMENT_FILE in row.record["files"] or row.number in later,
            payment_file_sent=row.number in sent, **_paid_from(row, later.get(row.number)),
        )
        for row in rows
    }  # fmt: skip


def _paid_from(row: PaymentRun, later: PaymentTransfer | None) -> dict[str, Any]:
    """Day and account of the payment file in force, else those that the run was closed with."""
    if later is not None:
        return {"pay_on": later.pay_on, "debtor_name": later.debtor_name, "debtor_iban": later.debtor_iban}
    debtor = row.record["debtor"] or {}
    return {"pay_on": row.record["pay_on"], "debtor_name": debtor.get("name"), "debtor_iban": debtor.get("iban")}


def shown_run(session: Session, row: PaymentRun) -> RunShown:
    """One run."""
    return shown_runs(session, row.hds_id, [row])[row.number]


def shown_line(line: PaymentLine, gp_id: str, name: str) -> LineShown:
    """A line of a closed run."""
    return LineShown(
        run=line.number, position=line.position, statement=line.statement, gp_id=gp_id, gp_name=name,
        start=local(line.starts_at), end=local(line.ends_at), rate_cents=line.rate_cents,
        agreed_cents=line.agreed_cents, maximum_cents=line.maximum_cents, amount_cents=line.amount_cents,
        **_in_words(line.kind, line.reason), **{field: getattr(line, field) for field in _PLAIN},
    )  # fmt: skip


def _in_words(kind: str, reason: str) -> dict[str, str]:
    return {
        "kind_name": text(f"payout.kind.{kind}"), "reason_text": text(f"payout.reason.{reason}") if reason else ""
    }  # fmt: skip


def shown_payment(row: PaymentStatement) -> PaymentShown:
    """A statement of a closed run."""
    return PaymentShown(**{name: getattr(row, name) for name in PaymentShown.model_fields})


def shown_preview(run: NextRun) -> Preview:
    """What closing the run would pay."""
    from scheduler.payout.sepa import transfer_mistakes

    corrected = run.lines[run.lines["reason"] != ""]
    sums = {name: sum(getattr(payment, name) for payment in run.payments) for name in _CENTS}
    return Preview(
        number=run.number, period_start=run.period.start, period_end=run.period.end, nothing_to_pay=run.is_empty,
        lines=len(run.lines), amount_cents=int(run.lines["amount"].sum()),
        corrections_cents=int(corrected["amount"].sum()), paid_cents=sums["paid"],
        carried_in_cents=sums["carried_in"], carried_out_cents=sums["carried_out"],
        by_kind=_sums(run, "kind", "payout.kind"), by_class=_sums(run, "contract", "terms.contract"),
        payments=[
            PaymentShown(
                name=payment.statement, payee=payment.account.name, iban=payment.account.iban,
                gp_id=payment.account.gp_id, **{f"{name}_cents": getattr(payment, name) for name in _CENTS},
            )
            for payment in run.payments
        ],
        outstanding=waiting_sums(run.outstanding),
        notices=[NoticeShown(code=notice.code, text=notice.text) for notice in run.notices],
        missing_accounts=[mistake.expected for mistake in transfer_mistakes(run.payments)],
    )  # fmt: skip


def _sums(run: NextRun, column: str, room: str) -> list[Sum]:
    signed = run.lines.assign(minutes=run.lines["minutes"] * run.lines["sign"])
    sums = signed.groupby(column)[["minutes", "amount"]].sum()
    return [
        Sum(code=str(code), name=text(f"{room}.{code}"), minutes=int(minutes), amount_cents=int(cents))
        for code, minutes, cents in sums.itertuples()
    ]


def preview_lines(run: NextRun, cut: Cut) -> Page[LineShown]:
    """A page of the lines of a run to come; positions hold as long as nothing changes."""
    first = int(key_of(cut, int)[0]) + 1 if cut.after is not None else 0
    names = {gp.id: gp.name for gp in run.dossier.gps}
    part = run.lines.iloc[max(first, 0) : max(first, 0) + cut.limit]
    items = [_line_to_come(max(first, 0) + place, line, names) for place, line in enumerate(part.to_dict("records"))]
    more = items and items[-1].position + 1 < len(run.lines)
    return Page(items=items, next=cursor_of([items[-1].position]) if more else None)


def _line_to_come(position: int, line: Mapping[Any, Any], names: Mapping[str, str]) -> LineShown:
    import pandas as pd

    maximum = line["maximum"]
    return LineShown(
        run=None, position=position, statement=None, gp_id=line["gp_id"],
        gp_name=names.get(line["gp_id"], line["gp_id"]), start=local(line["start"].to_pydatetime()),
        end=local(line["end"].to_pydatetime()), rate_cents=line["rate"], agreed_cents=line["agreed"],
        maximum_cents=None if pd.isna(maximum) else int(maximum), amount_cents=line["amount"],
        **_in_words(line["kind"], line["reason"]), **{field: line[field] for field in _PLAIN},
    )  # fmt: skip


def shown_corrections(found: Iterable[Correction]) -> list[CorrectionShown]:
    """What the next run would change, per payee."""
    return [
        CorrectionShown(
            payee=one.account.name, iban=one.account.iban, gp_id=one.account.gp_id, old_cents=one.old,
            new_cents=one.new, difference_cents=one.difference,
            shifts=[
                ShiftCorrectionShown(
                    shift_id=shift.shift_id, old_cents=shift.old, new_cents=shift.new, reason=shift.reason,
                    reason_text=text(f"payout.reason.{shift.reason}"),
                )
                for shift in one.shifts
            ],
        )
        for one in found
    ]  # fmt: skip
