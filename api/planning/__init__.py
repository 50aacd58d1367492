"""The round that leads to a roster."""
