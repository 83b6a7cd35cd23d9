"""Each knob of a probe really changes the request, and a probe that was answered otherwise than expected fails."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import jwt
import orjson
import pytest
from pydantic import ValidationError

from booking_core.spec.interactions import BY_NAME
from booking_core.wire.calls import Call
from harness.applications import APPLICATIONS, CALLERS, PATIENTS, WORKERS, api_key_of
from harness.coverage import error_rows
from harness.credentials import CORE_API_KEY, private_key
from harness.scenario.edits import edited
from harness.scenario.probe import changed
from harness.scenario.probe_row import Probe
from harness.scenario.right import Assertion, Right
from harness.scenario.stage import Unmet

from .conftest import Play

NOW = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
CLAIMS = {
    "iss": "https://consumer.example/",
    "iat": 1,
    "requesting_device": {"model": "A", "identifier": [{"value": "1"}]},
}
BODY = {"name": [{"family": "Begum", "given": ["Nadia", "Jane"]}], "gender": "female"}
GP_CONNECT = Right(
    Call(
        BY_NAME["register_patient"],
        "POST",
        "https://ssp/https://root/Patient",
        {"Ssp-To": "1", "Authorization": f"Bearer {jwt.encode(CLAIMS, '', algorithm='none')}"},
        (("status", "free"), ("start", "ge1"), ("start", "ge2")),
        orjson.dumps(BODY),
        "trace",
    ),
    "/Patient",
)
TOKEN = Right(
    Call(BY_NAME["issue_token"], "POST", "https://token/oauth2/token", {"Content-Type": "form"}),
    "/token",
    Assertion(
        {"alg": "RS512", "typ": "JWT", "kid": "k"}, {"iss": "app", "exp": 300}, {"grant_type": "client_credentials"}
    ),
)


def sent(right: Right = GP_CONNECT, **knobs: Any) -> Call:
    """What goes out for a right request with these knobs turned."""
    step = {"do": "probe", "on": right.call.interaction.name, "by": "a.b", "to": "c", "patient": "d", **knobs}
    return changed(right, Probe.model_validate(step), NOW)


def claims(call: Call) -> dict[str, Any]:
    """The payload of a GP Connect token."""
    payload: dict[str, Any] = jwt.decode(
        call.headers["Authorization"].removeprefix("Bearer "), options={"verify_signature": False}
    )
    return payload


def test_a_probe_without_knobs_sends_the_right_request() -> None:
    assert sent() == GP_CONNECT.call


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({"Ssp-To": ""}, {}),
        ({"ssp-to": ""}, {}),
        ({"Ssp-To": "2"}, {"Ssp-To": "2"}),
        ({"SSP-TO": "2"}, {"SSP-TO": "2"}),
        ({"Accept": "text/html"}, {"Ssp-To": "1", "Accept": "text/html"}),
    ],
)
def test_a_header_is_set_or_removed_whatever_the_case_of_its_name(
    headers: dict[str, str], left: dict[str, str]
) -> None:
    others = {name: value for name, value in sent(headers=headers).headers.items() if name != "Authorization"}
    assert others == left


@pytest.mark.parametrize(
    ("params", "left"),
    [
        ({"start": ""}, [("status", "free")]),
        ({"start": "ge3"}, [("status", "free"), ("start", "ge3")]),
        ({"status": ["free", "busy"]}, [("start", "ge1"), ("start", "ge2"), ("status", "free"), ("status", "busy")]),
        ({"_count": "1"}, [*GP_CONNECT.call.params, ("_count", "1")]),
    ],
)
def test_a_parameter_is_replaced_repeated_added_or_removed(params: dict[str, Any], left: list[tuple[str, str]]) -> None:
    assert list(sent(params=params).params) == left


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"iss": ""}, {name: value for name, value in CLAIMS.items() if name != "iss"}),
        ({"iss": "another"}, CLAIMS | {"iss": "another"}),
        ({"sub": "me"}, CLAIMS | {"sub": "me"}),
        ({"iat": "now", "exp": "now+300"}, CLAIMS | {"iat": SECONDS, "exp": SECONDS + 300}),
        ({"iat": "now-600"}, CLAIMS | {"iat": SECONDS - 600}),
        ({"iat": '"text"'}, CLAIMS | {"iat": "text"}),
        ({"/requesting_device/model": ""}, CLAIMS | {"requesting_device": {"identifier": [{"value": "1"}]}}),
        ({"requesting_device": '{"resourceType": "Patient"}'}, CLAIMS | {"requesting_device": {"resourceType": "Patient"}}),
    ],
)  # fmt: skip
def test_a_claim_is_changed_at_any_depth(changes: dict[str, str], said: dict[str, Any]) -> None:
    assert claims(sent(claims=changes)) == said


def test_the_header_of_an_unsigned_token_is_changed_and_its_last_dot_stays() -> None:
    token = sent(jose={"alg": "RS256", "kid": "k"}).headers["Authorization"].removeprefix("Bearer ")
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": "k"}
    assert token.endswith(".")


def test_a_header_that_is_given_outright_wins_over_changed_claims() -> None:
    assert sent(claims={"iss": ""}, headers={"Authorization": "Basic x"}).headers["Authorization"] == "Basic x"


def test_an_opaque_token_has_no_claims_to_change() -> None:
    opaque = Right(
        Call(BY_NAME["pds_retrieve"], "GET", "https://pds/Patient", {"Authorization": "Bearer x"}), "/Patient"
    )
    with pytest.raises(Unmet, match="claims to change"):
        sent(opaque, claims={"iss": ""})


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"/gender": "male"}, {**BODY, "gender": "male"}),
        ({"/gender": ""}, {"name": BODY["name"]}),
        ({"/active": "true"}, {**BODY, "active": True}),
        ({"/name/0/family": ""}, {**BODY, "name": [{"given": ["Nadia", "Jane"]}]}),
        ({"/name/0/given/0": ""}, {**BODY, "name": [{"family": "Begum", "given": ["Jane"]}]}),
        ({"/name/0/given/1": "May"}, {**BODY, "name": [{"family": "Begum", "given": ["Nadia", "May"]}]}),
        ({"/name/0/given/-": "May"}, {**BODY, "name": [{"family": "Begum", "given": ["Nadia", "Jane", "May"]}]}),
        ({"/name/-": '{"family": "Ng"}'}, {**BODY, "name": [*BODY["name"], {"family": "Ng"}]}),
        ({"/born": '"1974"'}, {**BODY, "born": "1974"}),
        ({"/born": "1974"}, {**BODY, "born": 1974}),
        ({"/a~1b": "x", "/c~0d": "y"}, {**BODY, "a/b": "x", "c~d": "y"}),
    ],
)  # fmt: skip
def test_an_element_of_the_body_is_set_removed_or_added_by_its_pointer(change: dict[str, str], left: Any) -> None:
    assert orjson.loads(sent(change=change).body) == left


@pytest.mark.parametrize(
    "pointer", ["/nothing/here", "/name/7/family", "/name/first", "/gender/x", "/name/0/given/x/y"]
)
def test_a_pointer_that_leads_nowhere_is_told(pointer: str) -> None:
    with pytest.raises(Unmet, match=f"something at {pointer} to change"):
        sent(change={pointer: "x"})


def test_changes_leave_the_right_request_as_it_was() -> None:
    document = {"deep": {"list": [1]}}
    edited(document, {"/deep/list/0": ""}, NOW)
    assert document == {"deep": {"list": [1]}}


def test_method_path_and_body_are_replaced() -> None:
    call = sent(method="PUT", path="/Patient/1", body="{")
    assert (call.method, call.url, call.body) == ("PUT", "https://ssp/https://root/Patient/1", b"{")


def test_a_body_may_be_empty() -> None:
    assert sent(body="").body == b""


def test_an_assertion_is_signed_after_its_claims_were_changed() -> None:
    form = parse_qs(sent(TOKEN, claims={"iss": "another", "jti": "j"}).body.decode())
    said = jwt.decode(form["client_assertion"][0], private_key().public_key(), ["RS512"], options={"verify_exp": False})
    assert said == {"iss": "another", "exp": 300, "jti": "j"}


@pytest.mark.parametrize(
    ("jose", "left"),
    [({"alg": ""}, {"typ", "kid"}), ({"kid": ""}, {"alg", "typ"}), ({"x": "1"}, {"alg", "typ", "kid", "x"})],
)
def test_the_header_of_an_assertion_says_what_it_is_told_to(jose: dict[str, str], left: set[str]) -> None:
    form = parse_qs(sent(TOKEN, jose=jose).body.decode())
    header = form["client_assertion"][0].split(".")[0]
    assert set(orjson.loads(jwt.utils.base64url_decode(header))) == left


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({}, {"grant_type", "client_assertion"}),
        ({"client_assertion": ""}, {"grant_type"}),
        ({"grant_type": "", "code": "x"}, {"client_assertion", "code"}),
    ],
)
def test_parameters_of_a_token_request_are_those_of_its_form(params: dict[str, str], names: set[str]) -> None:
    call = sent(TOKEN, params=params)
    assert set(parse_qs(call.body.decode())) == names
    assert call.params == ()


SEARCH = {"do": "probe", "on": "search_slots", "by": "millbrook.reception", "to": "riverside"}
RETRIEVE = {"do": "probe", "on": "pds_retrieve", "patient": "alice"}
ISSUE = {"do": "probe", "on": "issue_token"}


def test_a_probe_tells_layer_and_code_of_what_came(play: Play) -> None:
    result = play(steps=({**SEARCH, "params": {"end": ""}, "expect": "BAD_REQUEST"}, SEARCH))
    assert [line.detail for line in result.lines] == ["provider/BAD_REQUEST", "ok"]


@pytest.mark.parametrize(
    ("step", "got"),
    [
        ({**SEARCH, "expect": "BAD_REQUEST"}, "got ok"),
        ({**SEARCH, "params": {"end": ""}}, "expected ok, got provider/BAD_REQUEST (parameter end: required)"),
        ({**SEARCH, "params": {"end": ""}, "expect": "INVALID_PARAMETER"}, "got provider/BAD_REQUEST"),
        ({**SEARCH, "headers": {"Ssp-To": ""}, "expect": "BAD_REQUEST"}, "got ssp/MISSING_HEADER"),
        ({**RETRIEVE, "headers": {"X-Request-ID": ""}, "expect": "INVALID_HEADER"}, "got pds/MISSING_REQUEST_ID"),
        ({**ISSUE, "claims": {"jti": "1"}, "expect": "JTI_MISSING"}, "got token/JTI_NOT_A_STRING"),
        ({**SEARCH, "on": "read_appointment", "patient": "alice"}, "expected a record of alice at riverside, got none"),
        ({**SEARCH, "change": {"/x": "y"}}, "expected a body to change, got none"),
    ],
)  # fmt: skip
def test_a_probe_with_a_wrong_expectation_fails(play: Play, step: dict[str, Any], got: str) -> None:
    result = play(steps=(step,))
    assert result.verdict == "fail"
    assert got in result.lines[0].detail


@pytest.mark.parametrize(("direct", "passed"), [(True, 0), (False, 1)])
def test_a_direct_probe_goes_past_the_proxy(play: Play, direct: bool, passed: int) -> None:
    result = play(
        {"check": "exchanges", "at": "ssp", "on": "search_slots", "count": passed},
        {"check": "exchanges", "at": "riverside", "on": "search_slots", "count": 1},
        steps=({**SEARCH, "direct": direct},),
    )
    assert result.verdict == "pass"


def test_times_sends_it_so_often_and_the_last_answer_counts(play: Play) -> None:
    once = {**ISSUE, "claims": {"jti": "one"}}
    result = play(steps=({**once, "times": 3, "expect": "JTI_SEEN"}, {**ISSUE, "times": 3}))
    assert result.verdict == "pass"
    assert [wire.answered for wire in result.exchanges] == [200, 400, 400, 200, 200, 200]


@pytest.mark.parametrize("caller", CALLERS)
def test_every_caller_holds_a_token_of_its_own(play: Play, caller: str) -> None:
    unwelcome = {
        "expired-app",
        "other-service-app",
        "unscoped-app",
        "no-asid-app",
        "locum",
        "hardly-trusted-patient",
        "unproven-patient",
    }
    result = play(steps=({**RETRIEVE, "as": caller},))
    assert result.verdict == ("fail" if caller in unwelcome else "pass")


def test_an_application_signs_with_its_own_key_and_a_user_through_the_products() -> None:
    assert {api_key_of(name) for name in APPLICATIONS} == set(APPLICATIONS)
    assert {api_key_of(name) for name in ("app", *WORKERS, *PATIENTS)} == {CORE_API_KEY}


@pytest.mark.parametrize(
    ("on", "given", "needed"),
    [
        ("search_slots", {"by": "millbrook.reception"}, "to"),
        ("search_slots", {"to": "riverside"}, "by"),
        ("find_patient", {"by": "millbrook.reception", "to": "riverside"}, "patient"),
        ("pds_retrieve", {}, "patient"),
        ("sds_device", {}, "to"),
    ],
)
def test_a_probe_that_does_not_say_whom_it_is_about_is_told(on: str, given: dict[str, str], needed: str) -> None:
    with pytest.raises(ValidationError, match=f"a probe on {on} needs {needed}"):
        Probe.model_validate({"do": "probe", "on": on, **given})


def test_an_unknown_caller_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ValidationError, match="unknown word .nobody.; allowed: app, expired-app"):
        Probe.model_validate({**RETRIEVE, "as": "nobody"})


def test_probes_at_the_same_moment_are_counted_by_what_came(play: Play) -> None:
    race = {"do": "together", "steps": [SEARCH, {**SEARCH, "headers": {"Ssp-To": ""}}]}
    assert play(steps=({**race, "outcomes": {"ok": 1, "ssp/MISSING_HEADER": 1}},)).verdict == "pass"
    assert play(steps=({**race, "outcomes": {"ok": 2}},)).verdict == "fail"


def test_a_right_request_needs_what_it_asks_about(play: Play) -> None:
    create = {**SEARCH, "on": "create_appointment", "patient": "erin"}
    result = play(steps=({"do": "take_all", "at": "riverside"}, create))
    assert "expected a free slot to book, got none" in result.lines[1].detail


@pytest.mark.parametrize(("slots", "minutes"), [(["first"], 10), (["first", "1"], 20), (["first", "1", "2"], 30)])
def test_a_booking_takes_the_slots_that_it_names(play: Play, slots: list[str], minutes: int) -> None:
    create = {**SEARCH, "on": "create_appointment", "patient": "erin", "slots": slots}
    length = {"change": {"/minutesDuration": str(minutes)}}
    other = {"change": {"/minutesDuration": str(minutes + 1)}, "expect": "INVALID_RESOURCE"}
    assert play(steps=({**create, **other}, {**create, **length})).verdict == "pass"


def test_what_a_fault_says_in_a_mocks_place_counts_as_shown(play: Play) -> None:
    broken = {"name": "odd", "at": "sds", "kind": "status", "status": 599}
    result = play(
        steps=({"do": "probe", "on": "sds_device", "to": "riverside", "expect": "UNKNOWN_REFUSAL"},), faults=[broken]
    )
    shown = {one.row for one in error_rows([result]) if one.scenarios}
    assert shown == {"wire/UNKNOWN_REFUSAL"}
