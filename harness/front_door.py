"""All mounts of a world on one port, told apart by path."""

from collections.abc import Callable

from starlette.types import Receive, Scope, Send

from harness.asgi import asked, send_json
from harness.mounts import Mount, MountTable


class FrontDoor:
    """An ASGI app that passes each request to the mount with the longest base path, whatever its host."""

    def __init__(self, mounts: MountTable, crashed: Callable[[Mount, Scope, Exception], None]) -> None:
        self._mounts, self._crashed = mounts, crashed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: one request, or a server's question about lifespan."""
        if scope["type"] == "lifespan":
            await _no_lifespan(receive, send)
        elif scope["type"] == "http":
            await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        mount = self._mounts.under(scope["path"])
        if mount is None:
            await self.nothing_here(scope, receive, send)
            return
        try:
            await mount.app({**scope, "root_path": mount.base_path}, receive, send)
        except Exception as error:
            self._crashed(mount, scope, error)
            raise  # the server answers 500 and logs it

    async def nothing_here(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: say what was asked and what could be asked; at `/` that is the answer."""
        mounts = {"mounts": self._mounts.listing()}
        if scope["path"] == "/":
            await send_json(send, 200, mounts)
        else:
            await send_json(send, 404, {"asked": asked(scope), "problem": "nothing is mounted at this path"} | mounts)


async def _no_lifespan(receive: Receive, send: Send) -> None:
    """Mounts have no lifespan; a server that asks is told that all is well."""
    for event in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{event}.complete"})
