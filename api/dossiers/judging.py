"""Changed rows of a dossier judged by the readers of its files: alone where that is enough, else with everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from api.db.tables import dossier as t
from api.dossiers import rows_kept
from api.dossiers.mapping import settings_fields
from api.dossiers.parts import PARTS, Part
from api.dossiers.rows_kept import Kept
from api.dossiers.storable import note_cells, refuse_if_immense
from api.errors import Problem
from scheduler.domain.dossier import Dossier
from scheduler.dossier.findings import Findings
from scheduler.dossier.reading import RowsRead, Source
from scheduler.dossier.rows import Known
from scheduler.dossier.settings import Settings
from scheduler.dossier.table import RawRow, RawTable
from scheduler.errors import DossierError, Mistake
from scheduler.intake import judged
from scheduler.messages import text

MOST_ROWS_OF_GP = 1000
"""Rows of one part about one GP."""
FIRST_NEW = 2**53
"""New rows count from here where others have their number, so that they are judged as the last in their file."""


@dataclass(frozen=True)
class Draft:
    """What a row is to become: `before` None for a new one, `after` None to take it out."""

    part: Part
    before: Kept | None
    after: Mapping[str, str] | None
    line: int

    @property
    def gp_ids(self) -> frozenset[str]:
        """The GPs whom it is about."""
        sides = (self.before.cells if self.before else {}, self.after or {})
        return frozenset(gp_id for cells in sides if (gp_id := cells.get("gp_id")))


def items_of(session: Session, row: t.Dossier, drafts: Sequence[Draft]) -> list[Any]:
    """The item of each draft as the domain has it, None for one that is taken out.

    Raises Problem `dossier_invalid` with every mistake: part, row, column, found, expected.
    """
    findings = Findings()
    try:
        read = _alone(session, row.id, drafts, findings)
        return read if read is not None else _with_everything(session, row, drafts, findings)
    except DossierError as error:
        raise refusal(error.mistakes) from None


def refusal(mistakes: Sequence[Mistake]) -> Problem:
    """The mistakes as a problem; places are rows of parts."""
    return Problem(
        "dossier_invalid",
        text("problems.mistakes", count=len(mistakes)),
        errors=[
            {
                "part": mistake.file.removesuffix(".csv").replace("hds.toml", "settings"),
                "row_id": None if mistake.line is None or mistake.line >= FIRST_NEW else mistake.line,
                "change": mistake.line - FIRST_NEW if mistake.line is not None and mistake.line >= FIRST_NEW else None,
                "column": mistake.column,
                "found": mistake.found,
                "expected": mistake.expected,
            }
            for mistake in mistakes
        ],
    )


def _alone(session: Session, dossier_id: int, drafts: Sequence[Draft], findings: Findings) -> list[Any] | None:
    """The drafts judged with the other rows of their GPs; None when they bear on more than that."""
    if not all(draft.part.of_gp for draft in drafts):
        return None
    numbers = rows_kept.numbers_in_dossier(
        session, dossier_id, frozenset[str]().union(*(draft.gp_ids for draft in drafts))
    )
    if any(draft.part.bears_on_locks for draft in drafts) and rows_kept.have_locks(
        session, dossier_id, numbers.values()
    ):
        return None
    known = Known(None, None, None, frozenset(numbers), {})
    tables = {
        draft.part.name: _table(draft.part, rows_kept.of_gps(session, dossier_id, draft.part, numbers.values()), drafts)
        for draft in drafts
    }
    for name, table in tables.items():
        if len(table.rows) > MOST_ROWS_OF_GP * max(1, len(numbers)):
            findings.wrong(f"{name}.csv", None, None, str(len(table.rows)), "fewer_rows", most=MOST_ROWS_OF_GP)
    _note_cells(drafts, findings)
    read = RowsRead({f"{name}.csv": table for name, table in tables.items()}, known, findings)
    read.check(findings)
    findings.refuse_if_wrong()
    placed = {(name, one.row.line): one.item for name in tables for one in getattr(read, name)}
    return [None if draft.after is None else placed[draft.part.name, draft.line] for draft in drafts]


def _with_everything(session: Session, row: t.Dossier, drafts: Sequence[Draft], findings: Findings) -> list[Any]:
    _note_cells(drafts, findings)
    dossier, tables = judge_whole(session, row, Settings(**settings_fields(row)), drafts, findings)
    at = {(name, raw.line): position for name, table in tables.items() for position, raw in enumerate(table.rows)}
    items = {part: list(PARTS[part].mapped.items(dossier)) for part in {draft.part.name for draft in drafts}}
    return [
        None if draft.after is None else items[draft.part.name][at[draft.part.name, draft.line]] for draft in drafts
    ]


def judge_whole(
    session: Session, row: t.Dossier, settings: Settings, drafts: Sequence[Draft], findings: Findings
) -> tuple[Dossier, Mapping[str, RawTable]]:
    """The whole dossier with the drafts in it, judged by the one door; raises DossierError with every mistake."""
    tables = {name: _table(part, rows_kept.rows_of_part(session, row.id, part), drafts) for name, part in PARTS.items()}
    source = Source(settings, {f"{name}.csv": table for name, table in tables.items()})
    refuse_if_immense(source, findings)
    return judged(source, findings).dossier, tables


def _note_cells(drafts: Iterable[Draft], findings: Findings) -> None:
    for draft in drafts:
        if draft.after is not None:
            note_cells(draft.part.spec.name, RawRow(draft.line, draft.after), findings)


def _table(part: Part, kept: Iterable[Kept], drafts: Iterable[Draft]) -> RawTable:
    """The rows of a part as they would stand in its file, each on the line of its number."""
    rows = {one.row_id: one.cells for one in kept}
    for draft in drafts:
        if draft.part is part and draft.before is not None:
            rows.pop(draft.before.row_id, None)
    rows |= {draft.line: draft.after for draft in drafts if draft.part is part and draft.after is not None}
    lines = (RawRow(line, cells) for line, cells in sorted(rows.items()))
    return RawTable(part.spec, part.spec.all_columns, tuple(lines), complete=True)
