"""Tariffs and payees: what finance enters."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query, Response

from api.auth.access import Finance
from api.clock import local
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.dossier import PayeeRow
from api.db.tables.payouts import TariffRow
from api.errors import problems
from api.etag import IfMatch, show_revision
from api.fields import Identifier, Key
from api.paging import Page, PageCut, page_of
from api.payouts import payees, repository, tariffs
from api.payouts.schemas import HeldTariff, NationalTariff, PayeeEntry, PayeeShown, TariffEntry, TariffsShown
from api.room import room

router = room("/hds/{hds_id}", "payouts")

DossierId = Annotated[Key | None, Query(description="The dossier; without it the latest in force.", examples=[1])]


def _held(row: TariffRow) -> HeldTariff:
    return HeldTariff(
        **{name: getattr(row, name) for name in NationalTariff.model_fields}, id=row.id,
        entered_at=local(row.entered_at), withdrawn_at=row.withdrawn_at and local(row.withdrawn_at),
    )  # fmt: skip


def _national() -> list[NationalTariff]:
    from scheduler.payout.tariffs import national_tariffs

    return [
        NationalTariff(**row.model_dump() | {"valid_until": None if row.valid_until == date.max else row.valid_until})
        for row in national_tariffs().national
    ]


@router.get("/tariffs", summary="The tables of maximum rates")
def list_tariffs(
    who: Finance,
    session: ReadSession,
    withdrawn: Annotated[bool, Query(description="Also rows that were withdrawn.")] = False,
) -> TariffsShown:
    """The national table with how sure each amount is, and the HDS's own rows."""
    own = repository.tariffs(session, who.hds_id, withdrawn=withdrawn)
    return TariffsShown(national=_national(), own=[_held(row) for row in own])


@router.post(
    "/tariffs",
    status_code=201,
    summary="Enter and withdraw rates of the HDS",
    responses=problems("dossier_invalid", "not_found"),
)
def change_tariffs(who: Finance, session: WriteSession, entry: TariffEntry) -> TariffsShown:
    """In one act, so that a year can be replaced; overlaps, gaps and agreed rates above all maxima are refused."""
    own = tariffs.change(session, who, entry)
    return TariffsShown(national=_national(), own=[_held(row) for row in own])


@router.delete(
    "/tariffs/{tariff_id}",
    status_code=204,
    summary="Withdraw one rate",
    responses=problems("dossier_invalid", "not_found"),
)
def withdraw_tariff(
    who: Finance,
    session: WriteSession,
    tariff_id: Annotated[Key, Path(description="The id of a row that holds.", examples=[7])],
) -> None:
    """The row stays as history; refused where it would leave a gap between others."""
    tariffs.withdraw(session, who, tariff_id)


def _payee(row: PayeeRow, gp_id: str, name: str) -> PayeeShown:
    return PayeeShown(
        id=row.id, gp_id=gp_id, gp_name=name, valid_from=row.valid_from, payee_name=row.payee_name, iban=row.iban,
        basis=row.basis,
    )  # fmt: skip


def _key(row: Any) -> tuple[str, str]:
    return row[1], row[0].valid_from.isoformat()


@router.get("/payees", summary="Who is paid for whose duties", responses=problems("not_found", "bad_cursor"))
def list_payees(
    who: Finance,
    session: ReadSession,
    response: Response,
    cut: PageCut,
    dossier_id: DossierId = None,
    gp_id: Annotated[Identifier | None, Query(description="Only of this GP.", examples=["G0001"])] = None,
) -> Page[PayeeShown]:
    """By GP and day; the ETag is that of the dossier, which a change of payees asks for."""
    dossier = payees.dossier_of(session, who.hds_id, dossier_id)
    show_revision(response, dossier.revision)
    rows = repository.payees(session, dossier.id, cut, gp_id)
    return page_of(rows, cut, _key, lambda row: _payee(*row))


@router.post(
    "/payees",
    status_code=201,
    summary="Pay a GP's duties to another payee from a day on",
    responses=problems("dossier_invalid", "not_found", "changed_meanwhile", "if_match_needed"),
)
def add_payee(
    who: Finance,
    session: WriteSession,
    response: Response,
    entry: PayeeEntry,
    dossier_id: DossierId = None,
    if_match: IfMatch = None,
) -> PayeeShown:
    """The account number's check digits are checked; days that closed runs paid are settled by the next run."""
    dossier = payees.dossier_of(session, who.hds_id, dossier_id)
    row = payees.add(session, who, dossier.id, entry, if_match)
    session.refresh(dossier)
    show_revision(response, dossier.revision)
    return _payee(row, entry.gp_id, repository.gp_name(session, row))


@router.delete(
    "/payees/{payee_id}",
    status_code=204,
    summary="Take a payee away",
    responses=problems("not_found", "changed_meanwhile", "if_match_needed"),
)
def remove_payee(
    who: Finance,
    session: WriteSession,
    payee_id: Annotated[Key, Path(description="The id of the row.", examples=[12])],
    if_match: IfMatch = None,
) -> None:
    """The row before it holds on again; If-Match wants the ETag of the dossier."""
    payees.remove(session, who, payee_id, if_match)
