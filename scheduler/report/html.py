"""The report a planner reads: one HTML file that needs nothing else, on a screen, a phone or paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scheduler.domain.availability import WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.result import RosterResult
from scheduler.domain.settings import Strictness
from scheduler.domain.shift import Burden
from scheduler.explain.drop_outs import AVAILABLE, told
from scheduler.explain.shift import dropped_text
from scheduler.messages import dutch, text
from scheduler.report import charts
from scheduler.report.coverage import burdens_in, coverage_in_all, coverage_per_month, coverage_per_post
from scheduler.report.equity import class_rows, gp_rows
from scheduler.report.granted import met_of, wishes_per_gp
from scheduler.report.grid import months_of
from scheduler.report.headline import headline_of
from scheduler.report.judge import judge
from scheduler.report.judgement import Judgement
from scheduler.wishes import outcomes as wish_outcomes


def report_html(dossier: Dossier, result: RosterResult, notices: Sequence[object] = ()) -> str:
    """The report as one HTML page in Dutch, without links to anything outside it.

    `notices` are remarks from reading the dossier, shown by their `str`. The page names GPs: it is the planner's.
    """
    return render(dossier, judge(dossier, result), notices)


def render(dossier: Dossier, judgement: Judgement, notices: Sequence[object] = ()) -> str:
    """The same for a result that has been judged already."""
    context = (
        {"dossier": dossier, "judgement": judgement, "result": judgement.result}
        | {"notices": [str(notice) for notice in notices]}
        | _coverage(dossier, judgement)
        | _shares(dossier, judgement)
        | {"months": list(months_of(dossier, judgement.result.roster))}
        | {"open_by_rule": _open_by_rule(judgement)}
        | {"post_names": {post.id: post.name for post in dossier.posts}}
        | {"rule_values": _rule_values(dossier)}
    )
    return _environment().get_template("report.html.j2").render(context)


def _coverage(dossier: Dossier, judgement: Judgement) -> dict[str, Any]:
    roster = judgement.result.roster
    months = coverage_per_month(roster)
    posts = coverage_per_post(dossier, roster)
    return {
        "burdens": burdens_in(roster),
        "coverage_all": coverage_in_all(roster, text("report.coverage.all")),
        "coverage_months": months,
        "coverage_posts": posts,
        "post_chart": Markup(charts.post_chart(posts)) if posts else "",
        "coverage_chart": Markup(charts.coverage_chart(months)) if months else "",
    }


def _shares(dossier: Dossier, judgement: Judgement) -> dict[str, Any]:
    rows = gp_rows(dossier, judgement)
    classes = class_rows(rows)
    outcomes = sorted(
        wish_outcomes(dossier, judgement.result.roster), key=lambda one: (one.wish.interval, one.wish.gp_id)
    )
    burdens: tuple[Burden, ...] = tuple(judgement.fairness)
    return {
        "headline": headline_of(judgement, rows, outcomes),
        "gp_rows": rows,
        "class_rows": classes,
        "class_chart": Markup(charts.class_chart(classes)) if classes else "",
        "measured": burdens,
        "deviation_charts": {b: Markup(charts.deviation_chart(rows, b, judgement.bound_of(b))) for b in burdens},
        "target_charts": {b: Markup(charts.target_chart(rows, b)) for b in burdens},
        "outcomes": outcomes,
        "wish_counts": {f"{kind}_wish": met_of(outcomes, kind) for kind in WishKind},
        "wishes_per_gp": wishes_per_gp(dossier, outcomes),
    }


def _rule_values(dossier: Dossier) -> list[tuple[str, str]]:
    """The parameters of the rules in words, as this dossier sets them."""
    found = []
    for name, value in dossier.rules:
        shown = text(f"report.strictness.{value}") if isinstance(value, Strictness) else dutch.figure(value, 2)
        found.append((text(f"report.parameter.{name}"), shown))
    return found


def _open_by_rule(judgement: Judgement) -> str:
    """How often each rule rules a GP out, over all unfilled shifts, in words."""
    counted: Counter[str] = Counter()
    for _, reasons in judgement.unfilled:
        counted.update(reasons)
    return dropped_text(dict(told(counted)))


@cache
def _environment() -> Environment:
    """Templates with everything escaped that is not marked as safe, and every missing value an error."""
    environment = Environment(
        loader=PackageLoader("scheduler.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["t"] = lambda key, **values: text(f"report.{key}", **values)
    environment.globals["term"] = lambda kind, name: text(f"terms.{kind}.{name}")
    environment.globals["inline"] = lambda name: Markup(environment.loader.get_source(environment, name)[0])  # type: ignore[union-attr]
    environment.globals["available"] = AVAILABLE
    environment.filters["dropped"] = lambda reasons: dropped_text(dict(told(reasons)))
    environment.filters["wish_span"] = lambda wish: dutch.day_span(wish.start, wish.end)
    for function in (
        dutch.number,
        dutch.figure,
        dutch.signed,
        dutch.percent,
        dutch.long_date,
        dutch.short_day,
        dutch.month_name,
        dutch.clock_span,
    ):
        environment.filters[function.__name__] = function
    return environment
