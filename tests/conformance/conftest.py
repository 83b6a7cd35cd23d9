import pytest

from tests.mock_gpconnect.provider.riverside import Riverside


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def riverside() -> Riverside:
    return Riverside()
