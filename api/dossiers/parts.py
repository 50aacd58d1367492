"""The parts of a dossier: for each its file, its table, its JSON, and who may do what with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, create_model

from api.auth.principal import Actor, Role, SystemActor
from api.dossiers import row_models as models
from api.dossiers.mapping import MAPPINGS, Mapped
from api.fields import Key
from api.paging import Page
from scheduler.dossier.schema import SPEC_OF, FileSpec

_ETAG = Annotated[str, Field(description="The If-Match of a change of this row.")]


@dataclass(frozen=True)
class Part:
    """One part of a dossier.

    `of_gp`: each row is about one GP and about nothing else in the dossier, so that it can be judged with that GP's
    other rows alone; `bears_on_locks`: unless a shift is locked for the GP. `dates` are the columns of the table that
    tell when a row applies (one, or first and last). `office` may do everything; a GP may read the own rows of a part
    with `gp_reads`, and change them with `gp_writes`.
    """

    name: str
    row: type[models.Row]
    of_gp: bool = False
    bears_on_locks: bool = False
    dates: tuple[str, ...] = ()
    office: tuple[Role, ...] = (Role.PLANNER,)
    gp_reads: bool = False
    gp_writes: bool = False

    @property
    def spec(self) -> FileSpec:
        """Its file."""
        return SPEC_OF[f"{self.name}.csv"]

    @cached_property
    def mapped(self) -> Mapped:
        """Its table, and the way between rows and domain."""
        return next(mapped for mapped in MAPPINGS if mapped.field == self.name)

    @property
    def readers(self) -> tuple[Role, ...]:
        """Who may read rows."""
        return (*self.office, Role.GP) if self.gp_reads else self.office

    @property
    def writers(self) -> tuple[Role, ...]:
        """Who may change rows."""
        return (*self.office, Role.GP) if self.gp_writes else self.office

    def is_open_to(self, who: Actor) -> bool:
        """Whether somebody who was let in may see and change the rows of everybody, not only the own ones.

        The service itself may.
        """
        return isinstance(who, SystemActor) or who.has(*self.office)

    @property
    def names_gp(self) -> bool:
        """Whether each row names a GP."""
        return "gp_id" in self.row.model_fields

    @property
    def nullable(self) -> tuple[str, ...]:
        """The columns in which an empty cell is null."""
        return tuple(name for name, field in self.row.model_fields.items() if field.default is None)

    @cached_property
    def kept(self) -> type[models.Row]:
        """A row as it is given out: with its number and its ETag."""
        example = {"row_id": 17, "etag": '"3f2a9c51d07be8846a10"'} | self._example
        return create_model(
            f"{self.row.__name__}Kept",
            __base__=self.row,
            __cls_kwargs__={"json_schema_extra": {"example": example}},
            row_id=(Key, ...),
            etag=(_ETAG, ...),
        )

    @cached_property
    def page(self) -> Any:
        """A page of rows."""
        return Page[self.kept]  # type: ignore[name-defined]

    @cached_property
    def changed(self) -> type[models.Row]:
        """Some of the columns of a row."""
        fields: dict[str, Any] = {
            name: (Annotated[(field.annotation, Field(), *field.metadata)] | None, None)
            for name, field in self.row.model_fields.items()
        }
        last = list(self._example.items())[-1:]
        return create_model(
            f"{self.row.__name__}Change",
            __base__=models.Row,
            __cls_kwargs__={"json_schema_extra": {"example": dict(last)}},
            **fields,
        )

    @property
    def _example(self) -> dict[str, Any]:
        extra = self.row.model_config.get("json_schema_extra")
        assert isinstance(extra, dict)
        example = extra["example"]
        assert isinstance(example, dict)
        return dict(example)


_SPAN = ("starts_at", "ends_at")
_VALID = ("valid_from", "valid_until")

PARTS: Mapping[str, Part] = MappingProxyType(
    {
        part.name: part
        for part in (
            Part("posts", models.Post),
            Part("shift_types", models.ShiftType),
            Part("practices", models.Practice),
            Part("gps", models.Gp),
            Part("agreements", models.Agreement, dates=_VALID, gp_reads=True),
            Part(
                "absences", models.Absence, of_gp=True, bears_on_locks=True, dates=_SPAN, gp_reads=True, gp_writes=True
            ),
            Part("wishes", models.WishOfGp, of_gp=True, dates=_SPAN, gp_reads=True, gp_writes=True),
            Part("clinic_days", models.ClinicDays, of_gp=True, bears_on_locks=True, gp_reads=True, gp_writes=True),
            Part("balances", models.Balance, of_gp=True, gp_reads=True),
            Part("limits", models.OwnLimit, of_gp=True, bears_on_locks=True, gp_reads=True),
            Part("preferences", models.OwnPreference, of_gp=True, gp_reads=True, gp_writes=True),
            Part("past_holidays", models.PastHoliday, of_gp=True, bears_on_locks=True, dates=("date",)),
            Part("locks", models.Lock),
            Part("payees", models.Payee, of_gp=True, office=(Role.PLANNER, Role.FINANCE)),
        )
    }
)
"""In the order of the files."""
