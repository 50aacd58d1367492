"""The verdict of `anw check` as tables: rule by rule, fairness, soft cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.markup import escape

from scheduler.cli.console import STDOUT, plain_table
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.settings import Strictness
from scheduler.domain.shift import Burden
from scheduler.fairness import BurdenFairness
from scheduler.messages import text
from scheduler.messages.dutch import number
from scheduler.rules import RULES, Violation, coverage
from scheduler.verify import Verdict

MOST_SHOWN = 5
"""Sentences shown for each broken rule unless all are asked for."""


def show_verdict(dossier: Dossier, roster: Roster, verdict: Verdict, *, every: bool) -> None:
    """Print the whole verdict; `every`: all violations and open shifts instead of the first few of each."""
    STDOUT.print(escape(text("cli.check.title", name=dossier.hds_name, period=dossier.period)), style="bold")
    STDOUT.print(text("cli.check.counts", shifts=number(len(roster.shifts)), gps=number(len(roster.by_gp))))
    _show_rules(dossier, verdict)
    _show_violations(verdict.violations, every=every)
    _show_open(verdict.unfilled, every=every)
    show_fairness(verdict.fairness)
    show_soft_cost(verdict.soft_cost)
    STDOUT.print(_conclusion(verdict), style="bold green" if verdict.is_legal else "bold red")


def _show_rules(dossier: Dossier, verdict: Verdict) -> None:
    table = plain_table("cli.check", "rule", "outcome")
    table.columns[1].justify = "right"
    counts = Counter(violation.rule for violation in verdict.violations)
    counts[coverage.NAME] = len(verdict.unfilled)
    for rule in RULES:
        table.add_row(text(f"terms.rule.{rule.name}"), _outcome(dossier, rule.name, counts[rule.name]))
    STDOUT.print(table)


def _outcome(dossier: Dossier, rule: str, count: int) -> str:
    strictness = getattr(dossier.rules, rule, Strictness.FORBID)
    if strictness is not Strictness.FORBID:
        return text(f"cli.check.{strictness}")
    if not count:
        return text("cli.check.kept")
    key = "open" if rule == coverage.NAME else "broken"
    return f"[{'yellow' if key == 'open' else 'red'}]{text(f'cli.check.{key}', count=number(count))}[/]"


def _show_violations(violations: Sequence[Violation], *, every: bool) -> None:
    for rule in dict.fromkeys(violation.rule for violation in violations):
        found = [violation for violation in violations if violation.rule == rule]
        STDOUT.print(text("cli.check.of_rule", rule=text(f"terms.rule.{rule}")), style="bold")
        _show_some([violation.text for violation in found], every=every)


def _show_open(unfilled: Sequence[str], *, every: bool) -> None:
    if unfilled:
        STDOUT.print(text("cli.check.open_shifts"), style="bold")
        _show_some(unfilled, every=every)


def _show_some(lines: Sequence[str], *, every: bool) -> None:
    shown = lines if every else lines[:MOST_SHOWN]
    for line in shown:
        STDOUT.print(f"  {escape(line)}", soft_wrap=True)
    if len(shown) < len(lines):
        STDOUT.print(text("cli.check.more", count=number(len(lines) - len(shown))), style="dim")


def show_fairness(fairness: Mapping[Burden, BurdenFairness]) -> None:
    """Per burden the largest deviation and how even the whole is."""
    table = plain_table("cli.fairness", "burden", "largest", "rms", "gini", "mean_hours")
    for column in table.columns[1:]:
        column.justify = "right"
    for burden, found in fairness.items():
        figures = number(found.rms, 2), number(found.gini, 3), number(found.mean_hours, 1)
        table.add_row(text(f"terms.burden.{burden}"), number(found.largest, 2), *figures)
    STDOUT.print(table)


def show_soft_cost(parts: Mapping[str, float], bound: str = "") -> None:
    """The soft cost by part and in total; `bound` is shown under it where it is known."""
    table = plain_table("cli.cost", "part", "cost")
    table.columns[1].justify = "right"
    for part, cost in parts.items():
        if cost:
            table.add_row(text(f"terms.wish.{part}"), number(cost, 1))
    table.add_row(text("cli.cost.total"), number(sum(parts.values()), 1), style="bold")
    if bound:
        table.add_row(text("cli.cost.bound"), bound)
    STDOUT.print(table)


def _conclusion(verdict: Verdict) -> str:
    if not verdict.is_legal:
        return text("cli.check.illegal", count=number(len(verdict.violations)))
    if not verdict.is_complete:
        return text("cli.check.legal_but_open", count=number(len(verdict.unfilled)))
    return text("cli.check.fine")
