"""The hours in which practices are closed, held against who is on duty: by the clock, not by shift."""

from scheduler.anw_hours.gaps import Gap, find_gaps
from scheduler.anw_hours.intervals import anw_intervals, intervals_without, joined_intervals
from scheduler.anw_hours.words import describe_gaps

__all__ = ["Gap", "anw_intervals", "describe_gaps", "find_gaps", "intervals_without", "joined_intervals"]
