"""Finding a name in what people wrote, in JSON as databases keep it too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any


def as_json(text: str) -> list[str]:
    """How a text may stand within JSON: one database keeps signs beyond ASCII escaped, the other as they are."""
    return sorted({json.dumps(text, ensure_ascii=escaped)[1:-1] for escaped in (True, False)})


def says(value: Any, name: str) -> bool:
    """Whether a text in `value`, however deep, holds this name and no longer word that begins or ends with it."""
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return any(whole.search(one) for one in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (one for part in value.values() for one in _texts(part))
    elif isinstance(value, list | tuple):
        yield from (one for part in value for one in _texts(part))
