"""Nobody acts with more rights than those they came in with: the service acts for itself, as a `SystemActor`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import api
from api.auth.principal import SystemActor
from api.dossiers.parts import PARTS

HERE = Path(api.__file__).parent
MAKERS = {
    "auth/access.py": "the door, by what the database holds",
    "demo.py": "accounts that it makes itself",
    "lending/taking.py": "the same GP by the number of a guest, with no more than the role of a GP",
}
"""Where members are made, and of what."""


def _is_of_rights(call: ast.Call) -> bool:
    named = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    return named == "Member" or (named == "replace" and any(one.arg == "roles" for one in call.keywords))


def _makers() -> Iterator[str]:
    for path in sorted(HERE.rglob("*.py")):
        calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        if any(_is_of_rights(call) for call in calls):
            yield path.relative_to(HERE).as_posix()


def test_rights_are_given_out_at_the_door_alone() -> None:
    """A member is made of what somebody holds, and by no service that would need more than that."""
    assert list(_makers()) == sorted(MAKERS)


def test_the_service_itself_is_nobody() -> None:
    """It may change what a consequence asks for, yet has no account, is no GP and holds no role to read with."""
    service = SystemActor("test")
    assert (service.user_id, service.gp_number, service.gp_id) == (None, None, None)
    assert not hasattr(service, "roles")
    assert all(part.is_open_to(service) for part in PARTS.values())
