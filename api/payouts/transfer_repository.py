"""Queries on the payment files of closed runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, defer

from api.db.tables.payouts import PaymentFileSent, PaymentTransfer


def transfers(session: Session, hds_id: str, number: int) -> Sequence[PaymentTransfer]:
    """The payment files of a run that were made after its closing, the one in force last."""
    of_run = select(PaymentTransfer).where(PaymentTransfer.hds_id == hds_id, PaymentTransfer.number == number)
    return session.scalars(of_run.order_by(PaymentTransfer.version)).all()


def all_transfers(session: Session, hds_id: str) -> Sequence[PaymentTransfer]:
    """Every payment file of an HDS that was made after a closing, in order of run and version."""
    of_hds = select(PaymentTransfer).where(PaymentTransfer.hds_id == hds_id)
    return session.scalars(of_hds.order_by(PaymentTransfer.number, PaymentTransfer.version)).all()


def latest_transfers(session: Session, hds_id: str) -> Mapping[int, PaymentTransfer]:
    """For each run with payment files made after its closing the one in force, without its content."""
    keys = (
        select(PaymentTransfer.number, func.max(PaymentTransfer.version))
        .where(PaymentTransfer.hds_id == hds_id)
        .group_by(PaymentTransfer.number)
    )
    latest = select(PaymentTransfer).where(
        PaymentTransfer.hds_id == hds_id, tuple_(PaymentTransfer.number, PaymentTransfer.version).in_(keys)
    )
    rows = session.scalars(latest.options(defer(PaymentTransfer.content, raiseload=True)))
    return {row.number: row for row in rows}


def sent_file(session: Session, hds_id: str, number: int) -> PaymentFileSent | None:
    """The record that the payment file of a run went to the bank."""
    return session.get(PaymentFileSent, (hds_id, number))


def sent_runs(session: Session, hds_id: str) -> frozenset[int]:
    """The runs whose payment file went to the bank."""
    return frozenset(session.scalars(select(PaymentFileSent.number).where(PaymentFileSent.hds_id == hds_id)))
