"""What the pages say stands in the catalogue, and what stands there is said."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from api.db.tables import messages, neighbours, planning, repair, rosters, runs, sickness, swaps
from api.messages.kinds import Wishes
from scheduler.domain.people import Contract, Role
from scheduler.domain.shift import Burden
from scheduler.messages import texts
from scheduler.rules import RULES

SCRIPTS = Path(str(files("api.web"))) / "static" / "anw"
TEMPLATES = Path(str(files("api.web"))) / "templates"
QUOTED = re.compile(r"""["']([a-z_][\w.-]*)["']|`([^`\s]*\$\{[^`]*)`""")


def _read() -> str:
    whole = [*SCRIPTS.rglob("*.js"), *TEMPLATES.glob("*.j2")]
    return "\n".join(path.read_text(encoding="utf-8") for path in whole)


def _used() -> tuple[set[str], list[re.Pattern[str]]]:
    """Every quoted word that may be a key, and what keys with a filled-in part look like."""
    plain, patterns = set(), []
    for word, template in QUOTED.findall(_read().replace("pages.", "")):
        if word:
            plain.add(word)
        else:
            parts = re.split(r"\$\{[^}]*\}", template)
            patterns.append(re.compile(r"[\w-]+".join(map(re.escape, parts))))
    return plain, patterns


def _known() -> set[str]:
    return set(texts("pages")) | {f"terms.{key}" for key in texts("terms")}


def _base(key: str) -> str:
    return re.sub(r"\.(one|many)$", "", key)


def test_every_text_that_a_page_asks_for_is_there() -> None:
    """A key that is missing would break the page that asks for it."""
    known = {_base(key) for key in _known()} | _known()
    asked = re.findall(r'(?<![\w.])(?:text|plural)\("([^"]+)"', _read().replace("pages.", ""))
    assert len(asked) > 300
    assert sorted(set(asked) - known) == []
    templates = re.findall(r"(?<![\w.])(?:text|plural)\(`([^`]+)`", _read())
    for template in templates:
        pattern = re.compile(r"[\w.-]+".join(map(re.escape, re.split(r"\$\{[^}]*\}", template))))
        assert any(pattern.fullmatch(key) for key in known), template


SAID_OF = {
    "terms.rule": {rule.name for rule in RULES},
    "terms.contracts": (*Contract, "unknown"), "terms.contract": Contract, "terms.role": Role, "terms.burden": Burden,
    "deal.kind": swaps.DEAL_KINDS, "deal.state": swaps.DEAL_STATES, "deal.now": swaps.DEAL_STATES,
    "offer.state": swaps.OFFER_STATES, "offer.to": (*swaps.AUDIENCES, "group"),
    "give.offered": (*swaps.AUDIENCES, "group"), "case.state": sickness.CASE_STATES,
    "case.planner_state": sickness.OPEN_STATES, "case.asked": sickness.ASK_STATES,
    "sick.state": sickness.REPORT_STATES, "repair.state": repair.STATES, "lending.state": neighbours.OPENING_STATES,
    "neighbours.state": neighbours.NEIGHBOUR_STATES, "round.step": planning.STEPS, "rounds.phase": planning.PHASES,
    "delivery": messages.CHANNELS, "notices.group": Wishes.model_fields, "state": (*runs.RUN_STATES, *rosters.STATES),
}  # fmt: skip
"""What the API may answer, by the texts in which pages put it."""


@pytest.mark.parametrize("texts_of", SAID_OF)
def test_whatever_the_api_may_answer_has_words(texts_of: str) -> None:
    """A page breaks on the one that has none: a GP could give no duty away while a colleague was away."""
    assert {f"{texts_of}.{one}" for one in SAID_OF[texts_of]} - _known() == set()


def test_every_text_of_the_pages_is_said_somewhere() -> None:
    """A text that nothing asks for is a promise that no page keeps."""
    plain, patterns = _used()
    unsaid = [
        key
        for key in map(_base, texts("pages"))
        if key not in plain and not any(pattern.fullmatch(key) for pattern in patterns)
    ]
    assert unsaid == []


def test_pages_hold_no_words_of_their_own() -> None:
    """Only what is set in the catalogue is shown: no script writes text of several words itself."""
    for path in SCRIPTS.rglob("*.js"):
        code = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        literals = re.findall(r'"([^"\n]*)"', code)
        spoken = [one for one in literals if re.search(r"[A-Za-zé]{3,} [a-z]{2,} [a-z]{2,}", one)]
        assert spoken == [], path.name


def test_modules_and_functions_stay_small() -> None:
    """No script is longer than four hundred lines."""
    assert all(len(path.read_text(encoding="utf-8").splitlines()) < 400 for path in SCRIPTS.rglob("*.js"))
