"""Mending a published roster: what fell open is filled again, with the fewest changes for everybody else.

`scheduler.mend.run.mend` is the door; it loads the solver, so the values stand apart from it.
"""

from scheduler.mend.result import Change, ChangeReason, LeftOpen, MendProgress, MendResult, MendStep

__all__ = ["Change", "ChangeReason", "LeftOpen", "MendProgress", "MendResult", "MendStep"]
