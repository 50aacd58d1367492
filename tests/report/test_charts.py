"""The charts of the report."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from scheduler.domain.shift import Burden
from scheduler.report import charts
from scheduler.report.coverage import coverage_per_month, coverage_per_post
from scheduler.report.equity import class_rows, gp_rows
from scheduler.report.judge import judge
from tests.report.results import two_posts

SVG = "{http://www.w3.org/2000/svg}"


def _charts() -> dict[str, str]:
    dossier, result = two_posts()
    rows = gp_rows(dossier, judge(dossier, result))
    return {
        "coverage": charts.coverage_chart(coverage_per_month(result.roster)),
        "posts": charts.post_chart(coverage_per_post(dossier, result.roster)),
        "classes": charts.class_chart(class_rows(rows)),
        "deviation": charts.deviation_chart(rows, Burden.NIGHT, 0.4),
        "target": charts.target_chart(rows, Burden.NIGHT),
    }


def test_charts_are_plain_svg_that_scales() -> None:
    """Each is well-formed SVG with a view box, without fixed size, ids that could clash, or links."""
    for svg in _charts().values():
        root = ET.fromstring(svg)
        assert root.tag == f"{SVG}svg"
        assert root.get("viewBox")
        assert root.get("width") is None
        assert not [node for node in root.iter() if node.get("id") or "href" in "".join(node.attrib)]


def test_charts_speak_dutch() -> None:
    """Axes and legends are in Dutch, numbers with decimal commas."""
    said = {name: " ".join(ET.fromstring(svg).itertext()) for name, svg in _charts().items()}
    assert "nacht" in said["coverage"]
    assert "jan" in said["coverage"]
    assert "Post <P>" in said["posts"]
    assert "huisartsen in dienstverband" in said["classes"]
    assert "afwijking in diensten" in said["deviation"]
    assert "," in said["deviation"]


def test_the_bound_is_drawn_on_both_sides() -> None:
    """Two dashed lines mark the lower bound; without a bound there are none."""
    dossier, result = two_posts()
    rows = gp_rows(dossier, judge(dossier, result))
    assert charts.deviation_chart(rows, Burden.NIGHT, 0.4).count("stroke-dasharray") == 2
    assert charts.deviation_chart(rows, Burden.NIGHT, 0.0).count("stroke-dasharray") == 0


def test_the_same_figures_give_the_same_picture() -> None:
    """A chart drawn twice is the same to the byte."""
    assert _charts() == _charts()
