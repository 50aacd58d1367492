"""What people write for people is refused where it begins like a formula, on every route that takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ValidationError

from api.fields import Name, Note

FREE = re.compile(r"(^|_)(name|reason|note|message|consent|source)$")
ROWS_OF_DOSSIERS = re.compile(r"(Post|Practice|Gp|Absence|Payee|Settings)(Change)?(-Input)?")
"""Rows and settings of a dossier are judged by the reader of dossiers, which tells every mistake at once."""


class Written(BaseModel):
    """A text of each kind."""

    name: Name = ""
    note: Note = ""


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", "\t=1", "\r=1", " =1"])
@pytest.mark.parametrize("field", ["name", "note"])
def test_a_text_that_begins_like_a_formula_is_refused(field: str, text: str) -> None:
    """Whatever blanks stand before it."""
    with pytest.raises(ValidationError):
        Written.model_validate({field: text})


@pytest.mark.parametrize("text", ["", "'t Hart", "min - plus", "1 = 1", "ziek, -2 dagen"])
def test_other_texts_are_accepted(text: str) -> None:
    """The same signs further on say nothing."""
    assert Written(name=text, note=(text or "x") + "\n= tweede regel").name == text


def test_a_name_is_one_line() -> None:
    """A reason may have more."""
    with pytest.raises(ValidationError):
        Written(name="een\ntwee")


def test_every_free_text_that_a_request_takes_is_of_these_kinds(app: FastAPI) -> None:
    """A new field for a name, a reason or a note can't be forgotten; the schema tells callers the same."""
    document = app.openapi()
    models = set(_models_of_requests(document))
    unguarded = {
        (model, name)
        for model in models
        if not ROWS_OF_DOSSIERS.fullmatch(model)
        for name, field in document["components"]["schemas"][model].get("properties", {}).items()
        if FREE.search(name) and any(_is_free(kind) for kind in (field, *field.get("anyOf", ())))
    }
    assert {"UserNew", "PayeeEntry", "OfferAsked"} <= models
    assert unguarded - {("UserNew", "username")} == set()


def _is_free(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "string" and not {"pattern", "enum", "const", "format"} & schema.keys()


def _models_of_requests(document: Mapping[str, Any]) -> Iterator[str]:
    operations = (one for path in document["paths"].values() for one in path.values() if "requestBody" in one)
    wanted, seen = [one["requestBody"] for one in operations], set[str]()
    while wanted:
        found = {name.rsplit("/", 1)[1] for name in re.findall(r"'\$ref': '([^']+)'", str(wanted.pop()))} - seen
        seen |= found
        yield from found
        wanted += [document["components"]["schemas"][name] for name in found]
