"""Where each app of a world lives."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import httpx
from starlette.types import ASGIApp

Origin = tuple[str, str, int | None]


def origin_of(url: httpx.URL) -> Origin:
    """Scheme, host and port; the scheme's own port is None."""
    return url.scheme, url.host, url.port


@dataclass(frozen=True)  # no slots: an address is parsed once, not at every request
class Mount:
    """An app at its base URL. `name` is what faults and reports call it, `service` what kind of thing it is."""

    name: str
    service: str
    base_url: str
    app: ASGIApp = field(repr=False, compare=False)

    @cached_property
    def origin(self) -> Origin:
        """The host that this mount shares with others."""
        return origin_of(httpx.URL(self.base_url))

    @cached_property
    def base_path(self) -> str:
        """The path below which the app answers, without a slash at its end."""
        return httpx.URL(self.base_url).path.rstrip("/")


class MountTable:
    """Finds the mount with the longest base path, on one host or whatever the host."""

    def __init__(self, mounts: Iterable[Mount]) -> None:
        self._by_origin: dict[Origin, dict[str, Mount]] = defaultdict(dict)
        self._by_path: dict[str, list[Mount]] = defaultdict(list)
        self._names: dict[str, Mount] = {}
        for mount in mounts:
            self.add(mount)

    def add(self, mount: Mount) -> None:
        """Declare one more mount; neither its name nor its base URL may be taken."""
        on_host = self._by_origin[mount.origin]
        taken = self._names.get(mount.name) or on_host.get(mount.base_path)
        if taken:
            raise ValueError(f"{mount.name} at {mount.base_url} collides with {taken.name} at {taken.base_url}")
        on_host[mount.base_path] = self._names[mount.name] = mount
        self._by_path[mount.base_path].append(mount)

    def __iter__(self) -> Iterator[Mount]:
        return iter(self._names.values())

    def knows(self, origin: Origin) -> bool:
        """Whether anything at all lives on this host."""
        return origin in self._by_origin

    def at(self, origin: Origin, path: str) -> Mount | None:
        """The mount that answers for a path on a host."""
        on_host = self._by_origin.get(origin, {})
        return next((on_host[base] for base in _bases(path) if base in on_host), None)

    def under(self, path: str) -> Mount | None:
        """The mount that answers for a path where all share one host."""
        return next((self._by_path[base][0] for base in _bases(path) if base in self._by_path), None)

    def shared_paths(self) -> list[str]:
        """Base paths that would be ambiguous on one host."""
        return [path for path, mounts in self._by_path.items() if len(mounts) > 1]

    def hosts(self) -> str:
        """The declared hosts in words."""
        return ", ".join(origin_text(origin) for origin in self._by_origin) or "none"

    def listing(self) -> list[dict[str, str]]:
        """What is mounted, for people."""
        return [{"name": mount.name, "service": mount.service, "base_url": mount.base_url} for mount in self]


def _bases(path: str) -> Iterator[str]:
    """A path and what is above it, longest first: /a/b, /a, and the empty one."""
    while path:
        yield path
        path = path.rpartition("/")[0]
    yield ""


def origin_text(origin: Origin) -> str:
    """An origin as it stands in a URL."""
    scheme, host, port = origin
    return f"{scheme}://{host}" + (f":{port}" if port else "")
