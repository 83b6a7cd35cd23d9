"""Why can they not see this slot?"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from mock_gpconnect.desk.asked import Here, read_query
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.inputs import WhyAsked
from mock_gpconnect.desk.look import page
from mock_gpconnect.desk.reasons import reason_of
from mock_gpconnect.desk.why import asker_of, explain

router = APIRouter()


@router.get("/why")
async def why_page(request: Request, desk: Here) -> Response:
    """A day as another organisation sees it; without an organisation, the question."""
    asked = read_query(request, WhyAsked)
    day = asked.day or desk.today
    explanation = await explain(desk, asker_of(asked), day) if request.query_params else None
    asker = desk.name_of(asked.ods) if asked.ods else "an organisation that does not say who it is"
    return page(
        request, desk, "why.jinja",
        asked=asked,
        day=day,
        asker=asker,
        organisations=_choices(desk, asked.ods),
        explanation=explanation,
        reason=lambda word: reason_of(desk, word, asker),
    )  # fmt: skip


def _choices(desk: Desk, chosen: str) -> list[tuple[str, str]]:
    """The other organisations by name, with the one that was asked for, which the directory may lack."""
    names = {chosen: chosen, **desk.directory_names} if chosen else dict(desk.directory_names)
    return sorted(((ods, name) for ods, name in names.items() if ods != desk.practice.ods), key=lambda each: each[1])
