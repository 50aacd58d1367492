"""A row judged alone gets the verdict that the whole dossier would give it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from api.db.engine import Database
from api.db.tables import dossier as t
from api.dossiers import rows_kept
from api.dossiers.judging import FIRST_NEW, Draft, items_of, judge_whole, refusal
from api.dossiers.mapping import settings_fields
from api.dossiers.parts import PARTS, Part
from api.errors import Problem
from scheduler.dossier.findings import Findings
from scheduler.dossier.schema import Kind
from scheduler.dossier.settings import Settings
from scheduler.errors import DossierError
from tests.api.dossiers.conftest import SQLITE_ONLY

ALONE = [part for part in PARTS.values() if part.of_gp]
_NUMBERS = st.sampled_from(("0", "0.25", "0,5", "1", "3", "4", "10", "10.5", "-1", "1e400", "veel", ""))
_MOMENTS = st.sampled_from(
    ("2027-03-01T12:00", "2027-03-02T12:00", "1-3-2027 8:00", "2027-03-28T02:30", "2027-02-30T08:00", "46082.5", "")
)
_DAYS = st.sampled_from(("2026-12-25", "2027-01-01", "25-12-2026", "46082", "2027-13-01", ""))
_WORDS = {
    "gp_id": ("G1", "G2", "T1", "G9", "", "a;b"), "wish": ("avoid", "prefer", "misschien", ""),
    "weekdays": ("mon", "mon;tue", "mon;mon", "sat", ""), "basis": ("self_employed", "via_practice", "zelf"),
    "burden": ("night", "weekend", "total", "nacht", ""),
}  # fmt: skip
_TEXTS = st.sampled_from(("", "verlof", "x" * 2001))


@st.composite
def _cells(draw: st.DrawFn, part: Part) -> Mapping[str, str]:
    of_kind = {Kind.NUMBER: _NUMBERS, Kind.MOMENT: _MOMENTS, Kind.DATE: _DAYS}
    return {
        column: draw(
            st.sampled_from(_WORDS[column]) if column in _WORDS else of_kind.get(part.spec.kind(column), _TEXTS)
        )
        for column in part.spec.all_columns
    }


def _alone(session: Session, row: t.Dossier, draft: Draft) -> Any:
    try:
        return items_of(session, row, [draft])
    except Problem as problem:
        return problem.extra["errors"]


def _with_everything(session: Session, row: t.Dossier, draft: Draft) -> Any:
    findings = Findings()
    try:
        judge_whole(session, row, Settings(**settings_fields(row)), [draft], findings)
    except DossierError as error:
        return refusal(error.mistakes).extra["errors"]
    return []


@SQLITE_ONLY
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_row_alone_is_judged_as_with_everything(database: Database, where: str, data: st.DataObject) -> None:
    """Right or wrong, new or changed: the same mistakes in the same words, and none where there are none."""
    part = data.draw(st.sampled_from(ALONE))
    with database.reading() as session:
        row = session.get_one(t.Dossier, int(where.rpartition("/")[2]))
        kept = data.draw(st.sampled_from([None, *rows_kept.rows_of_part(session, row.id, part)]))
        draft = Draft(part, kept, data.draw(_cells(part)), kept.row_id if kept else FIRST_NEW)
        alone, whole = _alone(session, row, draft), _with_everything(session, row, draft)
        too_long = [one for one in alone if isinstance(one, dict) and "tekens" in one["expected"]]
        if whole or too_long:
            assert [one for one in alone if one not in too_long] == whole
        else:
            assert len(alone) == 1
            assert not isinstance(alone[0], dict)
