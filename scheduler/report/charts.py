"""Charts as inline SVG, drawn by Altair and vl-convert without a browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import vl_convert

from scheduler.domain.people import Contract
from scheduler.domain.shift import Burden
from scheduler.messages import text
from scheduler.report.coverage import CoverageRow
from scheduler.report.equity import NOTHING, ClassRow, GpRow

BURDEN_COLOURS: Mapping[Burden, str] = {
    Burden.EVENING: "#e0a63a",
    Burden.NIGHT: "#2f4b7c",
    Burden.WEEKEND: "#2a9d8f",
    Burden.HOLIDAY: "#c8553d",
    Burden.STANDBY: "#8d99ae",
}
CLASS_COLOURS: Mapping[Contract, str] = {
    Contract.PRACTICE_OWNER: "#1f5f8b",
    Contract.SALARIED: "#64a6bd",
    Contract.LOCUM: "#e9a94b",
    Contract.TRAINEE: "#9a8fb5",
    Contract.JUNIOR: "#b5b5b5",
}
OPEN_COLOUR = "#d00000"
BINS = (0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
"""Widths that a bar in the distribution of deviations may have, in shifts."""

MOST_BARS = 21

LABEL_LIMIT = 150
"""Pixels for the name of a post."""

LETTER_WIDTH = 6.6
"""Pixels of a letter in the widest usual font: the page's may be wider than the one that is drawn with."""

DOTS_ACROSS = 48
"""GPs that fall into one of this many steps on each axis share a dot, so that 900 GPs stay a small picture."""


def coverage_chart(months: Sequence[CoverageRow]) -> str:
    """Shifts per month, stacked by burden, what stayed open on top."""
    values: list[dict[str, Any]] = []
    for order, row in enumerate(months):
        for burden, filled in row.per_burden.items():
            values.append({"month": row.short, "at": order, "kind": text(f"terms.burden.{burden}"), "n": filled.filled})
        values.append({"month": row.short, "at": order, "kind": text("report.charts.open"), "n": row.total.unfilled})
    burdens = list(months[0].per_burden) if months else []
    names = [text(f"terms.burden.{burden}") for burden in burdens]
    colours = [BURDEN_COLOURS[burden] for burden in burdens]
    if any(row.total.unfilled for row in months):
        names, colours = [*names, text("report.charts.open")], [*colours, OPEN_COLOUR]
    chart = (
        alt.Chart(alt.InlineData(values=[value for value in values if value["n"]]))
        .mark_bar()
        .encode(
            x=alt.X("month:O", sort=alt.SortField("at"), title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("sum(n):Q", title=text("report.charts.shifts")),
            color=_colours("kind", names, colours),
        )
    )
    return _svg(chart, 360, 180)


def post_chart(posts: Sequence[CoverageRow]) -> str:
    """Hours per post, stacked by burden."""
    burdens = list(posts[0].per_burden)
    values: list[dict[str, Any]] = [
        {"post": row.label, "kind": text(f"terms.burden.{burden}"), "hours": row.per_burden[burden].hours, "at": order}
        for row in posts
        for order, burden in enumerate(burdens)
    ]
    names = [text(f"terms.burden.{burden}") for burden in burdens]
    extent = min(LABEL_LIMIT * 1.15, max(len(row.label) for row in posts) * LETTER_WIDTH)
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            y=alt.Y(
                "post:N",
                sort=[row.label for row in posts],
                title=None,
                axis=alt.Axis(labelLimit=LABEL_LIMIT, minExtent=extent),
            ),
            x=alt.X("hours:Q", title=text("report.charts.hours"), axis=alt.Axis(tickCount=5)),
            color=_colours("kind", names, [BURDEN_COLOURS[burden] for burden in burdens]),
            order=alt.Order("at:Q"),
        )
    )
    return _svg(chart, 270, 180)


def class_chart(rows: Sequence[ClassRow]) -> str:
    """For each burden, which part of the assigned hours falls to each class."""
    values = [
        {
            "burden": text(f"terms.burden.{burden}"),
            "kind": text(f"terms.contracts.{row.contract}"),
            "hours": assigned,
            "at": order,
        }
        for order, row in enumerate(rows)
        for burden, (_, assigned) in row.cells.items()
    ]
    names = [text(f"terms.contracts.{row.contract}") for row in rows]
    colours = [CLASS_COLOURS[row.contract] for row in rows]
    order = [text(f"terms.burden.{burden}") for burden in (rows[0].cells if rows else ())]
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar()
        .encode(
            y=alt.Y("burden:N", sort=order, title=None, axis=alt.Axis(minExtent=80)),
            x=alt.X(
                "hours:Q", stack="normalize", title=text("report.charts.share"), axis=alt.Axis(format="%", tickCount=5)
            ),
            color=_colours("kind", names, colours, columns=2),
            order=alt.Order("at:Q"),
        )
    )
    return _svg(chart, 380, 130)


