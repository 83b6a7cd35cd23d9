"""A world with a token service and PDS in it, and ways to ask them."""

import itertools
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from mock_pds.access import PATIENT_SCOPE, WORKER_SCOPES
from mock_pds.app import pds_app
from mock_pds.clients import PDS_SCOPE, PRIVILEGED_PDS_SCOPE
from mock_pds.people import Address, Name, People, Person, Telecom
from mock_pds.token_service import Client, Role, Tokens, User, token_app

TOKEN_URL = "https://api.test/oauth2/token"
PDS_URL = "https://api.test/personal-demographics/FHIR/R4"
SPINE = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode"

DOCTOR = User(
    "656005750105",
    "Dr Ada Quist",
    frozenset(WORKER_SCOPES[:1]),
    (Role("555254240100", "S8000:G8000:R8000", "Clinical Practitioner Access Role", "Z91001"),),
)
LOCUM = User(
    "656005750104",
    "Dr Ben Ode",
    frozenset(WORKER_SCOPES[1:2]),
    (
        Role("555254240101", "S8000:G8000:R8000", "Clinical Practitioner Access Role", "Z91001"),
        Role("555254240102", "S8000:G8000:R8000", "Clinical Practitioner Access Role", "Z91002"),
    ),
)
PATIENT = User("login-1", "Alice Smith", frozenset({PATIENT_SCOPE}), nhs_number="9991234500")


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


def ids() -> Callable[[], str]:
    """Identities that are the same in each run."""
    count = itertools.count(1)
    return lambda: f"00000000-0000-4000-8000-{next(count):012d}"


def public_jwks(key: rsa.RSAPrivateKey, kid: str = "test-1") -> dict[str, Any]:
    jwk = orjson.loads(RSAAlgorithm.to_jwk(key.public_key()))
    return {"keys": [jwk | {"kid": kid, "use": "sig", "alg": "RS512"}]}


def without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


class World:
    """Both apps over one store, an application that is registered with them, and ways to ask."""

    def __init__(
        self,
        key: rsa.RSAPrivateKey,
        people: list[Person],
        *,
        clients: tuple[Client, ...] = (),
        token_limits: Any = None,
        **pds: Any,
    ) -> None:
        self.clock, self.new_id, self.key = Clock(), ids(), key
        self.client = Client(
            "app-1",
            "Test Application",
            public_jwks(key),
            secret="hush",
            redirect_uris=frozenset({"https://app.test/back"}),
        )
        self.tokens = Tokens(
            [self.client, *clients],
            users=[DOCTOR, LOCUM, PATIENT],
            identity_keys=public_jwks(key, "idp"),
            token_url=TOKEN_URL,
            now=self.clock,
            rng=random.Random(7),
            new_id=self.new_id,
            limits=token_limits,
            seconds=lambda: self.clock().timestamp(),
        )
        self.people = People(people)
        self.token_app = token_app(self.tokens)
        self.pds_app = pds_app(self.people, self.tokens, base_url=PDS_URL, now=self.clock, new_id=self.new_id, **pds)

    # the token service

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Claims of a good assertion; a change to None leaves the claim out."""
        exp = int(self.clock().timestamp()) + 300
        good = {"iss": "app-1", "sub": "app-1", "aud": TOKEN_URL, "jti": self.new_id(), "exp": exp}
        return without_none(good | changes)

    def assertion(
        self, headers: Mapping[str, Any] | None = None, key: rsa.RSAPrivateKey | None = None, **claims: Any
    ) -> str:
        return jwt.encode(
            self.claims(**claims), key or self.key, algorithm="RS512", headers={"kid": "test-1", **(headers or {})}
        )

    def form(self, assertion: str | None = None, **changes: str | None) -> dict[str, str]:
        """A good form; a change to None leaves the field out."""
        good = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion() if assertion is None else assertion,
        }
        return without_none(good | changes)

    async def ask_token(self, form: Mapping[str, str] | None = None, **request: Any) -> httpx.Response:
        return await self.oauth("/token", "POST", data=self.form() if form is None else form, **request)

    async def oauth(self, path: str, method: str = "GET", **request: Any) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.token_app, root_path="/oauth2")) as http:
            return await http.request(method, "https://api.test/oauth2" + path, **request)

    # PDS

    def app_token(self, client: Client | None = None) -> str:
        client = client or self.client
        return self.tokens.issue(client, client.scopes).token

    def user_token(self, user: User = DOCTOR, client: Client | None = None) -> str:
        return self.tokens.issue(client or self.client, user.scopes, user=user).token

    async def pds(self, path: str, method: str = "GET", *, token: str | None = None, **request: Any) -> httpx.Response:
        """One request with a worker's token and a fresh request id; a header given as None is left out."""
        headers = {"Authorization": f"Bearer {token or self.user_token()}", "X-Request-ID": self.new_id()}
        sent = without_none(headers | request.pop("headers", {}))
        transport = httpx.ASGITransport(self.pds_app, root_path="/personal-demographics/FHIR/R4")
        async with httpx.AsyncClient(transport=transport) as http:
            return await http.request(method, PDS_URL + path, headers=sent, **request)

    async def search(self, *params: tuple[str, str], token: str | None = None, **named: str) -> httpx.Response:
        """A search; an underscore in a name stands for the hyphen of the parameter, except at its start."""
        asked = [*params, *((name[0] + name[1:].replace("_", "-"), value) for name, value in named.items())]
        return await self.pds("/Patient?" + urlencode(asked), token=token)

    async def found(self, *params: tuple[str, str], token: str | None = None, **named: str) -> list[str]:
        """The NHS numbers that a search finds, in order."""
        answer = (await self.search(*params, token=token, **named)).json()
        return [entry["resource"]["id"] for entry in answer.get("entry", ())]

    async def patch(
        self, number: str, *patches: Any, version: int = 7, token: str | None = None, **request: Any
    ) -> httpx.Response:
        headers = {"If-Match": f'W/"{version}"', "Content-Type": "application/json-patch+json"}
        return await self.pds(
            f"/Patient/{number}",
            "PATCH",
            token=token,
            headers=headers | request.pop("headers", {}),
            content=orjson.dumps({"patches": patches}),
            **request,
        )


def coding(response: httpx.Response) -> dict[str, Any]:
    """The one coding of an OperationOutcome."""
    (issue,) = response.json()["issue"]
    (found,) = issue["details"]["coding"]
    return dict(found)


def diagnostics(response: httpx.Response) -> str | None:
    (issue,) = response.json()["issue"]
    return issue.get("diagnostics")  # type: ignore[no-any-return]


ALICE = Person(
    "9991234500",
    (Name(family="Smith", given=("Alice", "Jane"), prefix=("Ms.",), id="1D88B3E2"),),
    gender="female",
    birth_date="1984-11-05",
    version=7,
    addresses=(Address(("", "18 Larkspur Way", "Ambleford"), "ZZ99 9ZZ", id="A09F4E11"),),
    telecom=(Telecom("07700 900461", use="mobile", id="4410AB0C"),),
    practice="Z91001",
)


CLERK = User("656005750106", "Cy Void", frozenset(WORKER_SCOPES[2:]))
UNPROVEN = User("login-2", "Alice Smith", frozenset({"urn:nhsd:apim:user-nhs-login:P5:personal-demographics-service"}))
PRIVILEGED = Client("app-2", "Privileged Application", scopes=frozenset({PDS_SCOPE, PRIVILEGED_PDS_SCOPE}))
