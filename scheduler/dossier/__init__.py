"""The dossier as files: reading, checking and writing it, and the rosters that belong to it."""

from scheduler.dossier.findings import Notice
from scheduler.dossier.reading import DossierReading, read_dossier
from scheduler.dossier.roster_file import read_roster
from scheduler.dossier.writing import write_dossier

__all__ = ["DossierReading", "Notice", "read_dossier", "read_roster", "write_dossier"]
