"""The templates of reports and emails: escaped by default, and strict about what they name."""

from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("harness.pilot_check"),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["content"] = content
    return environment


def content(text: str) -> Markup:
    """For the content of an element alone: there a quote is only a quote, and JSON has many."""
    return Markup(escape(text, quote=False))  # noqa: S704 - this is the escaping


def render(name: str, /, **facts: object) -> str:
    """A page; names that end in `.html` are escaped."""
    return _templates().get_template(name).render(**facts)
