"""What calls about messages take and answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.fields import Identifier, Key, Moment, Text
from api.messages.kinds import Wishes
from api.paging import Page

_AT = "2027-02-20T08:15:00+01:00"


def _example(fields: JsonDict) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [fields]})


def _asked(fields: JsonDict) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [fields]}, extra="forbid")


class PreferencesShown(Wishes):
    """What the caller is told; `by_email` says whether e-mail can come: there is an address and a server for it."""

    model_config = _example(
        {
            **{group: {"told": True, "email": True} for group in Wishes.model_fields},
            "offers_to_all": {"told": False, "email": False},
            "by_email": True,
        }
    )

    by_email: bool


class NoticeShown(BaseModel):
    """Something the caller is told, in Dutch; `about` holds the ids of what it is about."""

    model_config = _example(
        {
            "id": 41,
            "kind": "duty_changed",
            "at": _AT,
            "subject": "Uw rooster is gewijzigd: vr 5 maart 2027, 17–23 uur (Post Noord)",
            "text": "De dienst vr 5 maart 2027, 17–23 uur (Post Noord) gaat van Jansen naar De Vries.",
            "about": {"shift_id": "avond/2027-03-05/1", "from_gp_id": "gp-017", "to_gp_id": "gp-031"},
            "read_at": None,
        }
    )

    id: int
    kind: str
    at: Moment
    subject: str
    text: str
    about: dict[str, Any]
    read_at: Moment | None


class NoticePage(Page[NoticeShown]):
    """Notices, the newest first, and how many of all are unread."""

    unread: Annotated[int, Field(examples=[3])]


class ReadMarks(BaseModel):
    """Which notices were read: these, or all up to and including `until`."""

    model_config = _asked({"ids": [41, 42]})

    ids: Annotated[list[Key], Field(max_length=1000)] = []
    until: Key | None = None


class Unread(BaseModel):
    """How many notices are unread."""

    model_config = _example({"unread": 0})

    unread: int


class DeliveryShown(BaseModel):
    """A message for one receiver outside; never its text or an address.

    `gp_id` where it is for somebody as a GP. `attempts` counts those made; `last_error` is a code: `smtp 550`,
    `no mail server: ...`, `http 500`, `timeout`, `lost` (whoever sent it died of it).
    """

    model_config = _example(
        {
            "id": 7,
            "kind": "duty_changed",
            "channel": "email",
            "user_id": 12,
            "gp_id": "gp-017",
            "webhook_id": None,
            "state": "waiting",
            "attempts": 2,
            "last_error": "smtp 451",
            "created_at": _AT,
            "next_at": "2027-02-20T08:21:00+01:00",
            "sent_at": None,
        }
    )

    id: int
    kind: str
    channel: str
    user_id: int | None
    gp_id: str | None
    webhook_id: int | None
    state: str
    attempts: int
    last_error: str
    created_at: Moment
    next_at: Moment | None
    sent_at: Moment | None


DeliveryState = Literal["waiting", "sending", "sent", "failed", "dropped"]

_WEBHOOK: JsonDict = {
    "id": 3,
    "url": "https://systeem.example/anw",
    "kinds": ["duty_changed"],
    "active": True,
    "failing_since": None,
    "disabled_at": None,
    "revision": 1,
}


class WebhookShown(BaseModel):
    """A system that is told; without `kinds` of everything. One that fails for days is no longer `active`."""

    model_config = _example(_WEBHOOK)

    id: int
    url: str
    kinds: list[str]
    active: bool
    failing_since: Moment | None
    disabled_at: Moment | None
    revision: int


class WebhookMade(WebhookShown):
    """A webhook with its secret, which is shown this once."""

    model_config = _example({**_WEBHOOK, "secret": "whsec_qk1n0wUe3l0cJv9yZb5mXr2tAq8sDf4gHj6kLz7xCv1"})

    secret: str


Kinds = Annotated[list[Identifier], Field(max_length=100)]
Url = Annotated[Text, Field(min_length=1, max_length=1000)]


class WebhookAsked(BaseModel):
    """Which system is told of which kinds of events."""

    model_config = _asked({"url": "https://systeem.example/anw", "kinds": ["duty_changed"]})

    url: Url
    kinds: Kinds = []


class WebhookChange(BaseModel):
    """What to change; the rest stays. `active: true` starts anew where it was switched off for failing."""

    model_config = _asked({"active": True})

    url: Url | None = None
    kinds: Kinds | None = None
    active: bool | None = None
