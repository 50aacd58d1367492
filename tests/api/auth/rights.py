"""Who may call what: the one table that the test of rights walks. A new route fails that test until it stands here."""

from __future__ import annotations

from collections.abc import Iterator

from api.auth.principal import Role

PLANNER, GP, FINANCE, INSURER, ADMINISTRATOR = (
    frozenset({role}) for role in (Role.PLANNER, Role.GP, Role.FINANCE, Role.INSURER, Role.ADMINISTRATOR)
)
MEMBERS = frozenset(Role)
"""Anybody with a role at the HDS."""
KNOWN = "anybody who proved who they are"
OPEN = "anybody at all"
Rights = frozenset[Role] | str

_HDS = "/api/v1/hds/{hds_id}"
_DOSSIER = f"{_HDS}/dossiers/{{dossier_id}}"
_VERSION = f"{_HDS}/versions/{{version_id}}"

# name of a part: who reads rows, who writes rows
_PARTS: dict[str, tuple[frozenset[Role], frozenset[Role]]] = {
    "posts": (PLANNER, PLANNER),
    "shift_types": (PLANNER, PLANNER),
    "practices": (PLANNER, PLANNER),
    "gps": (PLANNER, PLANNER),
    "agreements": (PLANNER | GP, PLANNER),
    "absences": (PLANNER | GP, PLANNER | GP),
    "wishes": (PLANNER | GP, PLANNER | GP),
    "clinic_days": (PLANNER | GP, PLANNER | GP),
    "balances": (PLANNER | GP, PLANNER),
    "limits": (PLANNER | GP, PLANNER),
    "preferences": (PLANNER | GP, PLANNER | GP),
    "past_holidays": (PLANNER, PLANNER),
    "locks": (PLANNER, PLANNER),
    "payees": (PLANNER | FINANCE, PLANNER | FINANCE),
}

_WHOLE = {
    "GET /": OPEN,
    "GET /inloggen": OPEN,
    "GET /rooster": OPEN,
    "GET /static/{path}": OPEN,
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /metrics": OPEN,
    "GET /api/v1/openapi.json": OPEN,
    "GET /api/v1/docs": OPEN,
    "GET /api/v1/feeds/{secret}.ics": OPEN,
    "POST /api/v1/auth/login": OPEN,
    "GET /api/v1/auth/oidc/login": OPEN,
    "GET /api/v1/auth/oidc/callback": OPEN,
    "POST /api/v1/auth/logout": KNOWN,
    "GET /api/v1/auth/me": KNOWN,
    "POST /api/v1/auth/password": KNOWN,
    "GET /api/v1/hds": KNOWN,
    "POST /api/v1/regions/runs": KNOWN,
    "GET /api/v1/regions/runs": KNOWN,
    "GET /api/v1/regions/runs/{run_id}": KNOWN,
    "POST /api/v1/regions/runs/{run_id}/cancel": KNOWN,
    "GET /api/v1/regions/runs/{run_id}/events": KNOWN,
}

