"""Pay: each clock hour, at most the national maximum, to who worked it, in closed and numbered runs."""

from scheduler.payout.budget import BudgetLine, forecast, read_budget
from scheduler.payout.correct import Correction, corrections
from scheduler.payout.intake import PayoutInput, read_input
from scheduler.payout.ledger import ClosedRun, Ledger
from scheduler.payout.payable import Payable, payable
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
