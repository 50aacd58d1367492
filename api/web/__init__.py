"""Pages: a thin face on the API, in Dutch."""
