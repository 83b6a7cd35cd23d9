"""What the Spine knows of a world's organisations: their systems, and who has agreed to share with whom."""

import zlib
from collections.abc import Callable
from datetime import datetime

from booking_core.spec.interactions import BY_NAME, INTERACTIONS
from harness.rows import OrganisationRow, WorldRows
from harness.worlds import Names
from mock_gpconnect.spine.directory import Directory, Registration

GP_CONNECT_IDS = frozenset(row.id for row in INTERACTIONS if row.id)
MANUFACTURER = "8CB01"
"""The ODS code of the one fictional supplier behind every accredited system."""


def endpoint_name(ods: str) -> str:
    """The host name that an organisation's certificate bears, and its endpoint in the directory."""
    return f"{ods.lower()}.crossbook.test"


def asid_of(row: OrganisationRow) -> str:
    """Its own, or one made from its ODS code: 12 digits, the same in every world."""
    return row.asid or f"2000{zlib.crc32(row.ods.encode()) % 10**8:08}"


def directory_of(
    rows: WorldRows, names: Names, *, root: Callable[[str], str], now: Callable[[], datetime]
) -> Directory:
    """The directory of a world; `root` tells where an organisation's provider answers, by ODS code."""
    registrations = [_registration(row, root(row.ods), rows) for row in rows.organisations]
    return Directory(registrations, _agreements(rows, names), now=now)


def _registration(row: OrganisationRow, root: str, rows: WorldRows) -> Registration:
    return Registration(
        row.ods,
        asid_of(row),
        f"{row.ods}-{zlib.crc32(row.ods.encode()) % 10**6:06}",
        MANUFACTURER,
        GP_CONNECT_IDS - {BY_NAME[name].id for name in row.not_registered_for},
        root,
        endpoint=endpoint_name(row.ods) if rows.client_certificates.required else "",
    )


def _agreements(rows: WorldRows, names: Names) -> list[tuple[str, str]]:
    if rows.sharing_agreements is None:
        own = [(row.ods, row.ods) for row in rows.organisations]
        return own + [(names.ods(link.from_), names.ods(link.to)) for link in rows.links]
    return [(names.ods(row.consumer_ods), names.ods(row.provider_ods)) for row in rows.sharing_agreements]
