"""Which constraint a statement broke, and which of them people run into without any fault in the service.

A service looks before it writes, but on PostgreSQL two may look at the same moment: the constraint then refuses the
second. Constraints outside `CONFLICTS` are broken by a mistake in the service alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from api.db.base import Base

CONFLICTS = frozenset(
    {
        # a name that somebody else took
        "uq_user_account_username", "uq_user_account_oidc_issuer_oidc_subject", "uq_gp_hds_id_gp_id",
        "uq_gp_group_hds_id_name", "uq_webhook_hds_id_url", "uq_roster_version_dossier_id_number",
        "uq_publication_hds_id_number", "pk_payment_run", "pk_payment_transfer",
        # the same request at once
        "pk_added_once", "uq_region_run_requested_by_idempotency_key", "uq_payment_run_hds_id_idempotency_key",
        "uq_escalation_hds_id_idempotency_key", "uq_repair_hds_id_idempotency_key",
        "uq_roster_run_hds_id_idempotency_key", "uq_sickness_report_hds_id_reported_by_idempotency_key",
        "uq_publication_hds_id_idempotency_key",
        # the same row for the same person or thing
        "pk_membership", "pk_message_preference", "pk_gp_phone", "pk_gp_group_member", "pk_guest", "pk_handed_in",
        "pk_payment_file_sent", "uq_feed_hds_id_user_id", "uq_guest_hds_id_home_number",
        "uq_gp_link_one_number_other_number", "uq_neighbour_live", "uq_dossier_post_dossier_id_post_id",
        "uq_dossier_practice_dossier_id_practice_id", "uq_dossier_shift_type_dossier_id_shift_type_id",
        "uq_dossier_gp_dossier_id_gp_number", "uq_dossier_balance_dossier_id_gp_number_burden",
        "uq_dossier_clinic_days_dossier_id_gp_number", "uq_dossier_limit_dossier_id_gp_number_burden",
        "uq_dossier_lock_dossier_id_shift_id", "uq_dossier_payee_dossier_id_gp_number_valid_from",
        "uq_dossier_preference_dossier_id_gp_number_burden",
        # one shift at a time, one after another
        "pk_duty", "pk_extra_shift", "pk_open_offer", "uq_swap_offer_live", "uq_lending_opening_open",
        "uq_sickness_case_open", "uq_sickness_ask_case_id_gp_number", "uq_escalation_call_hds_id_shift_id_standby_id",
        "uq_planning_round_running", "ex_assignment_overlap", "ex_duty_overlap", "ex_dossier_agreement_overlap",
        # a dossier that is deleted while somebody begins to use it
        "fk_roster_run_hds_id_dossier_id", "fk_roster_version_hds_id_dossier_id",
        "fk_planning_round_hds_id_dossier_id", "fk_duty_dossier_id",
    }
)  # fmt: skip
_SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (?P<columns>[\w., ]+)")
_SQLITE_NAME = re.compile(r"(?:CHECK constraint failed: )?(?P<name>(?:ck|ex|frozen)_\w+)")


def find_violated_constraint(error: IntegrityError) -> str | None:
    """The name of the constraint or guard that refused a statement; None when the database does not tell.

    SQLite names no foreign key, and neither names a column that may not be empty.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name:
        return str(diagnosis.constraint_name)
    message = str(error.orig)
    if columns := _SQLITE_COLUMNS.match(message):
        return _names_by_columns().get(frozenset(columns["columns"].split(", ")))
    named = _SQLITE_NAME.match(message)
    return named["name"] if named else None


def is_conflict(error: IntegrityError) -> bool:
    """Whether somebody else was first by a moment, so that nothing is wrong with the service."""
    return find_violated_constraint(error) in CONFLICTS


@cache
def _names_by_columns() -> dict[frozenset[str], str]:
    """What must be unique, by its columns as SQLite writes them: `table.column`."""
    return {
        frozenset(f"{table.name}.{column}" for column in columns): name
        for table in Base.metadata.sorted_tables
        for name, columns in _unique_columns(table)
    }


def _unique_columns(table: Table) -> list[tuple[str, list[str]]]:
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    indexes = [one for one in table.indexes if one.unique]
    found: list[tuple[object, Iterable[Column[Any]]]] = [
        (one.name, one.columns) for one in (table.primary_key, *unique)
    ]
    found += [(one.name, one.columns) for one in indexes]
    return [(str(name), [column.name for column in columns]) for name, columns in found]
