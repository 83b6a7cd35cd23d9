"""One practice's desk as an ASGI app: pages for people, a control API for programs, both doing the same."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from fastapi import Depends, FastAPI, Request, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_gpconnect.desk import api, static_files
from mock_gpconnect.desk.asked import from_this_site
from mock_gpconnect.desk.declined import BadInput, Declined
from mock_gpconnect.desk.desk import Desk, NewId, Now
from mock_gpconnect.desk.look import page
from mock_gpconnect.desk.pages import book, set_up, staff, why
from mock_gpconnect.desk.staff import Staff
from mock_gpconnect.provider.practice import Practice

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def desk_app(
    practice: Practice,
    staff: Staff,
    *,
    now: Now,
    new_id: NewId,
    directory_names: Mapping[str, str],
    base_url: str,
    where: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> ASGIApp:
    """The desk of a practice, to be mounted at `base_url`.

    `directory_names`: ODS code to name of the organisations that there are. `where`: reason, or
    something that staff change, to the screen of the real system; `words`: its own words (`desk.WORDS`).
    """
    desk = Desk(practice, staff, now, new_id, directory_names, base_url, where or {}, words or {})

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"] if scope["path"] != scope.get("root_path", "") else f"{scope['path']}/"
            await _shared()({**scope, "path": path, "desk": desk}, receive, _with_headers(send))

    return app


@cache
def _shared() -> FastAPI:
    """One app for the desks of all practices and worlds: to build it costs more than many requests."""
    app = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, dependencies=[Depends(from_this_site)]
    )  # fmt: skip
    for router in (book.router, set_up.router, staff.router, why.router, api.router, static_files.router):
        app.include_router(router)
    app.add_exception_handler(Declined, _refused)
    app.add_exception_handler(BadInput, _refused)
    app.add_exception_handler(HTTPException, _not_routed)
    return app


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, (Declined, BadInput))  # noqa: S101 - registered for these two
    if api.is_for_programs(request):
        return api.refused(refusal)
    desk = request.scope["desk"]
    return page(request, desk, "problem.jinja", refusal)


async def _not_routed(request: Request, error: Exception) -> Response:
    method_known = isinstance(error, HTTPException) and error.status_code == 405
    return await _refused(request, Declined("method_refused" if method_known else "page_unknown"))


def _with_headers(send: Send) -> Send:
    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return send_guarded
