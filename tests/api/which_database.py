"""Which of the two databases a test that knows both is run on: one of them each, as many on either.

What the service does is the same on both, and what a second run of each test would find half of the tests find too.
`both_databases` marks those whose subject is the database itself: migrations, guards, races, a full
disk. `ANW_TEST_DATABASES=both`, and a test asked for by its own name, run on both.
"""

from __future__ import annotations

import os
import zlib
from collections import defaultdict

import pytest

MARK = "both_databases"


def leave_out_other_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect each test on one of its two databases, always the same one."""
    if os.environ.get("ANW_TEST_DATABASES") == "both" or any("::" in str(one) for one in config.args):
        return
    pairs: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        database = _database_of(item)
        if database is not None and item.get_closest_marker(MARK) is None:
            pairs[item.nodeid.replace(database, "")].append(item)
    left_out = {id(pair[zlib.crc32(name.encode()) % 2]) for name, pair in pairs.items() if len(pair) == 2}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
    items[:] = [item for item in items if id(item) not in left_out]


def _database_of(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return None if callspec is None else callspec.params.get("database_url")
