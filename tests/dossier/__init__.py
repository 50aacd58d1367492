"""Tests of reading and writing dossiers, rosters and workbooks."""
