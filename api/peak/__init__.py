"""Opening extra shifts for a peak or a calamity, calling standbys in for them, and open shifts for all to take."""
