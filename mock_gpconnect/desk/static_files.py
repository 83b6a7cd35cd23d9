"""Style sheets and icons, from memory: no thread reads a file while a request waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s
from pathlib import Path

from fastapi import APIRouter, Request, Response

from mock_gpconnect.desk.declined import Declined

_HERE = Path(__file__).parent / "static"
_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8"}

router = APIRouter()


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is served."""

    body: bytes
    media_type: str
    etag: str


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Every static file by its path."""
    return dict(_read_all())


def _read_all() -> Iterator[tuple[str, StaticFile]]:
    for path in sorted(_HERE.rglob("*")):
        if media_type := _MEDIA_TYPES.get(path.suffix):
            body = path.read_bytes()
            etag = f'"{blake2s(body, digest_size=8).hexdigest()}"'
            yield path.relative_to(_HERE).as_posix(), StaticFile(body, media_type, etag)


@router.get("/static/{name:path}")
async def static_file(name: str, request: Request) -> Response:
    """One file, or that it has not changed."""
    found = static_files().get(name)
    if found is None:
        raise Declined("page_unknown")
    headers = {"Cache-Control": "public, max-age=3600", "ETag": found.etag}
    if request.headers.get("If-None-Match") == found.etag:
        return Response(status_code=304, headers=headers)
    return Response(found.body, media_type=found.media_type, headers=headers)
