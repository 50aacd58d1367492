"""What a planner wants to know in ten seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scheduler.explain.words import counted, listed
from scheduler.messages import text
from scheduler.messages.dutch import number, percent
from scheduler.report.equity import GpRow, within_one_shift
from scheduler.report.judgement import Judgement
from scheduler.wishes import Outcome

MOST_NAMED = 3

MANY_WISHES = 0.75
"""From this part of the wishes on the page is content; no rule hangs on it."""


class Mood(StrEnum):
    """How a figure is to be taken; the page shows it as colour, sign and word."""

    GOOD = "good"
    MIND = "mind"
    BAD = "bad"


@dataclass(frozen=True)
class Card:
    """One figure of the summary with what it means."""

    title: str
    figure: str
    note: str
    mood: Mood
    badge: str = ""


@dataclass(frozen=True)
class Headline:
    """The verdict in one sentence, its mood, and the cards under it."""

    sentence: str
    mood: Mood
    cards: tuple[Card, ...]


def headline_of(judgement: Judgement, rows: Sequence[GpRow], outcomes: Sequence[Outcome]) -> Headline:
    """The summary at the top of the report."""
    cards = _coverage(judgement), _rules(judgement), _fairness(judgement, rows), _wishes(judgement, outcomes)
    filled = text("report.headline.filled") if not judgement.unfilled else _open(judgement)
    rules = text("report.headline.legal" if not judgement.violations else "report.headline.illegal")
    moods = {card.mood for card in cards[:2]}
    mood = Mood.BAD if Mood.BAD in moods else Mood.MIND if Mood.MIND in moods else Mood.GOOD
    joined = "report.headline.both" if not judgement.unfilled and not judgement.violations else "report.headline.but"
    return Headline(text(joined, filled=filled, rules=rules), mood, cards)


def _open(judgement: Judgement) -> str:
    count = len(judgement.unfilled)
    return text("report.headline.one_open") if count == 1 else text("report.headline.open", count=number(count))


def _coverage(judgement: Judgement) -> Card:
    shifts, unfilled = len(judgement.result.roster.shifts), len(judgement.unfilled)
    figure = percent(shifts - unfilled, shifts, 1 if unfilled else 0)
    counts = {"filled": number(shifts - unfilled), "shifts": number(shifts), "open": number(unfilled)}
    if not unfilled:
        return Card(text("report.card.coverage"), figure, text("report.card.all_filled", **counts), Mood.GOOD)
    badge = text("report.card.proven_minimum") if judgement.coverage_is_proven else ""
    note = text("report.card.some_open", **counts)
    return Card(text("report.card.coverage"), figure, note, Mood.MIND, badge)


def _rules(judgement: Judgement) -> Card:
    count = judgement.violations.total()
    if not count:
        return Card(text("report.card.rules"), "0", text("report.card.rules_kept"), Mood.GOOD)
    worst = ", ".join(text(f"terms.rule.{rule}") for rule, _ in judgement.violations.most_common(3))
    return Card(text("report.card.rules"), number(count), text("report.card.rules_broken", rules=worst), Mood.BAD)


def _fairness(judgement: Judgement, rows: Sequence[GpRow]) -> Card:
    largest, bound = judgement.largest_deviation, judgement.deviation_bound
    note = text(
        "report.card.deviation",
        bound=number(bound, 2),
        share=percent(within_one_shift(rows), len(rows)),
    )
    badge = text("report.proven") if judgement.fairness_is_proven else ""
    mood = Mood.GOOD if largest <= max(1.0, bound) + 0.005 else Mood.MIND
    if judgement.shortfalls:
        note, badge, mood = " ".join(_out_of_reach(judgement, note)), "", Mood.MIND
    figure = text("report.card.shifts" if largest >= 2 else "report.card.shift", number=number(largest, 2))
    return Card(text("report.card.fairness"), figure, note, mood, badge)


def _out_of_reach(judgement: Judgement, note: str) -> Iterator[str]:
    """The note on fairness where some can't have their targets: what is proven of all, then of the others alone."""
    yield note
    gps = listed(sorted(judgement.out_of_reach), MOST_NAMED)
    proven = "proven" if judgement.fairness_is_proven else "not_proven"
    yield counted(f"report.card.out_of_reach_{proven}", len(judgement.out_of_reach), gps=gps)
    if judgement.has_others_within_reach:
        proven = "proven" if judgement.fairness_within_reach_is_proven else "not_proven"
        largest, bound = judgement.largest_deviation_within_reach, judgement.deviation_bound_within_reach
        yield text(f"report.card.within_reach.{proven}", largest=number(largest, 2), bound=number(bound, 2))


def _wishes(judgement: Judgement, outcomes: Sequence[Outcome]) -> Card:
    cost, bound = number(judgement.total_soft_cost), judgement.result.soft_cost_bound
    badge = text("report.proven") if judgement.soft_cost_is_proven else ""
    known = " " + text("report.card.wishes_bound", bound=number(bound)) if bound and not badge else ""
    if not outcomes:
        return Card(
            text("report.card.wishes"), cost, text("report.card.no_wishes", cost=cost) + known, Mood.GOOD, badge
        )
    met = sum(outcome.met for outcome in outcomes)
    note = text("report.card.wishes_met", met=number(met), all=number(len(outcomes)), cost=cost) + known
    mood = Mood.GOOD if met >= MANY_WISHES * len(outcomes) else Mood.MIND
    return Card(text("report.card.wishes"), percent(met, len(outcomes)), note, mood, badge)
