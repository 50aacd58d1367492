"""The files of a dossier and of a roster folder: their names, their columns and which of them must be there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

SETTINGS = "hds.toml"


class Kind(Enum):
    """What a column holds, for the cells of a workbook."""

    TEXT = auto()
    NUMBER = auto()
    DATE = auto()
    MOMENT = auto()
    CLOCK = auto()


_KIND_OF = MappingProxyType(
    dict.fromkeys(("patients", "headcount", "hours", "weight", "max_hours", "factor", "share", "fte"), Kind.NUMBER)
    | dict.fromkeys(("target_hours", "assigned_hours"), Kind.NUMBER)
    | dict.fromkeys(("valid_from", "valid_until", "registered_until", "date"), Kind.DATE)
    | dict.fromkeys(("start", "end"), Kind.MOMENT)
)


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One table: `columns` must stand in its header, `extras` may; a required file must exist and have rows."""

    name: str
    columns: tuple[str, ...]
    extras: tuple[str, ...] = ()
    required: bool = False
    may_be_bare: bool = True

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Every column that is understood, in the order of writing."""
        return self.columns + self.extras

    @property
    def sheet(self) -> str:
        """The name of the sheet that holds this table in a workbook."""
        return self.name.removesuffix(".csv")

    def kind(self, column: str) -> Kind:
        """What `column` holds."""
        if column in ("start", "end") and self.name == "shift_types.csv":
            return Kind.CLOCK
        return _KIND_OF.get(column, Kind.TEXT)


def _needed(name: str, columns: str, extras: str = "", *, may_be_bare: bool = False) -> FileSpec:
    return FileSpec(name, tuple(columns.split()), tuple(extras.split()), required=True, may_be_bare=may_be_bare)


def _optional(name: str, columns: str, extras: str = "") -> FileSpec:
    return FileSpec(name, tuple(columns.split()), tuple(extras.split()))


TABLES: tuple[FileSpec, ...] = (
    _needed("posts.csv", "post_id name patients"),
    _needed(
        "shift_types.csv",
        "shift_type_id post_id role days start end headcount",
        "valid_from valid_until",
    ),
    _needed("practices.csv", "practice_id name patients", may_be_bare=True),
    _needed("gps.csv", "gp_id name contract practice_id trainer_gp_id registered_until", "fte"),
    _needed("agreements.csv", "gp_id valid_from valid_until posts roles hours nights", "contract share"),
    _optional("absences.csv", "gp_id start end", "reason"),
    _optional("wishes.csv", "gp_id start end wish weight"),
    _optional("clinic_days.csv", "gp_id weekdays"),
    _optional("balances.csv", "gp_id burden hours"),
    _optional("limits.csv", "gp_id burden max_hours"),
    _optional("preferences.csv", "gp_id burden factor"),
    _optional("past_holidays.csv", "gp_id date"),
    _optional("locks.csv", "shift_id gp_id"),
    _optional("payees.csv", "gp_id valid_from payee_name iban basis"),
)
SPEC_OF = MappingProxyType({spec.name: spec for spec in TABLES})

ROSTER = FileSpec(
    "roster.csv", ("shift_id", "gp_id"), ("trainee_gp_id", "post_id", "role", "start", "end", "burden"), required=True
)
WRITTEN_ROSTER = FileSpec(
    "roster.csv",
    ("shift_id", "post_id", "role", "start", "end", "burden", "gp_id", "trainee_gp_id"),
    required=True,
)
"""The roster as this program writes it, readable without its dossier."""
QUOTA = FileSpec("quota.csv", ("gp_id", "burden", "target_hours", "assigned_hours"))
UNFILLED = FileSpec("unfilled.csv", ("shift_id", "reasons"))

ANSWERS = frozenset({ROSTER.name, QUOTA.name, UNFILLED.name, "worked.csv", "call_ins.csv", "payout.csv"})
"""Files that other commands write, or read beside a roster; they may stand in the same folder."""

FILE_ORDER = MappingProxyType({name: n for n, name in enumerate((SETTINGS, *SPEC_OF, ROSTER.name))})
