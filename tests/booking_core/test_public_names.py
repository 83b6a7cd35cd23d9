"""The library's front door: few names, each typed and with a word on what it is for."""

import inspect
from typing import get_type_hints

import pytest

import booking_core
from booking_core.booking import DONE
from booking_core.reactions import OUTCOMES

CALLED = [name for name in booking_core.__all__ if inspect.isfunction(getattr(booking_core, name))]
CLASSES = [name for name in booking_core.__all__ if inspect.isclass(getattr(booking_core, name))]


def test_the_list_is_short_and_in_order() -> None:
    assert len(booking_core.__all__) <= 32
    assert booking_core.__all__ == sorted(
        booking_core.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )


@pytest.mark.parametrize("name", CALLED + CLASSES)
def test_a_name_says_what_it_is_for(name: str) -> None:
    assert len(inspect.getdoc(getattr(booking_core, name)) or "") > 20


@pytest.mark.parametrize("name", CALLED)
def test_every_argument_and_every_result_has_a_type(name: str) -> None:
    function = getattr(booking_core, name)
    assert set(get_type_hints(function)) == {*inspect.signature(function).parameters, "return"}


def test_every_outcome_is_explained_where_a_newcomer_looks() -> None:
    told = inspect.getdoc(booking_core.Ending) or ""
    assert [outcome for outcome in (*OUTCOMES, *DONE.values()) if f"`{outcome}`" not in told] == []
