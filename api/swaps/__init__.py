"""Duties change hands after publication: offers, deals, verdicts, and done once."""
