"""What happened reaches people and systems."""
