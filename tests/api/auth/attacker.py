"""A GP who asks everything that the table of rights lets a GP ask, about every day and every colleague.

What comes of it is a transcript: two HDSs that differ in nothing but what is private of colleagues must give the same.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi.testclient import TestClient

from api.auth.principal import Role
from tests.api.auth.rights import KNOWN, RIGHTS

HDS = "/api/v1/hds/test"
STREAMS = ("events", "export", "calendar.ics", "account.csv")
"""What never ends, or is a file that is asked for elsewhere, by the last part of the path."""
_VARIES = re.compile(
    r".*_at|.*id|.*ids|at|revision|next|secret|url|request_id|trace_id|instance|number|about|retry_after"
)
"""What differs from one moment, or one number in a row of all that is kept, to the next."""


def plain(value: Any) -> Any:
    """An answer without moments and running numbers; ids of GPs and shifts stay."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items() if not _varies(key, part)}
    return [plain(part) for part in value] if isinstance(value, list) else value


def _varies(key: str, value: Any) -> bool:
    of_gp_or_shift = key.endswith(("gp_id", "shift_id", "shift_ids"))
    return not of_gp_or_shift and _VARIES.fullmatch(key) is not None and not isinstance(value, dict)


@dataclass
class Attacker:
    """A client, which GP it speaks for, what can be asked about, and everything that was answered."""

    client: TestClient
    gp_id: str
    colleagues: Sequence[str]
    performers: dict[str, str | None]
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask, and note the answer under the question and how often it was asked."""
        answer = self.client.request(method, path, json=body, headers={"If-Match": "*"} if body is not None else {})
        told = answer.json() if "json" in answer.headers.get("content-type", "") else None
        question = f"{method} {path} {json.dumps(body)}"
        self.asked[question] += 1
        self.answers[f"{question} #{self.asked[question]}"] = answer.status_code, plain(told)
        return told

    @property
    def own(self) -> list[str]:
        """The own duties."""
        return [shift_id for shift_id, gp_id in self.performers.items() if gp_id == self.gp_id]

    def read_everything(self) -> None:
        """Every route that a GP may read, with every shift and every GP."""
        for (method, path), rights in RIGHTS.items():
            may = rights == KNOWN or (isinstance(rights, frozenset) and Role.GP in rights)
            if method == "GET" and may and path.rsplit("/", 1)[-1] not in STREAMS:
                for filled in self._filled(path):
                    self.ask("GET", filled)

    def _filled(self, path: str) -> Iterator[str]:
        names = re.findall(r"{(\w+)}", path)
        subjects = {"hds_id": ["test"], "shift_id": list(self.performers), "gp_id": [self.gp_id, *self.colleagues]}
        for values in itertools.product(*(subjects.get(name, ["1", "2"]) for name in names)):
            yield path.format(**dict(zip(names, values, strict=True)))

    def judge_handovers(self) -> None:
        """Every own duty to every colleague."""
        for shift_id in self.own:
            for other in self.colleagues:
                self._judge(_move(shift_id, self.gp_id, other))

    def judge_chains(self) -> None:
        """Duties of others to others, alone and behind an own move; taking one for nothing, and for an own one."""
        for shift_id, holder in self.performers.items():
            for other in self.colleagues:
                if holder == other:
                    self._judge(_move(shift_id, other, self.gp_id))
                    self._judge(_move(shift_id, other, self.gp_id), _move(self.own[0], self.gp_id, other))
                elif holder != self.gp_id:
                    self._judge(_move(shift_id, holder, other))
                    self._judge(_move(self.own[-1], self.gp_id, other), _move(shift_id, holder, other))

    def _judge(self, *moves: dict[str, str | None]) -> None:
        if len({one["shift_id"] for one in moves}) == len(moves):
            self.ask("POST", f"{HDS}/swaps/verdict", {"moves": moves})

    def try_everything(self) -> None:
        """Propose every own duty to every colleague and take it back, report sick, offer, take what is open."""
        for shift_id in self.own:
            for other in self.colleagues:
                deal = self.ask("POST", f"{HDS}/swaps/deals", {"moves": [_move(shift_id, self.gp_id, other)]})
                if "id" in deal:
                    self.client.post(f"{HDS}/swaps/deals/{deal['id']}/withdraw", json={}).raise_for_status()
        for shift_id in self.own[:10]:
            self.ask("POST", f"{HDS}/swaps/offers", {"shift_id": shift_id})
        for shift_id in self.own[-10:]:
            self.ask("POST", f"{HDS}/sickness", {"shift_id": shift_id})
        for shift_id, holder in self.performers.items():
            if holder is None:
                self.ask("POST", f"{HDS}/open-shifts/take/{shift_id}", {})
        self.ask("GET", f"{HDS}/sickness")
        self.ask("GET", f"{HDS}/swaps/deals?every=true")


def _move(shift_id: str, giver: str | None, taker: str) -> dict[str, str | None]:
    return {"shift_id": shift_id, "from_gp_id": giver, "to_gp_id": taker}


def differences(one: Attacker, other: Attacker) -> list[str]:
    """The questions to which the answers differ, with both answers."""
    questions = dict.fromkeys((*one.answers, *other.answers))
    return [
        f"{question}\n  {one.answers.get(question)}\n  {other.answers.get(question)}"
        for question in questions
        if one.answers.get(question) != other.answers.get(question)
    ]
