"""HDSs that are neighbours open shifts to each other's GPs, and keep account of who lent what to whom."""
