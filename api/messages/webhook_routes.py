"""Webhooks: which systems of an HDS are told of what."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict

from api.auth.access import Administrator
from api.clock import local
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.messages import Webhook
from api.errors import problems
from api.etag import IfMatch, show_revision
from api.fields import Key
from api.messages import webhook_repository, webhooks
from api.messages.schemas import WebhookAsked, WebhookChange, WebhookMade, WebhookShown
from api.room import room

router = room("/hds/{hds_id}/webhooks", "webhooks")
WebhookId = Annotated[Key, Path(description="The number of the webhook.", examples=[3])]


class Pinged(BaseModel):
    """The delivery by which a test is followed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"delivery_id": 7}]})

    delivery_id: int


@router.get("", summary="The webhooks of the HDS")
def list_webhooks(who: Administrator, session: ReadSession) -> list[WebhookShown]:
    """In the order in which they were made, without their secrets."""
    return [shown(row) for row in webhook_repository.webhooks(session, who.hds_id)]


@router.post(
    "",
    status_code=201,
    summary="Tell a system of events",
    responses=problems("malformed", "conflict", "wrong_state"),
)
def make(
    request: Request, response: Response, who: Administrator, session: WriteSession, body: WebhookAsked
) -> WebhookMade:
    """By a POST of JSON to an https address, signed with the secret that is shown now and never again."""
    row, secret = webhooks.make(session, who, request.app.state.settings, body)
    show_revision(response, row.revision)
    return made(row, secret)


@router.get("/{webhook_id}", summary="Read a webhook", responses=problems("not_found"))
def read(response: Response, who: Administrator, session: ReadSession, webhook_id: WebhookId) -> WebhookShown:
    """Without its secret."""
    row = webhooks.found(session, who, webhook_id)
    show_revision(response, row.revision)
    return shown(row)


@router.patch(
    "/{webhook_id}",
    summary="Change a webhook",
    responses=problems("not_found", "malformed", "conflict", "changed_meanwhile", "if_match_needed"),
)
def change(
    request: Request,
    response: Response,
    who: Administrator,
    session: WriteSession,
    webhook_id: WebhookId,
    body: WebhookChange,
    if_match: IfMatch = None,
) -> WebhookShown:
    """Its address, its kinds, or whether it is told at all."""
    row = webhooks.change(session, who, request.app.state.settings, webhook_id, body, if_match)
    show_revision(response, row.revision)
    return shown(row)


@router.delete("/{webhook_id}", status_code=204, summary="Remove a webhook", responses=problems("not_found"))
def remove(who: Administrator, session: WriteSession, webhook_id: WebhookId) -> None:
    """What waits for it goes too."""
    webhooks.remove(session, who, webhook_id)


@router.post("/{webhook_id}/rotate", summary="Replace the secret of a webhook", responses=problems("not_found"))
def rotate(request: Request, who: Administrator, session: WriteSession, webhook_id: WebhookId) -> WebhookMade:
    """The new secret is shown this once; for a day calls carry a signature by the former one too."""
    return made(*webhooks.rotate(session, who, request.app.state.settings, webhook_id))


@router.post(
    "/{webhook_id}/test",
    status_code=202,
    summary="Call a system to try it",
    responses=problems("not_found", "wrong_state"),
)
def test(who: Administrator, session: WriteSession, webhook_id: WebhookId) -> Pinged:
    """Sends an event of the kind `ping` soon; how it went stands with the deliveries."""
    return Pinged(delivery_id=webhooks.ping(session, who, webhook_id))


def shown(row: Webhook) -> WebhookShown:
    """A webhook as administrators see it."""
    return WebhookShown(
        id=row.id, url=row.url, kinds=row.kinds, active=row.active, revision=row.revision,
        failing_since=None if row.failing_since is None else local(row.failing_since),
        disabled_at=None if row.disabled_at is None else local(row.disabled_at),
    )  # fmt: skip


def made(row: Webhook, secret: str) -> WebhookMade:
    """The same with its secret."""
    return WebhookMade(**shown(row).model_dump(), secret=secret)
