"""A reply that is not a success is found in the table, whatever its body looks like."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.spec.errors import BY_KEY, ERRORS, ErrorRow
from booking_core.wire.calls import Reply
from booking_core.wire.refusal_rows import refusal_row


def outcome(code: str, display: str, diagnostics: str = "") -> bytes:
    coding = [{"system": "s", "code": code, "display": display}]
    return orjson.dumps({"issue": [{"details": {"coding": coding}, "diagnostics": diagnostics}]})


ON_THE_WIRE = [row for row in ERRORS if row.layer not in ("wire", "token") and row.status != 200]


@pytest.mark.parametrize("row", ON_THE_WIRE, ids=lambda row: f"{row.layer}-{row.code}")
def test_status_code_and_layer_lead_back_to_a_row_with_the_same_wire_code(row: ErrorRow) -> None:
    found, _ = refusal_row(Reply(row.status or 0, {}, outcome(row.wire_code, row.display)), (row.layer,))
    assert (found.layer, found.status, found.wire_code) == (row.layer, row.status, row.wire_code)


@pytest.mark.parametrize("code", ["ASID_CHECK_FAILED", "PARTYKEY_INTERACTION_CHECK_FAILED", "FOT_CHECK_FAILED"])
def test_the_proxys_three_403s_are_told_apart_by_their_first_words(code: str) -> None:
    said = BY_KEY["ssp", code].display.format(sender="1", receiver="2")
    assert refusal_row(Reply(403, {}, outcome("403", said)), ("provider", "ssp"))[0].code == code


@pytest.mark.parametrize(("code", "row"), [("ACCESS_DENIED", "ACCESS_DENIED"), ("ACCESS DENIED", "ACCESS DENIED")])
def test_both_spellings_of_access_denied_are_understood(code: str, row: str) -> None:
    assert refusal_row(Reply(403, {}, outcome(code, "")), ("provider", "ssp"))[0].key == ("provider", row)


def test_the_display_never_decides_between_a_providers_rows() -> None:
    body = outcome("DUPLICATE_REJECTED", "FHIR constraint violated")
    assert refusal_row(Reply(409, {}, body), ("provider",))[0].code == "DUPLICATE_REJECTED"


def test_diagnostics_are_kept_for_support_staff() -> None:
    body = outcome("INVALID_RESOURCE", "", "slot 7 is not adjacent")
    assert refusal_row(Reply(422, {}, body), ("provider",))[1] == "slot 7 is not adjacent"


def test_an_oauth_error_is_known_by_its_description() -> None:
    row = BY_KEY["token", "JTI_SEEN"]
    body = orjson.dumps({"error": row.wire_code, "error_description": row.display})
    assert refusal_row(Reply(400, {}, body), ("token",))[0] == row


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["issue", "details", "coding", "code", "error", "diagnostics"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.integers(300, 599), JSON.map(orjson.dumps) | st.binary(max_size=40))
def test_no_body_breaks_the_reading(status: int, body: bytes) -> None:
    row, _ = refusal_row(Reply(status, {}, body), ("provider", "ssp"))
    assert row in ERRORS
