"""Backups of a running service, and putting one back: database, jobs and secret, with the heads of the audit trail."""
