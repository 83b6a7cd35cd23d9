"""Latency curves as inline SVG, without scripts and without a request to anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pygal
from pygal.style import Style

from loadtests.profile import SPLIT, Profile, Row

_COLOURS = ("#005eb8", "#ae2573", "#006747", "#7c2855", "#ed8b00", "#330072")
_STYLE = {"background": "white", "plot_background": "white", "font_family": "Arial, sans-serif", "legend_font_size": 12}


def curves(profile: Profile, along: str) -> str:
    """Quantiles over slots `scanned` or `visible`, a colour for each supplier; thin lines bound p95."""
    suppliers = list(profile.models)
    colours = [_COLOURS[at % len(_COLOURS)] for at in range(len(suppliers)) for _ in _LINES]
    title = "slots returned" if along == "visible" else "slots scanned"
    chart = pygal.XY(**_frame(f"Time to answer over {title}", colours), x_title=title, y_title="ms from intended start")
    for supplier in suppliers:
        rows = sorted(_rows_of(profile, supplier, along), key=lambda row: float(getattr(row.target, along)))
        for name, value, stroke in _LINES:
            points = [(float(getattr(row.target, along)), value(row)) for row in rows]
            chart.add(f"{supplier} {name}", points, stroke_style=stroke, show_dots=stroke["width"] > 1)
    return _svg(chart)


_LINES: tuple[tuple[str, Callable[[Row], float], dict[str, Any]], ...] = (
    ("p50", lambda row: row.intended[0.5].ms, {"width": 3}),
    ("p95", lambda row: row.intended[0.95].ms, {"width": 2, "dasharray": "8, 3"}),
    ("p99", lambda row: row.intended[0.99].ms, {"width": 2, "dasharray": "2, 3"}),
    ("p95, at least", lambda row: row.intended[0.95].low, {"width": 0.6}),
    ("p95, at most", lambda row: row.intended[0.95].high, {"width": 0.6}),
)


def _rows_of(profile: Profile, supplier: str, along: str) -> list[Row]:
    """One curve, not several mixed: what is returned where least is kept back, what is scanned where most is."""
    rows = [row for row in profile.rows if row.target.supplier == supplier and row.answered and not row.target.busyness]
    choose = min if along == "visible" else max
    share = choose((row.target.restricted for row in rows), default=0.0)
    return [row for row in rows if row.target.restricted == share]


def split(profile: Profile) -> str:
    """Where the mean answer's time went, a bar for each target."""
    rows = [row for row in profile.rows if row.answered]
    chart = pygal.HorizontalStackedBar(**_frame("Where the time goes (mean)", list(_COLOURS)), x_title="ms")
    chart.height = 120 + 26 * len(rows)
    chart.x_labels = [row.target.name for row in rows]
    for kind in SPLIT:
        chart.add(kind, [round(row.split_ms[kind], 3) for row in rows])
    return _svg(chart)


def _frame(title: str, colours: list[str]) -> dict[str, Any]:
    style = Style(**_STYLE, colors=tuple(colours))
    return {
        "js": [],
        "title": title,
        "style": style,
        "width": 960,
        "height": 480,
        "legend_at_bottom": True,
        "truncate_legend": -1,
    }


_SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
"""pygal leaves its settings for scripts in every chart, also where there are none."""


def _svg(chart: Any) -> str:
    drawn = str(chart.render(is_unicode=True, disable_xml_declaration=True))
    return _SCRIPT.sub("", drawn)
