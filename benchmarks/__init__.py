"""How fast, how fair and how complete: rosters of known dossiers, judged twice, in one table."""
