"""A small country: the model of England with fewer and smaller practices."""

import pytest

from harness.national.model import ENGLAND, Model, read_model


@pytest.fixture
def country() -> Model:
    small = {"networks": 3, "practices": 8, "mean_list": 600, "list_spread": 0.2, "slots": 8 * 400}
    return read_model(ENGLAND).model_copy(update=small | {"closed_share": 0.0, "booked_first": 0.5})
