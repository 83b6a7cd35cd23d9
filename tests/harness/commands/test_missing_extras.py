"""What is not installed is told with how to install it from here, and only where it is what is missing."""

import sys
from collections.abc import Callable

import pytest

from harness.commands import load_options
from harness.commands.up import Together, UpOptions, serve_world
from harness.files import BadFile


def told(call: Callable[[], object]) -> str:
    with pytest.raises(BadFile) as bad:
        call()
    return str(bad.value)


def test_load_without_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_options, "find_spec", lambda _: None)
    options = load_options.LoadOptions(("T0",), ("strict",))
    assert 'pip install -c constraints.txt -e ".[load]"' in told(lambda: load_options.check(options))


@pytest.mark.parametrize(
    ("together", "option"),
    [(Together(workers=2), "--workers"), (Together(host="0.0.0.0"), "--host"), (Together(fresh=True), "--fresh")],
)
def test_an_option_that_needs_a_store_is_told_before_what_the_store_needs(
    monkeypatch: pytest.MonkeyPatch, together: Together, option: str
) -> None:
    monkeypatch.setitem(sys.modules, "harness.commands.up_together", None)
    options = UpOptions("two-practices", 0, "real", 1, None, limits=True, together=together)
    message = told(lambda: serve_world(options))
    assert message.startswith(f"{option}: ")
    assert message.endswith("add --store postgresql://...")
