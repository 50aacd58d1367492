"""The small tree of errors that the engine raises; each has a stable `code` and none knows a web status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class AnwError(Exception):
    """Root of every error that a user may meet; `code` never changes once published."""

    code = "anw_error"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a user's file: where it stands, what was found and what was expected."""

    file: str
    line: int | None
    column: str | None
    found: str
    expected: str

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f":{self.line}"
        if self.column:
            place += f" [{self.column}]"
        return f"{place}: {self.found!r} — {self.expected}"


class DossierError(AnwError):
    """The input is wrong; `mistakes` holds every mistake found, in the order of files and lines."""

    code = "dossier_invalid"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class DamageError(AnwError):
    """What was kept can't be read any more, or is not what was put away: a database file, a backup."""

    code = "damaged"


class OutputError(AnwError):
    """The output folder cannot be written."""

    code = "output_unwritable"


class ReportUnmade(AnwError):
    """The roster is written, but its report could not be made."""

    code = "report_unmade"


class RosterUnreadable(AnwError):
    """A roster folder is missing, empty or does not belong to the dossier."""

    code = "roster_unreadable"


class UnknownSubject(AnwError):
    """A GP or shift that was asked about does not exist."""

    code = "unknown_subject"


class ImpossibleSize(AnwError):
    """A fictitious HDS of the size asked for could not be staffed."""

    code = "generate_impossible_size"


class LedgerAltered(AnwError):
    """The closed payment runs are not what they were when they were closed, or belong to another HDS."""

    code = "payout_ledger_altered"


class PayoutUnbalanced(AnwError):
    """Lines, statements and payments of a run do not add up to the same cent; nothing is closed."""

    code = "payout_unbalanced"


class UnsoundMoves(AnwError):
    """A swap that cannot be judged: unknown shifts or GPs, or moves that contradict each other."""

    code = "swap_unsound"

    def __init__(self, objections: Sequence[str]) -> None:
        self.objections = tuple(objections)
        super().__init__("\n".join(self.objections))


class OutdatedMoves(UnsoundMoves):
    """A swap about shifts that are by now somebody else's than it says."""

    code = "swap_outdated"


class MendRefused(AnwError):
    """A roster cannot be mended as asked: unknown GPs or shifts, or shifts that have begun."""

    code = "mend_refused"

    def __init__(self, objections: Sequence[str]) -> None:
        self.objections = tuple(objections)
        super().__init__("\n".join(self.objections))


class StandbyUnfit(AnwError):
    """A standby that cannot be called in for a shift: it is none, nobody has it, or it is at another time."""

    code = "standby_unfit"


class ExtraRefused(AnwError):
    """Extra shifts that cannot be opened: unknown posts, or days outside the period."""

    code = "extra_refused"

    def __init__(self, objections: Sequence[str]) -> None:
        self.objections = tuple(objections)
        super().__init__("\n".join(self.objections))
