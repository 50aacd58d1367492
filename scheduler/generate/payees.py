"""Fictitious payees with IBANs whose check digits hold (ISO 13616) and whose bank does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from scheduler.domain.people import GP, Contract, Practice
from scheduler.domain.settings import Payee, PayeeBasis
from scheduler.generate.dice import Dice

NO_BANK = "FICT"


def payees_of(gps: Sequence[GP], practices: Sequence[Practice], since: date, seed: int) -> tuple[Payee, ...]:
    """An owner's and an employee's money goes to the practice, the latter `via_practice`; a locum's to the locum."""
    dice = Dice(seed, "payees")
    account_of = {practice.id: fictitious_iban(dice) for practice in practices}
    name_of = {practice.id: practice.name for practice in practices}

    def payee(gp: GP) -> Payee:
        basis = PayeeBasis.VIA_PRACTICE if gp.contract is Contract.SALARIED else PayeeBasis.SELF_EMPLOYED
        practice = gp.practice_id if gp.contract is not Contract.LOCUM else None
        name = name_of[practice] if practice else f"Waarneming {gp.name}"
        iban = account_of[practice] if practice else fictitious_iban(dice)
        return Payee(gp_id=gp.id, valid_from=since, payee_name=name, iban=iban, basis=basis)

    return tuple(payee(gp) for gp in gps)


def fictitious_iban(dice: Dice) -> str:
    """A Dutch IBAN of a bank that does not exist, with valid check digits (mod 97, ISO 7064)."""
    account = f"{dice.whole(0, 10**10 - 1):010d}"
    digits = "".join(str(int(sign, 36)) for sign in f"{NO_BANK}{account}NL00")
    return f"NL{98 - int(digits) % 97:02d}{NO_BANK}{account}"
