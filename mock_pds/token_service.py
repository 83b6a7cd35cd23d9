"""The OAuth 2.0 token service over HTTP: `/token`, `/authorize` and `/userinfo` below its base."""

import html
import logging
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from booking_core.spec.headers import FORM
from mock_pds.clients import Client, Role, User
from mock_pds.grants import grant
from mock_pds.refusals import Refused, response_to
from mock_pds.tokens import Tokens

__all__ = ["Client", "Role", "Tokens", "User", "token_app"]

JSON = "application/json"
EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
log = logging.getLogger(__name__)


class TokenService:
    """The routes; each takes a request and answers, or refuses."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def token(self, request: Request) -> Response:
        """Issues a token. The content type is compared letter by letter, as the real service does."""
        if request.method != "POST":
            return Response(b"", 405, media_type="text/plain")
        if request.headers.get("content-type") != FORM:
            raise Refused("content_type")
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        return Response(orjson.dumps(self._grant(form)), media_type=JSON)

    def _grant(self, form: dict[str, str]) -> dict[str, str]:
        """The token asked for; what breaks on the way is told like any other fault, and logged."""
        try:
            return grant(form, self._tokens)
        except Refused:
            raise
        except Exception as broke:
            log.exception("the token service broke")
            raise Refused("token_service_broke") from broke

    async def authorize(self, request: Request) -> Response:
        """The simulated log-in: `username` names a user of the world, and without it a page asks which."""
        asked = request.query_params
        if not asked.get("client_id"):
            raise Refused("client_id_missing")
        client = self._tokens.clients.get(asked["client_id"])
        if client is None:
            raise Refused("client_id_invalid")
        if not asked.get("redirect_uri"):
            raise Refused("redirect_missing")
        if asked["redirect_uri"] not in client.redirect_uris:
            raise Refused("redirect_invalid")
        user = self._tokens.users.get(asked.get("username", ""))
        if user is None:
            return Response(self._log_in_page(dict(asked)), media_type="text/html")
        code = self._tokens.log_ins.code_for(client, user, asked["redirect_uri"])
        back = urlencode({"code": code} | ({"state": asked["state"]} if "state" in asked else {}))
        joint = "&" if "?" in asked["redirect_uri"] else "?"
        return RedirectResponse(f"{asked['redirect_uri']}{joint}{back}", 302)

    def _log_in_page(self, asked: dict[str, str]) -> str:
        links = (
            f'<li><a href="?{html.escape(urlencode(asked | {"username": user_id}))}">{html.escape(user.name)}</a></li>'
            for user_id, user in self._tokens.users.items()
        )
        return f'<!DOCTYPE html><html lang="en"><title>Log in</title><h1>Log in as</h1><ul>{"".join(links)}</ul></html>'

    async def userinfo(self, request: Request) -> Response:
        """Who a worker is; an application's token, or a patient's, has nobody to tell of."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        held = self._tokens.grant(token)
        if scheme != "Bearer" or held is None or held.expires_at <= self._tokens.now():
            raise Refused("userinfo_token_wrong")
        if held.user is None or held.user.nhs_number is not None:
            raise Refused("userinfo_unsupported")
        return Response(orjson.dumps(_described(held.user)), media_type=JSON)


def _described(user: User) -> dict[str, Any]:
    return {
        "sub": user.user_id,
        "nhsid_useruid": user.user_id,
        "name": user.name,
        "nhsid_nrbac_roles": [
            {
                "person_orgid": role.role_id,
                "person_roleid": role.role_id,
                "org_code": role.ods,
                "role_name": role.name,
                "role_code": role.code,
                "activities": [],
                "activity_codes": [],
            }
            for role in user.roles
        ],
        "nhsid_user_orgs": [{"org_code": ods} for ods in dict.fromkeys(role.ods for role in user.roles)],
    }


def token_app(tokens: Tokens) -> ASGIApp:
    """The service as an ASGI app; its routes are below the base path that it is mounted under."""
    service = TokenService(tokens)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)

    async def refused(_: Request, no: Exception) -> Response:
        why = no if isinstance(no, Refused) else Refused("token_path_unknown")
        return response_to(why, media_type=JSON, message_id=tokens.new_id())

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(HTTPException, refused)
    app.add_api_route("/token", service.token, methods=EVERY_METHOD)
    app.add_api_route("/authorize", service.authorize, methods=["GET"])
    app.add_api_route("/userinfo", service.userinfo, methods=["GET"])
    return app
