"""Bearer tokens by API."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request

from api.auth import tokens
from api.auth.access import AnyCaller, Anyone
from api.auth.callers import settings_of
from api.auth.principal import Role
from api.auth.repository import token_with_name
from api.auth.repository import tokens as found_tokens
from api.auth.schemas import TokenMade, TokenShown, TokenWish
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.people import ApiToken
from api.errors import Problem, problems
from api.fields import Key
from api.paging import Page, PageCut, page_of
from api.room import room

router = room("/hds/{hds_id}/tokens", "tokens")


@router.get("", summary="List tokens", responses=problems("bad_cursor", "not_logged_in", "forbidden", "not_found"))
def list_tokens(
    member: Anyone,
    session: ReadSession,
    cut: PageCut,
    everyone: Annotated[bool, Query(description="Those of all users of the HDS; for its administrators.")] = False,
    ended: Annotated[bool, Query(description="Also those revoked or past their time.")] = False,
) -> Page[TokenShown]:
    """Tokens of the caller at this HDS, never with their secrets; the newest first."""
    if everyone and not member.has(Role.ADMINISTRATOR):
        raise Problem("forbidden")
    rows = found_tokens(
        session,
        member.hds_id,
        user_id=None if everyone else member.user_id,
        live_only=not ended,
        after=cut.after_number() if cut.after else None,
        limit=cut.limit + 1,
    )
    return page_of(rows, cut, lambda row: [row[0].id], lambda row: _show(row[0], row[1]))


@router.post(
    "",
    status_code=201,
    summary="Make a token",
    responses=problems("not_logged_in", "forbidden", "not_found", "malformed", "wrong_state"),
)
def make_token(request: Request, body: TokenWish, who: AnyCaller, member: Anyone, session: WriteSession) -> TokenMade:
    """A token of the caller for this HDS; its secret is in this answer only."""
    token, secret = tokens.make_own(
        session, settings_of(request), who, member, body.name, body.scopes, body.read_only, body.days
    )
    named = token_with_name(session, member.hds_id, token.id)
    assert named is not None
    return TokenMade(**_show(named[0], named[1]).model_dump(), secret=secret)


@router.delete(
    "/{token_id}",
    status_code=204,
    summary="Revoke a token",
    responses=problems("not_logged_in", "forbidden", "not_found"),
)
def revoke_token(
    token_id: Annotated[Key, Path(description="The number of the token.", examples=[3])],
    member: Anyone,
    session: WriteSession,
) -> None:
    """It opens nothing from now on; an administrator may revoke any of the HDS."""
    tokens.revoke(session, member, token_id)


def _show(token: ApiToken, username: str) -> TokenShown:
    return TokenShown(
        id=token.id, user_id=token.user_id, username=username, name=token.name,
        scopes=[Role(scope) for scope in token.scopes], read_only=token.read_only, created_at=token.created_at,
        expires_at=token.expires_at, revoked_at=token.revoked_at, used_at=token.used_at,
    )  # fmt: skip
