"""Names and descriptions in the few signs that every SEPA bank takes.

The Latin set of the EPC guidelines: letters without accents, digits, blanks and `/ - ? : ( ) . , ' +`.
"""

from __future__ import annotations

import re

from text_unidecode import unidecode  # type: ignore[import-untyped]

_OUTSIDE = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
_LONGEST_NAME = 70


def bank_text(written: str, longest: int) -> str:
    """The text in those signs, cut at `longest`; what has no such sign becomes a blank."""
    latin = str(unidecode(written)).replace("&", "+")
    return re.sub(r"\s+", " ", _OUTSIDE.sub(" ", latin)).strip()[:longest].strip()


def bank_name(written: str) -> str:
    """The name of a party in those signs; empty when no letter or digit of it can be written so."""
    name = bank_text(written, _LONGEST_NAME)
    return name if any(sign.isalnum() for sign in name) else ""
