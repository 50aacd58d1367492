"""The browsable page of the API: Swagger UI from files that this package carries, asking no other host for anything."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>anw-rooster: API</title>
<link rel="icon" href="{root}/static/swagger-ui/favicon-32x32.png">
<link rel="stylesheet" href="{root}/static/swagger-ui/swagger-ui.css">
<div id="calls" data-openapi="{root}{openapi}" data-me="{root}{me}"></div>
<script src="{root}/static/swagger-ui/swagger-ui-bundle.js"></script>
<script src="{root}/static/swagger-ui/open.js"></script>
</html>
"""


def install(app: FastAPI) -> None:
    """Add the page beside the OpenAPI document; its files stand under `/static`."""
    assert app.openapi_url is not None
    app.add_api_route(
        app.openapi_url.replace("openapi.json", "docs"), page, include_in_schema=False, response_class=HTMLResponse
    )


def page(request: Request) -> HTMLResponse:
    """The page; it reads the OpenAPI document of this very service."""
    root = request.scope.get("root_path", "").rstrip("/")
    document = str(request.app.openapi_url)
    content = _PAGE.format(root=root, openapi=document, me=document.replace("openapi.json", "auth/me"))
    return HTMLResponse(content)
