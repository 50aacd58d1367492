"""Fair rosters for out-of-hours GP care: knows rosters, knows no web and no database."""
