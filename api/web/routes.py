"""The pages: one to log in and one for everything else, both on the API that others use too."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from api.settings import Settings
from scheduler.messages import text, texts

router = APIRouter(include_in_schema=False)


def install_pages(app: FastAPI) -> None:
    """Serve the pages at the root and their files under `/static`."""
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=str(files("api.web").joinpath("static"))), name="static")


@router.get("/")
def start() -> RedirectResponse:
    """Who opens the address of the service finds the pages."""
    return RedirectResponse("/rooster")


@router.get("/inloggen")
def login_page(request: Request) -> HTMLResponse:
    """The page to log in, with a way to the OIDC provider where there is one."""
    settings: Settings = request.app.state.settings
    return _page("login.html.j2", oidc=bool(settings.oidc.issuer))


@router.get("/rooster")
def home_page() -> HTMLResponse:
    """The page for whoever has logged in; it asks the API who that is."""
    return _page("home.html.j2")


@cache
def _page(name: str, *, oidc: bool = False) -> HTMLResponse:
    environment = Environment(
        loader=PackageLoader("api.web"), autoescape=select_autoescape(["html.j2"]), undefined=StrictUndefined
    )
    spoken = texts("pages") | {f"terms.{key}": value for key, value in texts("terms").items()}
    # `<` in JSON would let a text end the script element that holds it
    script = json.dumps(spoken, ensure_ascii=False).replace("<", "\\u003c")
    page = environment.get_template(name).render(text=text, texts=script, oidc=oidc)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})
