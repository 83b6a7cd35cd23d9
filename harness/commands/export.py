"""`crossbook export`: what a served world was asked, as a scenario file."""

import asyncio
import re
import sys

import httpx
from pydantic import ValidationError

from harness.replay.export import recorded_id, scenario_of
from harness.replay.recording import Recording
from harness.scenario.schema import SCENARIO_ID

PATH = "/control/recording"


def export(base: str, name: str, *, show_names: bool) -> int:
    """Prints the scenario; 2 where there is no world, nothing to tell, or no scenario can have this name."""
    if not re.fullmatch(SCENARIO_ID, recorded_id(name)):
        print(f"--name: expected small letters, digits and hyphens, such as my-run, got {name!r}", file=sys.stderr)
        return 2
    if not base.startswith(("http://", "https://")):
        expected = (
            "expected the address of a served world, such as http://127.0.0.1:8181 or http://127.0.0.1:8181/n/NAME"
        )
        print(f"BASE: {expected}, got {base!r}", file=sys.stderr)
        return 2
    try:
        recording = asyncio.run(_fetched(base.rstrip("/") + PATH))
    except (httpx.HTTPError, httpx.InvalidURL, ValidationError, Refusal) as failure:
        print(f"no recording from {base}: {_worded(failure)}", file=sys.stderr)
        return 2
    if not recording.asked:
        print(f"{base} has not been asked anything since it began", file=sys.stderr)
        return 2
    print(scenario_of(recording, name, show_names=show_names), end="")
    return 0


class Refusal(Exception):
    """What a served world said instead of a recording."""


async def _fetched(url: str) -> Recording:
    async with httpx.AsyncClient() as client:
        answer = await client.get(url)
    if answer.status_code != 200:
        raise Refusal(f"HTTP {answer.status_code} from {url}{_said(answer)}")
    return Recording.model_validate_json(answer.content)


def _said(answer: httpx.Response) -> str:
    """What a control API says in one line of text; a document for programs tells its reader nothing."""
    is_text = answer.headers.get("content-type", "").startswith("text/plain")
    return f": {answer.text.strip().partition(chr(10))[0]}" if is_text and answer.text.strip() else ""


def _worded(failure: Exception) -> str:
    if isinstance(failure, ValidationError):
        return "what answers there is no served world of this version"
    if isinstance(failure, Refusal):
        return f"{failure}; give the address that `crossbook up` prints, with /n/NAME for a copy"
    return f"{failure or type(failure).__name__}; is it served? (crossbook up)"
