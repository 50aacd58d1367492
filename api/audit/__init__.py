"""The audit trail: what happened, by whom and why, in chains that show any change."""

from api.audit.trail import Act, record

__all__ = ["Act", "record"]
