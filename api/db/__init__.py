"""Storage: tables, migrations and sessions, on PostgreSQL and SQLite alike."""