_OF_HDS: dict[str, frozenset[Role]] = {
    "GET ": ADMINISTRATOR,
    "PATCH ": ADMINISTRATOR,
    "GET /tokens": MEMBERS,
    "POST /tokens": MEMBERS,
    "DELETE /tokens/{token_id}": MEMBERS,
    "GET /users": ADMINISTRATOR,
    "POST /users": ADMINISTRATOR,
    "GET /users/{user_id}": ADMINISTRATOR,
    "PATCH /users/{user_id}": ADMINISTRATOR,
    "DELETE /users/{user_id}": ADMINISTRATOR,
    "POST /users/{user_id}/password": ADMINISTRATOR,
    "GET /audit": ADMINISTRATOR,
    "GET /audit/head": ADMINISTRATOR,
    "GET /audit/verify": ADMINISTRATOR,
    "GET /privacy/mine": GP,
    "GET /privacy/gps/{gp_id}": ADMINISTRATOR,
    "POST /privacy/gps/{gp_id}/erase": ADMINISTRATOR,
    "GET /privacy/retention": ADMINISTRATOR,
    "PUT /privacy/retention": ADMINISTRATOR,
    "GET /dossiers": PLANNER | GP | FINANCE,
    "POST /dossiers": PLANNER,
    "GET /publications": MEMBERS,
    "GET /roster": PLANNER | GP | FINANCE | INSURER,
    "GET /roster/mine": GP,
    "GET /roster/names": PLANNER | GP | FINANCE,
    "GET /coverage": PLANNER | FINANCE | INSURER,
    "GET /runs": PLANNER,
    "GET /runs/{run_id}": PLANNER,
    "POST /runs/{run_id}/cancel": PLANNER,
    "GET /runs/{run_id}/events": PLANNER,
    "POST /peak/preview": PLANNER,
    "POST /peak": PLANNER,
    "GET /peak": PLANNER,
    "GET /peak/figures": PLANNER | INSURER,
    "GET /peak/standbys/{shift_id}": PLANNER,
    "POST /peak/call": PLANNER,
    "POST /peak/close": PLANNER,
    "POST /open-shifts": PLANNER,
    "GET /open-shifts": PLANNER | GP,
    "POST /open-shifts/take/{shift_id}": GP,
    "POST /repairs": PLANNER,
    "GET /repairs": PLANNER,
    "GET /repairs/asks": GP,
    "GET /repairs/{repair_id}": PLANNER,
    "GET /repairs/{repair_id}/events": PLANNER,
    "POST /repairs/{repair_id}/cancel": PLANNER,
    "POST /repairs/{repair_id}/again": PLANNER,
    "POST /repairs/{repair_id}/apply": PLANNER,
    "POST /repairs/{repair_id}/withdraw": PLANNER,
    "POST /repairs/{repair_id}/answer": GP,
    "POST /swaps/verdict": PLANNER | GP,
    "GET /swaps/candidates/{shift_id}": PLANNER | GP,
    "GET /swaps/offers": PLANNER | GP,
    "POST /swaps/offers": GP,
    "POST /swaps/offers/{offer_id}/withdraw": PLANNER | GP,
    "GET /swaps/deals": PLANNER | GP,
    "POST /swaps/deals": PLANNER | GP,
    "POST /swaps/deals/{deal_id}/answer": GP,
    "POST /swaps/deals/{deal_id}/withdraw": PLANNER | GP,
    "POST /swaps/deals/{deal_id}/approve": PLANNER,
    "POST /sickness": PLANNER | GP,
    "GET /sickness": PLANNER | GP,
    "GET /sickness/open": PLANNER,
    "GET /sickness/asks/mine": GP,
    "POST /sickness/asks/{ask_id}/answer": GP,
    "GET /sickness/cases/{case_id}": PLANNER,
    "GET /sickness/cases/{case_id}/standbys": PLANNER,
    "POST /sickness/cases/{case_id}/assign": PLANNER,
    "POST /sickness/cases/{case_id}/call": PLANNER,
    "POST /sickness/cases/{case_id}/ask": PLANNER,
    "POST /sickness/cases/{case_id}/stop": PLANNER,
    "POST /sickness/cases/{case_id}/close": PLANNER,
    "POST /sickness/{report_id}/until": PLANNER | GP,
    "POST /sickness/{report_id}/recovered": PLANNER | GP,
    "GET /swaps/wants": PLANNER | GP,
    "POST /swaps/wants": GP,
    "POST /swaps/wants/{want_id}/withdraw": PLANNER | GP,
    "POST /swaps/rings": PLANNER,
    "GET /swaps/rings": PLANNER,
    "GET /swaps/rings/{search_id}": PLANNER,
    "GET /groups": PLANNER | GP,
    "POST /groups": PLANNER,
    "PUT /groups/{group_id}": PLANNER,
    "DELETE /groups/{group_id}": PLANNER,
    "GET /round": PLANNER | GP,
    "GET /round/{round_id}": PLANNER | GP,
    "PATCH /round/{round_id}": PLANNER,
    "POST /round/{round_id}/cancel": PLANNER,
    "PUT /round/{round_id}/draft": PLANNER,
    "POST /round/{round_id}/publish": PLANNER,
    "GET /round/{round_id}/registrations": PLANNER,
    "POST /round/{round_id}/registrations/mine": GP,
    "GET /round/{round_id}/draft": GP,
    "POST /round/{round_id}/verdict": PLANNER | GP,
    "POST /round/{round_id}/give-back": GP,
    "POST /round/{round_id}/pick-up": GP,
    "GET /round/{round_id}/steps": PLANNER | GP,
    "GET /round/{round_id}/standing": PLANNER | GP,
    "GET /messages/mine": MEMBERS,
    "POST /messages/mine/read": MEMBERS,
    "GET /messages/preferences": MEMBERS,
    "PUT /messages/preferences": MEMBERS,
    "GET /messages/deliveries": PLANNER | ADMINISTRATOR,
    "POST /messages/deliveries/{delivery_id}/retry": PLANNER | ADMINISTRATOR,
    "POST /feed": GP,
    "GET /feed": GP,
    "DELETE /feed": GP,
    "GET /webhooks": ADMINISTRATOR,
    "POST /webhooks": ADMINISTRATOR,
    "GET /webhooks/{webhook_id}": ADMINISTRATOR,
    "PATCH /webhooks/{webhook_id}": ADMINISTRATOR,
    "DELETE /webhooks/{webhook_id}": ADMINISTRATOR,
    "POST /webhooks/{webhook_id}/rotate": ADMINISTRATOR,
    "POST /webhooks/{webhook_id}/test": ADMINISTRATOR,
    "GET /tariffs": FINANCE,
    "POST /tariffs": FINANCE,
    "DELETE /tariffs/{tariff_id}": FINANCE,
    "GET /payees": FINANCE,
    "POST /payees": FINANCE,
    "DELETE /payees/{payee_id}": FINANCE,
    "GET /worked": PLANNER | FINANCE,
    "GET /worked/{shift_id}": PLANNER | FINANCE,
    "PUT /worked/{shift_id}": PLANNER,
    "DELETE /worked/{shift_id}": PLANNER,
    "GET /call-ins/{shift_id}": PLANNER | FINANCE,
    "PUT /call-ins/{shift_id}": PLANNER,
    "DELETE /call-ins/{shift_id}": PLANNER,
    "GET /payouts/preview": FINANCE,
    "GET /payouts/preview/lines": FINANCE,
    "GET /payouts/corrections": FINANCE,
    "POST /payouts/forecast": FINANCE,
    "GET /payouts/verify": FINANCE,
    "GET /payouts/journal": FINANCE,
    "POST /payouts/runs": FINANCE,
    "GET /payouts/runs": FINANCE,
    "GET /payouts/runs/{number}": FINANCE,
    "GET /payouts/runs/{number}/lines": FINANCE,
    "GET /payouts/runs/{number}/statements": FINANCE,
    "GET /payouts/runs/{number}/files": FINANCE,
    "GET /payouts/runs/{number}/files/{name}": FINANCE,
    "POST /payouts/runs/{number}/transfer": FINANCE,
    "GET /payouts/runs/{number}/transfer": FINANCE,
    "GET /payouts/mine": GP,
    "GET /payouts/mine/statements": GP,
    "GET /payouts/mine/statements/{number}/{name}": GP,
}

