"""Pay: each clock hour, at most the national maximum, to who worked it, in closed and numbered runs.

A name is loaded when it is first used: rates and the pay of one shift do without pandas, which takes 35 MiB.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.payout.budget import BudgetLine, forecast, read_budget
    from scheduler.payout.correct import Correction, corrections
    from scheduler.payout.entitled import Payable, payable
    from scheduler.payout.intake import PayoutInput, read_input
    from scheduler.payout.ledger import ClosedRun, Ledger
    from scheduler.payout.period import month_of, period_of
    from scheduler.payout.rates import rate_mistakes
    from scheduler.payout.run import Closing, PaymentRun, close, prepare_run, seal
    from scheduler.payout.runs_folder import read_ledger
    from scheduler.payout.sepa import Debtor, debtor_of
    from scheduler.payout.tariffs import Tariff, TariffTable, national_tariffs, read_tariffs, tariffs_with
    from scheduler.payout.worked import Actuals, Stretch

__all__ = [
    "Actuals",
    "BudgetLine",
    "ClosedRun",
    "Closing",
    "Correction",
    "Debtor",
    "Ledger",
    "Payable",
    "PaymentRun",
    "PayoutInput",
    "Stretch",
    "Tariff",
    "TariffTable",
    "close",
    "corrections",
    "debtor_of",
    "forecast",
    "month_of",
    "national_tariffs",
    "payable",
    "period_of",
    "prepare_run",
    "rate_mistakes",
    "read_budget",
    "read_input",
    "read_ledger",
    "read_tariffs",
    "seal",
    "tariffs_with",
]

_HOME = {
    "Actuals": "worked",
    "BudgetLine": "budget",
    "ClosedRun": "ledger",
    "Closing": "run",
    "Correction": "correct",
    "Debtor": "sepa",
    "Ledger": "ledger",
    "Payable": "entitled",
    "PaymentRun": "run",
    "PayoutInput": "intake",
    "Stretch": "worked",
    "Tariff": "tariffs",
    "TariffTable": "tariffs",
    "close": "run",
    "corrections": "correct",
    "debtor_of": "sepa",
    "forecast": "budget",
    "month_of": "period",
    "national_tariffs": "tariffs",
    "payable": "entitled",
    "period_of": "period",
    "prepare_run": "run",
    "rate_mistakes": "rates",
    "read_budget": "budget",
    "read_input": "intake",
    "read_ledger": "runs_folder",
    "read_tariffs": "tariffs",
    "seal": "run",
    "tariffs_with": "tariffs",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found
