"""The day as one page that opens from disk, without a script or a request to anywhere."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from harness.national.on_screen import SHOWN
from harness.national.outcome import ENDS, LEFT_OUT, Outcome, timings_of


def html_page(outcome: Outcome) -> bytes:
    """The same outcome gives the same bytes."""
    page = _template().render(
        outcome=outcome, ends=ENDS, left_out=LEFT_OUT, timings=timings_of(outcome, SHOWN),
        most=max(each.searches for each in outcome.hours) or 1,
    )  # fmt: skip
    return page.encode()


@cache
def _template() -> Template:
    loader = PackageLoader("harness.national", ".")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["thousands"] = lambda number: f"{number:,}"
    return environment.get_template("page.jinja")
