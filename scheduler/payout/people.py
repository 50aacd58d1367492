"""Whose duties are paid, in which class, and to whom the money goes, for all duties at once."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pandas as pd

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED
from scheduler.payout.payees import PayeeBook, contract_on


class _Person(NamedTuple):
    """What a line says about performer and payee."""

    contract: str
    practice_id: str
    payee: str
    iban: str
    basis: str


def with_people(duties: pd.DataFrame, dossier: Dossier) -> pd.DataFrame:
    """The duties with class, practice and payee of each on its day (columns of `_Person`).

    For most GPs all three are the same on every day; only the others are looked up day by day.
    """
    book = PayeeBook(dossier)
    first = dossier.period.start
    gp_ids = duties["gp_id"].unique()
    steady = {gp_id: _person(dossier, book, gp_id, first) for gp_id in gp_ids if _is_steady(dossier, book, gp_id)}
    dated = duties[~duties["gp_id"].isin(list(steady))]
    pairs = set(zip(dated["gp_id"], dated["day"], strict=True))
    by_day = {(gp_id, day): _person(dossier, book, gp_id, day) for gp_id, day in pairs}
    people = [
        steady[gp_id] if gp_id in steady else by_day[gp_id, day]
        for gp_id, day in zip(duties["gp_id"], duties["day"], strict=True)
    ]
    columns = {
        name: pd.Series([one[place] for one in people], dtype=object) for place, name in enumerate(_Person._fields)
    }
    return duties.assign(**columns)


def _is_steady(dossier: Dossier, book: PayeeBook, gp_id: str) -> bool:
    own = {dossier.gp_by_id[gp_id].contract}
    agreed = {one.contract for one in dossier.agreements_by_gp.get(gp_id, ()) if one.contract in QUALIFIED}
    return agreed <= own and book.is_steady(gp_id, dossier.period.start)


def _person(dossier: Dossier, book: PayeeBook, gp_id: str, day: date) -> _Person:
    contract = contract_on(dossier, gp_id, day).value
    return _Person(contract, dossier.gp_by_id[gp_id].practice_id or "", *book.of(gp_id, day))


def is_paid(duties: pd.DataFrame) -> pd.Series[bool]:
    """Which duties are paid: those of qualified GPs, never those of a trainee or junior."""
    return duties["contract"].isin([contract.value for contract in QUALIFIED])


def paid_twice(duties: pd.DataFrame) -> list[tuple[str, str, str]]:
    """GP and two shifts, for each duty that begins while an earlier one of the same GP goes on."""
    ordered = duties.sort_values(["gp_id", "start", "end"], kind="stable")
    starts, ends = ordered["start"].astype("int64"), ordered["end"].astype("int64")
    found: list[tuple[str, str, str]] = []
    latest: tuple[str, str, int] = ("", "", 0)
    for gp_id, shift_id, start, end in zip(ordered["gp_id"], ordered["shift_id"], starts, ends, strict=True):
        if latest[0] == gp_id and start < latest[2]:
            found.append((gp_id, latest[1], shift_id))
        if latest[0] != gp_id or end > latest[2]:
            latest = (gp_id, shift_id, end)
    return found
