"""What a reading finds on its way: mistakes that refuse the dossier, notices about what was understood all the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from scheduler.dossier.schema import FILE_ORDER
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the planner should know though nothing is refused; `text` is Dutch, `code` stable."""

    code: str
    file: str
    line: int | None
    text: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.text}"


@dataclass(slots=True)
class Findings:
    """A growing list of mistakes and notices of one reading.

    `suspects` are the GPs of whom some row is wrong: what the rules say about them cannot be trusted yet.
    """

    mistakes: list[Mistake] = field(default_factory=list)
    suspects: set[str] = field(default_factory=set)
    _notices: list[Notice] = field(default_factory=list)
    _habits: Counter[tuple[str, str]] = field(default_factory=Counter)

    def wrong(self, file: str, line: int | None, column: str | None, found: str, key: str, /, **values: object) -> None:
        """Note a mistake; `key` names the text in the catalogue that says what was expected."""
        expected = text(f"dossier.expected.{key}", **values)
        self.mistakes.append(Mistake(file, line, column, found, expected))

    def notice(self, code: str, file: str, line: int | None = None, /, **values: object) -> None:
        """Note one thing that was understood or will be ignored."""
        self._notices.append(Notice(code, file, line, text(f"dossier.notice.{code}", **values)))

    def habit(self, code: str, file: str) -> None:
        """Count a habit of a spreadsheet; told once for each file, however often it occurs."""
        self._habits[code, file] += 1

    @property
    def notices(self) -> tuple[Notice, ...]:
        """All notices in the order of files, habits with how often they occurred."""
        habits = [
            Notice(code, file, None, text(f"dossier.notice.{code}", count=count))
            for (code, file), count in self._habits.items()
        ]
        return tuple(sorted([*habits, *self._notices], key=lambda found: _place(found.file, found.line)))

    def in_order(self) -> tuple[Mistake, ...]:
        """The mistakes in the order of files and lines."""
        return tuple(sorted(self.mistakes, key=lambda found: _place(found.file, found.line)))

    def refuse_if_wrong(self) -> None:
        """Raise DossierError with every mistake found so far, if there is any."""
        if self.mistakes:
            raise DossierError(self.in_order())


def _place(file: str, line: int | None) -> tuple[int, str, int]:
    return FILE_ORDER.get(file, -1), file, line or 0
