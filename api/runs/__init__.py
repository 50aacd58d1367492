"""Runs of the engine as users see them: asked for, followed, cancelled. `api.jobs` carries them out."""
