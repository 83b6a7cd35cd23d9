"""What a consumer would rather have: an empty answer to a command, or none to a read of what it knows."""

from dataclasses import replace

from mock_gpconnect.provider.answers import Answer
from mock_gpconnect.provider.requests import Request


def preferred(request: Request, answer: Answer) -> Answer:
    """The answer without its body where `Prefer: return=minimal` asks for that; other preferences are ignored."""
    wishes = [wish.strip().replace(" ", "").lower() for wish in request.header("Prefer").replace(";", ",").split(",")]
    return replace(answer, resource=None) if "return=minimal" in wishes else answer


def unless_known(request: Request, answer: Answer) -> Answer:
    """304 without a body where `If-None-Match` has the current version."""
    known = [tag.strip() for tag in request.header("If-None-Match").split(",")]
    if answer.headers["ETag"] in known or "*" in known:
        return replace(answer, status=304, resource=None)
    return answer
