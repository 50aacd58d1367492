"""Account numbers: ISO 13616 shape and ISO 7064 mod-97 check digits."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_DUTCH = re.compile(r"NL\d{2}[A-Z]{4}\d{10}")


def normal_iban(written: str) -> str:
    """The account number without blanks, in capitals, as payment files want it."""
    return "".join(written.split()).upper()


def is_iban(written: str) -> bool:
    """Whether this is an account number with the right shape and the right check digits."""
    iban = normal_iban(written)
    shape = _DUTCH if iban.startswith("NL") else _SHAPE
    if not iban.isascii() or not shape.fullmatch(iban):
        return False
    digits = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])
    return int(digits) % 97 == 1
