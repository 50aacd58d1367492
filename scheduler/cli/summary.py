"""The summary after a run, in words a planner understands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.markup import escape

from scheduler.cli.console import STDOUT, plain_table
from scheduler.cli.verdict import show_soft_cost
from scheduler.domain.dossier import Dossier
from scheduler.explain.drop_outs import AVAILABLE, told
from scheduler.explain.shift import dropped_text
from scheduler.explain.words import counted, listed
from scheduler.messages import text
from scheduler.messages.dutch import number, percent
from scheduler.report.judgement import Judgement

MOST_NAMED = 5
MOST_SHOWN = 12
"""Open shifts named in the summary; all of them stand in the report."""


def show_summary(dossier: Dossier, found: Judgement, out: Path, *, seconds: float) -> None:
    """Print coverage, fairness against its bound, soft cost, open shifts with reasons, and where the rest is."""
    STDOUT.print(escape(text("cli.check.title", name=dossier.hds_name, period=dossier.period)), style="bold")
    if found.result.cancelled:
        STDOUT.print(text("cli.summary.cancelled"), style="yellow")
    if found.result.may_differ_again:
        STDOUT.print(text("cli.summary.may_differ"), style="yellow", soft_wrap=True)
    STDOUT.print(_coverage(found))
    _show_open(found)
    rules = text("cli.summary.legal") if not found.violations else text(
        "cli.summary.illegal", count=number(found.violations.total())
    )  # fmt: skip
    STDOUT.print(rules, style="" if not found.violations else "bold red")
    _show_fairness(found)
    for sentence in found.imbalances:
        STDOUT.print(f"  {escape(sentence)}", soft_wrap=True)
    show_soft_cost(found.soft_cost, _cost_bound(found))
    STDOUT.print(escape(text("cli.summary.written", folder=out, seconds=number(seconds, 1))), soft_wrap=True)


def _coverage(found: Judgement) -> str:
    shifts, unfilled = len(found.result.roster.shifts), len(found.result.roster.unfilled)
    share = percent(shifts - unfilled, shifts, 1 if unfilled else 0)
    said = text("cli.summary.coverage", filled=number(shifts - unfilled), shifts=number(shifts), share=share)
    if unfilled and unfilled <= found.result.unfilled_bound:
        said += " " + text("cli.summary.fewest_open", count=number(unfilled))
    return said


def _show_open(found: Judgement) -> None:
    for shift, reasons in found.unfilled[:MOST_SHOWN]:
        listed = dropped_text(dict(told(reasons))) or text("cli.summary.no_reason")
        said = text("cli.summary.open", shift=shift.id, reasons=listed)
        if AVAILABLE in reasons:
            said += text("cli.summary.available", count=number(reasons[AVAILABLE]))
        STDOUT.print(f"  {escape(said)}", soft_wrap=True)
        if remedy := found.remedies.get(shift.id):
            STDOUT.print(f"    {escape(remedy)}", soft_wrap=True)
    if len(found.unfilled) > MOST_SHOWN:
        STDOUT.print(text("cli.check.more", count=number(len(found.unfilled) - MOST_SHOWN)), style="dim")


def _show_fairness(found: Judgement) -> None:
    table = plain_table("cli.fairness", "burden", "largest", "bound", "mean_hours", "proof")
    for column in table.columns[1:4]:
        column.justify = "right"
    for burden, measured in found.fairness.items():
        figures = number(measured.largest, 2), number(found.bound_of(burden), 2), number(measured.mean_hours, 1)
        proof = text("cli.fairness.proven") if found.burden_is_optimal(burden) else ""
        table.add_row(text(f"terms.burden.{burden}"), *figures, proof)
    STDOUT.print(table)
    for line in _deviation_lines(found):
        STDOUT.print(escape(line), soft_wrap=True)


def _deviation_lines(found: Judgement) -> Iterator[str]:
    """The largest deviation of all and, where some targets are out of reach, of the others, with what is proven."""
    key = "proven" if found.fairness_is_proven else "not_proven"
    values = {"largest": number(found.largest_deviation, 2), "bound": number(found.deviation_bound, 2)}
    if not found.shortfalls:
        yield text(f"cli.summary.fairness_{key}", **values)
        return
    gps = listed(sorted(found.out_of_reach), MOST_NAMED)
    yield counted(f"cli.summary.out_of_reach_{key}", len(found.out_of_reach), gps=gps, **values)
    if found.has_others_within_reach:
        key = "proven" if found.fairness_within_reach_is_proven else "not_proven"
        largest, bound = found.largest_deviation_within_reach, found.deviation_bound_within_reach
        yield text(f"cli.summary.within_reach_{key}", largest=number(largest, 2), bound=number(bound, 2))
    yield from (f"  {sentence}" for sentence in found.shortfalls.values())


def _cost_bound(found: Judgement) -> str:
    bound = number(found.result.soft_cost_bound, 1)
    return text("cli.cost.proven", bound=bound) if found.soft_cost_is_proven else bound
