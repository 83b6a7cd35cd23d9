from collections.abc import Callable

import pytest

from tests.mock_pds.maximal import MAXIMAL
from tests.mock_pds.world import World, coding, diagnostics

MAGS = "9991234535"


@pytest.fixture
def world(build: Callable[..., World]) -> World:
    return build(MAXIMAL)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"[1]",
        b"null",
        b'"patches"',
        b"{}",
        b'{"patches": {}}',
        b'{"patches": null}',
        b'{"patches": []}',
        b"\xff",
        b"[" * 100_000,
    ],
)
async def test_a_body_without_patches_has_none(world: World, body: bytes) -> None:
    headers = {"If-Match": 'W/"7"', "Content-Type": "application/json-patch+json"}

    answer = await world.pds(f"/Patient/{MAGS}", "PATCH", headers=headers, content=body)

    assert diagnostics(answer) == "Invalid update with error - No patches found"


@pytest.mark.parametrize("levels", [50, 400, 505, 5000])
async def test_no_depth_of_a_value_breaks_the_service(world: World, levels: int) -> None:
    value = b'{"url":"x","extension":[' * levels + b"]}" * levels
    body = b'{"patches":[%s]}' % b",".join(
        b'{"op":"%s","path":"%s","value":%s}' % (verb, path, value)
        for verb, path in ((b"add", b"/extension/-"), (b"test", b"/extension/8"), (b"test", b"/gender"))
    )
    headers = {"If-Match": 'W/"7"', "Content-Type": "application/json-patch+json"}

    answer = await world.pds(f"/Patient/{MAGS}", "PATCH", headers=headers, content=body)

    assert answer.status_code == 400


async def test_no_depth_of_an_entry_breaks_the_service(world: World) -> None:
    value = b'{"url":"x","extension":[' * 400 + b"]}" * 400
    body = b'{"patches":[{"op":"add","path":"/extension/-","value":%s}]}' % value
    headers = {"If-Match": 'W/"7"', "Content-Type": "application/json-patch+json"}

    answer = await world.pds(f"/Patient/{MAGS}", "PATCH", headers=headers, content=body)

    assert coding(answer)["code"] == "VALIDATION_ERROR"