def deviation_chart(rows: Sequence[GpRow], burden: Burden, bound: float) -> str:
    """How many GPs lie how far from the target of one burden; dashed lines mark the lower bound."""
    deviations = [row.cells[burden].deviation for row in rows if row.cells[burden] != NOTHING]
    reach = max((abs(deviation) for deviation in deviations), default=0.0)
    width = next((width for width in BINS if 2 * reach / width <= MOST_BARS), BINS[-1])
    edge = 1.1 * (max(reach, bound) + width / 2)
    bins = Counter(round(deviation / width) for deviation in deviations)
    values = [{"from": (at - 0.5) * width, "to": (at + 0.5) * width, "n": n} for at, n in sorted(bins.items())]
    bars = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(color=BURDEN_COLOURS[burden], binSpacing=1)
        .encode(
            x=alt.X(
                "from:Q",
                bin="binned",
                scale=alt.Scale(domain=[-edge, edge], nice=False),
                title=text("report.charts.deviation"),
                axis=alt.Axis(tickCount=4, labelOverlap="greedy"),
            ),
            x2="to:Q",
            y=alt.Y("n:Q", title=text("report.charts.gps"), axis=alt.Axis(tickCount=4, tickMinStep=1)),
        )
    )
    marks = alt.Chart(alt.InlineData(values=[{"x": -bound}, {"x": bound}]))
    lines = marks.mark_rule(color="#333", strokeDash=[4, 3]).encode(x="x:Q")
    return _svg(bars + lines if bound else bars, 165, 105)


def target_chart(rows: Sequence[GpRow], burden: Burden) -> str:
    """Assigned against target hours of one burden; on the line both are equal."""
    cells = [row.cells[burden] for row in rows if row.cells[burden] != NOTHING]
    top = max((max(cell.target, cell.assigned) for cell in cells), default=1.0) or 1.0
    step = top / DOTS_ACROSS
    dots = Counter((round(cell.target / step), round(cell.assigned / step)) for cell in cells)
    values = [{"x": x * step, "y": y * step, "n": count} for (x, y), count in sorted(dots.items())]
    axis = alt.Axis(tickCount=4, labelOverlap="greedy")
    ends: list[Mapping[str, Any]] = [{"x": 0, "y": 0}, {"x": top, "y": top}]
    line = alt.Chart(alt.InlineData(values=ends)).mark_line(color="#999", strokeWidth=1).encode(x="x:Q", y="y:Q")
    points = (
        alt.Chart(alt.InlineData(values=values))
        .mark_circle(color=BURDEN_COLOURS[burden], opacity=0.75)
        .encode(
            x=alt.X("x:Q", title=text("report.charts.target"), axis=axis),
            y=alt.Y("y:Q", title=text("report.charts.assigned"), axis=axis),
            size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[14, 90])),
        )
    )
    return _svg(line + points, 165, 140)


def _colours(field: str, names: Sequence[str], colours: Sequence[str], columns: int = 3) -> alt.Color:
    scale = alt.Scale(domain=list(names), range=list(colours))
    return alt.Color(
        f"{field}:N",
        scale=scale,
        legend=alt.Legend(
            orient="bottom", title=None, columns=columns, labelFontSize=11, labelLimit=260, columnPadding=26
        ),
        sort=list(names),
    )


def _svg(chart: alt.Chart | alt.LayerChart, width: int, height: int) -> str:
    """The chart as an SVG element that grows and shrinks with the page; its text is left to the figure around it."""
    spec = chart.properties(width=width, height=height).configure(font="sans-serif").configure_view(stroke=None)
    styled = spec.configure_axis(gridColor="#e7ebef", domainColor="#9aa5b1", labelColor="#3c4854", titleColor="#3c4854",
                                 titleFontWeight="normal")  # fmt: skip
    svg = vl_convert.vegalite_to_svg(styled.to_dict(validate=False), format_locale="nl-NL")
    return _inline(svg)


def _inline(svg: str) -> str:
    """Drop fixed size and inner roles: the figure around the picture tells a screen reader what it shows."""
    svg = re.sub(r' (?:width|height)="[\d.]+"', "", svg[: svg.index(">")]) + svg[svg.index(">") :]
    svg = re.sub(r' (?:role|aria-roledescription|aria-label|aria-hidden|xmlns:xlink)="[^"]*"', "", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
