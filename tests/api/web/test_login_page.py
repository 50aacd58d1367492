"""The page to log in without a browser: what it offers depends on the settings."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.settings import OidcSettings

WAY = "/api/v1/auth/oidc/login?return_to=/rooster"


@pytest.mark.parametrize("issuer", ["", "https://login.example"])
def test_the_way_to_the_provider_is_shown_where_there_is_one(app: FastAPI, client: TestClient, issuer: str) -> None:
    """Without a provider there is nothing to click."""
    app.state.settings = app.state.settings.model_copy(update={"oidc": OidcSettings(issuer=issuer)})
    page = client.get("/inloggen")
    assert page.status_code == 200
    assert (WAY in page.text) == bool(issuer)
