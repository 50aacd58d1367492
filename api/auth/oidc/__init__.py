"""Logging in by an OpenID Connect provider, with authorization code and PKCE."""
