"""What the examples share: a consumer for the world that `crossbook up` serves. Not part of the library."""

import sys
import time
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from booking_core import Consumer, Demographics, HttpTransport, NationalServices, PatientRecord, Sender, connect

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8181"
try:
    WORLD: dict[str, Any] = httpx.get(f"{BASE}/control/world").raise_for_status().json()
    KEYS: dict[str, str] = httpx.get(f"{BASE}/control/credentials").raise_for_status().json()
except (httpx.HTTPError, ValueError):
    print(f"nothing is served at {BASE}; start `crossbook up` first, or name another address", file=sys.stderr)
    raise SystemExit(2) from None
BEGAN = datetime.fromisoformat(WORLD["now"]) - timedelta(seconds=time.monotonic())
HERE, THERE = WORLD["organisations"]["millbrook"], WORLD["organisations"]["riverside"]

RUTH = Sender(
    user_id="clerk-1", family="Okafor", given=("Ruth",), prefix="Ms", role="R1730", sds_user_id="555044001122",
    sds_role_profile_id="", organisation_ods=HERE["ods"], organisation_name=HERE["name"],
    organisation_type="gp-practice", phone="01632 960101", asid=HERE["asid"],
)  # fmt: skip


def consumer(transport: HttpTransport) -> Consumer:
    """Ours, with the key that the served world gives out."""
    at = WORLD["services"]
    services = NationalServices(at["pds"], at["sds"], at["ssp"], sds_api_key=KEYS["api_key"])
    return connect(transport, services, token_url=at["token"], now=world_time, **KEYS)


def world_time() -> datetime:
    """A served world may live on another day than we do."""
    return BEGAN + timedelta(seconds=time.monotonic())


def patient(alias: str) -> PatientRecord:
    """Somebody of the world, as the booker's own record would hold them."""
    row = WORLD["patients"][alias]
    born = date.fromisoformat(row["birth_date"])
    person = Demographics(row["nhs_number"], row["family"], tuple(row["given"]), row["gender"], born)
    return PatientRecord(person, mobile="07700 900321")
