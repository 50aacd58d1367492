"""What comes out of a run: tables, summary, the report that a planner reads, and calendars."""
