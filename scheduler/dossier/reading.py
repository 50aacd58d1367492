"""From a folder to a dossier: every file read, every mistake told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Shift
from scheduler.dossier import consistency, rows
from scheduler.dossier.findings import Findings, Notice
from scheduler.dossier.plausibility import tell_unlikely_hours, tell_unlikely_patients, tell_unlikely_rates
from scheduler.dossier.rows import Known, placed
from scheduler.dossier.schema import ANSWERS, SETTINGS, SPEC_OF, TABLES
from scheduler.dossier.settings import Settings, read_settings
from scheduler.dossier.table import RawTable, read_table
from scheduler.errors import Mistake


@dataclass(frozen=True, slots=True)
class DossierReading:
    """A dossier without mistakes, what the planner should know of it, and the line of each lock by shift id."""

    dossier: Dossier
    shifts: tuple[Shift, ...]
    notices: tuple[Notice, ...] = ()
    lock_lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """The files of a dossier before they are judged; `settings` is None when they could not be read."""

    settings: Settings | None
    tables: Mapping[str, RawTable]


@dataclass(frozen=True, slots=True)
class Sorted:
    """Outcome of a reading with or without mistakes.

    `reading` holds what the right rows give, also when others are wrong, so that more can be judged in the same go;
    None when not even the period is known. `suspects` are GPs with a wrong row.
    """

    reading: DossierReading | None
    mistakes: tuple[Mistake, ...]
    suspects: frozenset[str]


def read_dossier(folder: Path) -> DossierReading:
    """Read the dossier in `folder`; raises DossierError with every mistake in it."""
    findings = Findings()
    sorted_out = sort_out(folder_source(folder, findings), findings)
    findings.refuse_if_wrong()
    assert sorted_out.reading is not None
    return sorted_out.reading


def folder_source(folder: Path, findings: Findings) -> Source:
    """The files of a folder; what is missing or unreadable becomes a mistake."""
    if not folder.is_dir():
        key = "folder_not_file" if folder.exists() else "folder"
        findings.wrong(str(folder), None, None, "", key)
        return Source(None, {})
    content = _contents(folder, findings)
    settings = read_settings(content[SETTINGS], findings) if SETTINGS in content else None
    read = {name: read_table(content[name], spec, findings) for name, spec in SPEC_OF.items() if name in content}
    return Source(settings, {name: table for name, table in read.items() if table is not None})


def _contents(folder: Path, findings: Findings) -> dict[str, bytes]:
    content: dict[str, bytes] = {}
    for name in (SETTINGS, *SPEC_OF):
        path = folder / name
        try:
            content[name] = path.read_bytes()
        except FileNotFoundError:
            if name == SETTINGS or SPEC_OF[name].required:
                findings.wrong(name, None, None, "", "file", folder=folder.name)
        except OSError as error:
            findings.wrong(name, None, None, error.strerror or "", "readable_file")
    for path in sorted(folder.glob("*.csv")):
        if path.name not in SPEC_OF and path.name not in ANSWERS:
            findings.notice("unknown_file", path.name)
    return content


def sort_out(source: Source, findings: Findings) -> Sorted:
    """Judge a source wholly; the mistakes are in `findings` too."""
    for spec in TABLES:
        table = source.tables.get(spec.name)
        if table and table.complete and spec.required and not table.rows and not spec.may_be_bare:
            findings.wrong(spec.name, None, None, "", "rows")
    known = Known.of(source.tables)
    tables = RowsRead(source.tables, known, findings)
    tables.check(findings)
    reading = None
    if source.settings and source.settings.period:
        reading = _assemble(source.settings, tables, findings)
    return Sorted(reading, findings.in_order(), frozenset(findings.suspects))


class RowsRead:
    """The rows of every table as values, each with its place; a part has the name of its field in the dossier.

    Of tables that are not there nothing is judged, so that a few rows can be judged without the rest.
    """

    def __init__(self, tables: Mapping[str, RawTable], known: Known, findings: Findings) -> None:
        rest = (known, findings)
        self.posts = placed(tables, "posts.csv", rows.post, *rest)
        self.shift_types = placed(tables, "shift_types.csv", rows.shift_type, *rest)
        self.practices = placed(tables, "practices.csv", rows.practice, *rest)
        self.gps = placed(tables, "gps.csv", rows.gp, *rest)
        self.agreements = placed(tables, "agreements.csv", rows.agreement, *rest)
        self.absences = placed(tables, "absences.csv", rows.absence, *rest)
        self.wishes = placed(tables, "wishes.csv", rows.wish, *rest)
        self.clinic_days = placed(tables, "clinic_days.csv", rows.clinic_days, *rest)
        self.balances = placed(tables, "balances.csv", rows.balance, *rest)
        self.limits = placed(tables, "limits.csv", rows.limit, *rest)
        self.preferences = placed(tables, "preferences.csv", rows.preference, *rest)
        self.past_holidays = placed(tables, "past_holidays.csv", rows.past_holiday, *rest)
        self.locks = placed(tables, "locks.csv", rows.lock, *rest)
        self.payees = placed(tables, "payees.csv", rows.payee, *rest)
        agreed = tables.get("agreements.csv")
        self.with_agreement = agreed.ids("gp_id") if agreed else None

    def check(self, findings: Findings) -> None:
        """Judge the rows beside each other."""
        consistency.once(self.posts, "post_id", lambda post: post.id)
        consistency.once(self.shift_types, "shift_type_id", lambda kind: kind.id)
        consistency.once(self.practices, "practice_id", lambda practice: practice.id)
        consistency.once(self.gps, "gp_id", lambda gp: gp.id)
        consistency.once(self.clinic_days, "gp_id", lambda days: days[0])
        consistency.once(self.balances, "burden", lambda balance: (balance.gp_id, balance.burden))
        consistency.once(self.limits, "burden", lambda limit: (limit.gp_id, limit.burden))
        consistency.once(self.preferences, "burden", lambda liking: (liking.gp_id, liking.burden))
        consistency.once(self.locks, "shift_id", lambda lock: lock.shift_id)
        consistency.once(self.payees, "valid_from", lambda payee: (payee.gp_id, payee.valid_from))
        gp_of = {one.item.id: one for one in reversed(self.gps)}
        consistency.agreements_do_not_overlap(self.agreements)
        consistency.gps_in_duty_have_an_agreement(self.gps, self.with_agreement)
        consistency.owners_have_a_practice(self.agreements, gp_of)
        consistency.owners_have_no_hours(self.agreements, findings)
        consistency.trainers_are_qualified(self.gps, gp_of, self.agreements, findings)


def _assemble(settings: Settings, read: RowsRead, findings: Findings) -> DossierReading:
    """The dossier of the right rows with what only shows once the demand is known."""
    assert settings.period is not None
    dossier = Dossier(
        hds_id=settings.hds_id,
        hds_name=settings.hds_name,
        period=settings.period,
        calendar=settings.calendar,
        rules=settings.rules,
        weights=settings.weights,
        burdens=settings.burdens,
        sharing=settings.sharing,
        payout=settings.payout,
        posts=tuple(one.item for one in read.posts),
        shift_types=tuple(one.item for one in read.shift_types),
        practices=tuple(one.item for one in read.practices),
        gps=tuple(one.item for one in read.gps),
        agreements=tuple(one.item for one in read.agreements),
        absences=tuple(one.item for one in read.absences),
        wishes=tuple(one.item for one in read.wishes),
        clinic_days=dict(one.item for one in read.clinic_days),
        balances=tuple(one.item for one in read.balances),
        limits=tuple(one.item for one in read.limits),
        preferences=tuple(one.item for one in read.preferences),
        past_holidays=tuple(one.item for one in read.past_holidays),
        locks=tuple(one.item for one in read.locks),
        payees=tuple(one.item for one in read.payees),
    )
    shifts = shifts_of(dossier)
    _check_with_demand(dossier, shifts, read, findings)
    lines = {one.item.shift_id: one.row.line for one in reversed(read.locks)}
    return DossierReading(dossier, shifts, findings.notices, lines)


def _check_with_demand(dossier: Dossier, shifts: tuple[Shift, ...], read: RowsRead, findings: Findings) -> None:
    if not any(mistake.file in ("shift_types.csv", SETTINGS) for mistake in findings.mistakes):
        consistency.locks_name_a_shift(read.locks, frozenset(shift.id for shift in shifts))
    if not findings.mistakes:
        consistency.some_demand(dossier, shifts, findings)
        consistency.agreed_hours_fit(dossier, shifts, findings)
    consistency.practices_have_an_owner(dossier, findings)
    tell_unlikely_patients(read.posts, read.practices, findings)
    tell_unlikely_hours(read.agreements, read.balances, (dossier.period.start, dossier.period.end), findings)
    tell_unlikely_rates(dossier.payout, findings)
    consistency.excused_reasons_are_spelt_alike(read.absences, dossier.sharing, findings)
    consistency.past_holidays_make_sense(read.past_holidays, dossier.calendar, dossier.period, findings)
