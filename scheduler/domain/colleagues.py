"""What doctors of one HDS know of each other: the roster, who works where and as what, and nothing private."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Agreement, Contract, Role
from scheduler.domain.time import Period

CROWD = 10
"""Of fewer others no count is told that private facts decide: with all but one known, it would tell of that one."""


def as_known_to(dossier: Dossier, reader: str | None) -> Dossier:
    """The dossier as far as one doctor knows it (None: somebody who is none): the own rows whole, of others the plain.

    Of others that is in which class they work, and at which posts in which roles at any time of the period. Not known
    are absences and illness, wishes, own limits, preferences, balances, clinic days, duties at other HDSs, payees,
    exemption from nights, hours, and when an agreement or registration begins or ends. Whatever is judged on it tells
    the reader nothing of a colleague that the roster does not.
    """
    mine = {
        name: tuple(row for row in getattr(dossier, name) if row.gp_id == reader)
        for name in ("absences", "wishes", "balances", "limits", "preferences", "payees")
    }
    others = _plain_agreements((row for row in dossier.agreements if row.gp_id != reader), dossier.period)
    return dossier.replace(
        **mine,
        gps=tuple(gp if gp.id == reader else gp.model_copy(update={"registered_until": None}) for gp in dossier.gps),
        agreements=(*(row for row in dossier.agreements if row.gp_id == reader), *others),
        elsewhere=tuple(one for one in dossier.elsewhere if one.is_here or one.gp_id == reader),
        clinic_days={gp_id: days for gp_id, days in dossier.clinic_days.items() if gp_id == reader},
    )


def _plain_agreements(rows: Iterable[Agreement], period: Period) -> Iterator[Agreement]:
    """One agreement over the whole period for each GP and class, with every post and role of the agreements."""
    of_class: defaultdict[tuple[str, Contract], list[Agreement]] = defaultdict(list)
    for row in rows:
        of_class[row.gp_id, row.contract].append(row)
    for those in of_class.values():
        plain = {
            "valid_from": period.start, "valid_until": period.end, "nights": True, "hours": None, "share": 1.0,
            "posts": frozenset[str]().union(*(row.posts for row in those)),
            "roles": frozenset[Role]().union(*(row.roles for row in those)),
        }  # fmt: skip
        # of hundreds for each question: what is copied was valid, and stays so
        yield those[0].model_copy(update=plain)
