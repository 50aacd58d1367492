"""What the outbox holds reaches people and systems: pages, e-mail, calendars and webhooks."""
