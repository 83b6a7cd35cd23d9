"""The desk's practice, new for every test."""

import pytest

from tests.mock_gpconnect.desk.reception import Reception


@pytest.fixture
def desk() -> Reception:
    return Reception()
