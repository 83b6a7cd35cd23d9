import pytest
from starlette.types import Scope

from booking_core.spec.interactions import BY_ID, INTERACTIONS, Interaction
from harness.recognise import interaction_of


def scope(method: str, path: str, **headers: str) -> Scope:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"method": method, "path": f"/base{path}", "root_path": "/base", "headers": named}


@pytest.mark.parametrize("service", ["ssp", "gpconnect"])
@pytest.mark.parametrize("row", BY_ID.values(), ids=lambda row: row.name)
def test_what_goes_through_the_spine_says_itself_what_it_is(service: str, row: Interaction) -> None:
    assert interaction_of(service, scope("GET", "/any", ssp_interactionid=row.id)) == row.name


@pytest.mark.parametrize("row", [row for row in INTERACTIONS if not row.id], ids=lambda row: row.name)
def test_what_is_asked_of_a_national_service_shows_in_method_and_path(row: Interaction) -> None:
    asked = scope(row.method, row.path.replace("{id}", "9990000018"))
    assert interaction_of(str(row.service), asked) == row.name


@pytest.mark.parametrize(
    ("service", "asked"),
    [
        ("ssp", scope("GET", "/Slot")),
        ("gpconnect", scope("GET", "/Slot", ssp_interactionid="urn:nhs:names:services:gpconnect:other")),
        ("pds", scope("DELETE", "/Patient/9990000018")),
        ("pds", scope("GET", "/Patient/9990000018/Appointment")),
        ("pds", scope("GET", "/Patient/")),
        ("sds", scope("GET", "/Patient")),
        ("console", scope("GET", "/Patient")),
    ],
)
def test_what_is_no_interaction_is_unknown(service: str, asked: Scope) -> None:
    assert interaction_of(service, asked) == "unknown"
