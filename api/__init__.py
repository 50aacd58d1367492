"""The web service: people, rights, storage and HTTP. It stands on `scheduler` and holds no rule of its own."""
