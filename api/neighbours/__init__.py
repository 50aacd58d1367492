"""One person at several HDSs, and HDSs that are each other's neighbours."""
