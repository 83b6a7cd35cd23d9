"""The faults of a world, around any app: one ASGI layer that neither the app nor its caller knows of."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.asgi import HTTP_DISCONNECT, HTTP_REQUEST, RESPONSE_BODY, body_of, read_ahead, replay, send_whole
from harness.faults.line import Held, Line
from harness.faults.rules import Armed, FaultRule, Phase
from harness.recognise import interaction_of


class Faults:
    """Rules in force, in the order in which they were armed; `rng` gives each its own chance by its name."""

    def __init__(self, rules: Iterable[FaultRule] = (), *, rng: Callable[[str], random.Random]) -> None:
        self._rng = rng
        self._armed: dict[str, Armed] = {}
        self._past: dict[str, int] = {}
        self._ever: dict[str, FaultRule] = {}
        self.switches: list[tuple[int, Sequence[FaultRule]]] = []
        for rule in rules:
            self.arm(rule)

    def arm(self, rule: FaultRule) -> None:
        """Put a rule into force from the next exchange on."""
        if rule.name in self._armed:
            raise ValueError(f"a fault named {rule.name} is in force already")
        self._armed[rule.name] = Armed(rule, self._rng(rule.name))
        self._ever[rule.name] = rule

    def switch(self, rules: Iterable[FaultRule], after: int) -> None:
        """These rules and no others are in force from now on; `after` is the number of the last exchange before."""
        rules = tuple(rules)
        if len({rule.name for rule in rules}) < len(rules):
            raise ValueError("two faults have the same name")
        self._past = dict(self.strikes)
        self._armed = {rule.name: Armed(rule, self._rng(rule.name)) for rule in rules}
        self._ever |= {rule.name: rule for rule in rules}
        self.switches.append((after, rules))

    @property
    def rules(self) -> Sequence[FaultRule]:
        """The rules in force."""
        return [armed.rule for armed in self._armed.values()]

    @property
    def ever(self) -> Mapping[str, FaultRule]:
        """By name every rule that is or was in force."""
        return self._ever

    @property
    def strikes(self) -> Mapping[str, int]:
        """How often each fault has struck, also those no longer in force."""
        counts = dict(self._past)
        for name, armed in self._armed.items():
            counts[name] = counts.get(name, 0) + armed.struck
        return counts

    def around(self, at: str, service: str) -> Callable[[ASGIApp], ASGIApp]:
        """The layer for one mount."""

        def layer(app: ASGIApp) -> ASGIApp:
            async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
                if scope["type"] == "http" and self._armed:
                    await _Passage(self, at, interaction_of(service, scope), app).carry(scope, receive, send)
                else:
                    await app(scope, receive, send)

            return faulty

        return layer

    def striking(self, at: str, on: str, phase: Phase) -> list[Armed]:
        """The rules that strike this exchange in this phase; asking counts it, up to one that ends it."""
        striking: list[Armed] = []
        for armed in self._armed.values():
            if armed.rule.phase == phase and armed.rule.meets(at, on) and armed.strikes():
                striking.append(armed)
                if armed.rule.ends():
                    break
        return striking


class _Passage:
    """One exchange on its way through the layer."""

    def __init__(self, faults: Faults, at: str, on: str, app: ASGIApp) -> None:
        self._faults, self._at, self._on, self._app = faults, at, on, app

    async def carry(self, scope: Scope, receive: Receive, send: Send) -> None:
        if striking := self._faults.striking(self._at, self._on, "request"):
            await self._strike_request(striking, scope, receive, send)
        else:
            await self._go_on(scope, receive, send)

    async def _strike_request(self, striking: list[Armed], scope: Scope, receive: Receive, send: Send) -> None:
        messages = await read_ahead(receive)
        if messages[-1]["type"] == HTTP_DISCONNECT:
            return  # the caller left before it had asked
        line = Line(scope, receive, send, Held(scope["headers"], body_of(messages)))
        await _strike(striking, line, scope)
        if not line.over:
            request = {"type": HTTP_REQUEST, "body": line.held.body, "more_body": False}
            await self._go_on({**scope, "headers": line.held.headers}, replay([request], receive), send)

    async def _go_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the reply back only for a rule that strikes it: else it streams."""
        if striking := self._faults.striking(self._at, self._on, "reply"):
            await self._strike_reply(striking, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _strike_reply(self, striking: list[Armed], scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []

        async def hold(message: Message) -> None:
            messages.append(message)
            if message["type"] == RESPONSE_BODY and not message.get("more_body"):
                # within the app's last send, not after the app: it may go on to wait for its caller to leave
                await _let_go(messages, striking, scope, receive, send)

        await self._app(scope, receive, hold)


async def _let_go(messages: list[Message], striking: list[Armed], scope: Scope, receive: Receive, send: Send) -> None:
    start = messages[0]
    line = Line(scope, receive, send, Held(list(start.get("headers", [])), body_of(messages), start["status"]))
    await _strike(striking, line, scope)
    if not line.over:
        await send_whole(send, line.held.status or start["status"], line.held.headers, line.held.body)


async def _strike(striking: Iterable[Armed], line: Line, scope: Scope) -> None:
    names: list[str] = scope.get("state", {}).setdefault("faults", [])
    for armed in striking:
        names.append(armed.rule.name)
        line.answers = armed.answers
        await armed.rule.strike(line, armed.rng)
        if line.over:
            break
