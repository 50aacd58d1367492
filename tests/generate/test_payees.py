"""Fictitious bank accounts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.people import Contract
from scheduler.domain.settings import PayeeBasis
from scheduler.generate import generate
from scheduler.generate.dice import Dice
from scheduler.generate.payees import NO_BANK, fictitious_iban


@given(st.integers(0, 10**6))
def test_an_iban_passes_the_check_of_iso_13616(seed: int) -> None:
    """Rearranged and read as a number, it leaves 1 when divided by 97; the bank does not exist."""
    iban = fictitious_iban(Dice(seed, ""))
    assert len(iban) == 18
    assert iban[4:8] == NO_BANK
    assert int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


def test_an_employee_is_paid_by_way_of_the_practice() -> None:
    """Owner and employee of a practice share its account; a locum has an account alone."""
    dossier = generate(60, 1, 1)
    by_gp = {payee.gp_id: payee for payee in dossier.payees}
    for gp in dossier.gps:
        if gp.id in by_gp:
            via = by_gp[gp.id].basis is PayeeBasis.VIA_PRACTICE
            assert via == (gp.contract is Contract.SALARIED)
    locums = [by_gp[gp.id].iban for gp in dossier.gps if gp.contract is Contract.LOCUM]
    assert len(set(locums)) == len(locums)
    accounts = {by_gp[gp.id].iban for gp in dossier.gps if gp.practice_id == "PR001" and gp.id in by_gp}
    assert len(accounts) == 1
