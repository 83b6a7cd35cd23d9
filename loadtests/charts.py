"""Latency curves as inline SVG, without scripts and without a request to anywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pygal
from pygal.style import Style

from loadtests.judge import Thresholds
from loadtests.measures import SLICES, SPLIT
from loadtests.profile import Profile, Row

_SHARES = ((0.5, "p50", "#005eb8"), (0.95, "p95", "#ae2573"), (0.99, "p99", "#ed8b00"))
_PARTS = ("#005eb8", "#ae2573", "#006747", "#7c2855", "#ed8b00", "#330072")
_SHALL, _SHOULD = "#8a1538", "#212b32"
"""Dark both, so that they stand out from the grid and from each other."""
_STYLE = {
    "background": "white",
    "plot_background": "white",
    "font_family": "Arial, sans-serif",
    "legend_font_size": 14,
    "label_font_size": 12,
    "major_label_font_size": 12,
    "title_font_size": 17,
    "guide_stroke_color": "#e8edee",
    "major_guide_stroke_color": "#d8dde0",
    "guide_stroke_dasharray": "none",
    "major_guide_stroke_dasharray": "none",
    "stroke_opacity": "1",
    "stroke_width": "inherit",
    "stroke_width_hover": "inherit",
    "value_font_size": 12,
    "value_label_font_size": 12,
    "opacity": ".16",
    "opacity_hover": ".16",
}
_ALONG = {"visible": "slots returned", "scanned": "slots scanned"}


def curves(profile: Profile, limits: Thresholds) -> list[str]:
    """For each supplier quantiles over slots returned and over slots scanned, each with its band of confidence."""
    return [_curve(profile, supplier, along, limits) for supplier in profile.models for along in _ALONG]


def _curve(profile: Profile, supplier: str, along: str, limits: Thresholds) -> str:
    rows = sorted(_rows_of(profile, supplier, along), key=lambda row: _place(row, along))
    colours = [colour for *_, colour in _SHARES for _ in range(2)] + [_SHALL, _SHOULD]
    chart = pygal.XY(
        **_frame(f"{supplier}: over {_ALONG[along]}", colours), x_title=_ALONG[along], y_title="ms", print_labels=True
    )
    for share, name, _ in _SHARES:
        band = [(_place(row, along), row.intended[share].low) for row in rows]
        band += [(_place(row, along), row.intended[share].high) for row in reversed(rows)]
        chart.add(None, band, fill=True, show_dots=False, stroke_style={"width": 0})
        line = [(_place(row, along), row.intended[share].ms) for row in rows]
        chart.add(name, line, stroke_style={"width": 2.5}, dots_size=2.5)
    _budget_lines(chart, [_place(row, along) for row in rows], limits)
    return _svg(chart)


def _place(row: Row, along: str) -> float:
    return float(getattr(row.target, along))


def _budget_lines(chart: Any, places: Sequence[float], limits: Thresholds) -> None:
    """The guide's budgets, where they lie within the picture."""
    for word, ms, dashes in (("SHALL", limits.query_shall_ms, "14, 5"), ("SHOULD", limits.query_should_ms, "3, 5")):
        begins, ends = (min(places, default=0), ms), (max(places, default=1), ms)
        line = [{"value": begins, "label": word}, {"value": ends, "label": ""}]
        chart.add(f"{word} {ms:,.0f}", line, dots_size=0, stroke_style={"width": 3, "dasharray": dashes})


def _rows_of(profile: Profile, supplier: str, along: str) -> list[Row]:
    """One curve, not several mixed: what is returned where least is kept back, what is scanned where most is."""
    rows = [row for row in profile.searches if row.target.supplier == supplier and row.answered and row.target.is_plain]
    choose = min if along == "visible" else max
    share = choose((row.target.restricted for row in rows), default=0.0)
    return [row for row in rows if row.target.restricted == share]


def over_time(profile: Profile) -> list[str]:
    """How p95 of slot searches moved over the run, a line for each target; and the rate of their answers."""
    rows = [row for row in profile.searches if row.answered]
    parts = [f"{(at + 1) * profile.plan.open_s / SLICES:.0f}" for at in range(SLICES)]
    drawn = []
    for title, unit, values in (
        ("Slot searches: p95 over the run", "ms", [[part.ms[0.95] or None for part in row.slices] for row in rows]),
        ("Slot searches: answers a second", "1/s", [[part.per_s for part in row.slices] for row in rows]),
    ):
        chart = pygal.Line(**_frame(title, list(_PARTS)), x_title="seconds", y_title=unit)
        chart.x_labels = parts
        for row, line in zip(rows, values, strict=True):
            chart.add(row.name, line, stroke_style={"width": 2}, dots_size=2)
        drawn.append(_svg(chart))
    return drawn


def split(profile: Profile) -> str:
    """Where the mean answer's time went, a bar for each kind of request."""
    rows = [row for row in profile.rows if row.answered and not row.is_national]
    style = _frame("Where the time goes (mean)", list(_PARTS)) | {"width": 960, "height": 130 + 26 * len(rows)}
    style["style"].opacity = style["style"].opacity_hover = ".85"
    chart = pygal.HorizontalStackedBar(**style, x_title="ms")
    chart.x_labels = [row.name for row in rows]
    for kind in SPLIT:
        chart.add(kind, [round(row.split_ms[kind], 3) for row in rows])
    return _svg(chart)


def _frame(title: str, colours: list[str]) -> dict[str, Any]:
    return {
        "js": [],
        "title": title,
        "style": Style(**_STYLE, colors=tuple(colours), value_colors=tuple(colours)),
        "width": 560,
        "height": 420,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 3,
        "truncate_legend": -1,
        "margin_bottom": 40,
        "include_x_axis": True,
    }


_SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
"""pygal leaves its settings for scripts in every chart, also where there are none."""


def _svg(chart: Any) -> str:
    drawn = str(chart.render(is_unicode=True, disable_xml_declaration=True))
    return _SCRIPT.sub("", drawn)
