from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from mock_pds.people import Person
from tests.mock_pds.world import ALICE, World


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def alice() -> Person:
    return ALICE


@pytest.fixture
def build(signing_key: rsa.RSAPrivateKey) -> Callable[..., World]:
    """A world of the people and applications that a test needs."""
    return lambda *people, **more: World(signing_key, list(people), **more)


@pytest.fixture
def world(build: Callable[..., World], alice: Person) -> World:
    return build(alice)
