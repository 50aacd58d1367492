"""Telling people: a change writes what to tell in its own transaction; sending comes after, until it worked."""

from api.outbox.telling import Notice, tell

__all__ = ["Notice", "tell"]