_OF_DOSSIER: dict[str, frozenset[Role]] = {
    "GET ": PLANNER | GP | FINANCE,
    "DELETE ": PLANNER,
    "PUT /content": PLANNER,
    "GET /export": PLANNER,
    "GET /settings": PLANNER,
    "PUT /settings": PLANNER,
    "PATCH /settings": PLANNER,
    "POST /changes": PLANNER,
    "GET /shares": PLANNER | GP,
    "POST /rounds": PLANNER,
    "GET /versions": PLANNER,
    "POST /versions": PLANNER,
    "POST /versions/from-force": PLANNER,
    "POST /runs": PLANNER,
}

_OF_VERSION: dict[str, frozenset[Role]] = {
    "GET ": PLANNER,
    "DELETE ": PLANNER,
    "GET /shifts": PLANNER,
    "GET /compare": PLANNER,
    "POST /rollback": PLANNER,
    "POST /edits": PLANNER,
    "GET /explain/gps/{gp_id}": PLANNER | GP,
    "GET /explain/shifts/{shift_id}": PLANNER | GP,
    "GET /report": PLANNER,
    "GET /output.zip": PLANNER,
    "GET /roster.csv": PLANNER,
    "GET /calendar.ics": PLANNER,
    "POST /publish": PLANNER,
}


def _all() -> Iterator[tuple[str, str, Rights]]:
    for prefix, part in (("", _WHOLE), (_HDS, _OF_HDS), (_DOSSIER, _OF_DOSSIER), (_VERSION, _OF_VERSION)):
        for call, rights in part.items():
            method, _, path = call.partition(" ")
            yield method, prefix + path, rights
    for name, (readers, writers) in _PARTS.items():
        rows, row = f"{_DOSSIER}/{name}", f"{_DOSSIER}/{name}/{{row_id}}"
        yield from (("GET", rows, readers), ("GET", row, readers))
        yield from (("POST", rows, writers), *((method, row, writers) for method in ("PUT", "PATCH", "DELETE")))


RIGHTS: dict[tuple[str, str], Rights] = {(method, path): rights for method, path, rights in _all()}
"""Method and path of every route, with the roles that may call it."""
