"""The version of the engine, written into every summary."""

__version__ = "0.1.0"
