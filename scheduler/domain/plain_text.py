"""Which texts of people are safe to stand in a table: on one line, and never read as a formula.

A spreadsheet that opens a CSV file reads a cell that begins with one of a few signs as a formula, which can send the
table elsewhere. Source of the signs: OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import unicodedata

FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"
"""The first signs that make a formula; the wide forms count as the plain ones in some spreadsheets."""


def begins_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet could read `text` as a formula; blanks before it do not count."""
    bare = text.lstrip(" ")
    return bool(bare) and bare[0] in FORMULA_SIGNS


def has_line_break(text: str) -> bool:
    """Tell whether `text` has a sign that ends a line, or another sign that only machines see."""
    return any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in text)
