"""The templates of reports and emails: escaped by default, and strict about what they name."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("harness.pilot_check"),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, /, **facts: object) -> str:
    """A page; names that end in `.html` are escaped."""
    return _templates().get_template(name).render(**facts)
