"""A message of a report shows no person, no secret, nothing invisible, and not too much."""

import orjson
import pytest

from harness.masking import mask_for, unmasked
from harness.scenario.messages import BODY_CAP, Transcript, visible
from harness.worlds import CATALOGUE, load_world

JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiI5OTkwMDEwMDEzIn0."
JSON = (("content-type", "application/fhir+json"),)
FORM = (("content-type", "application/x-www-form-urlencoded"),)


@pytest.fixture
def masked() -> Transcript:
    rows, _ = load_world(CATALOGUE / "worlds/two-practices.yaml")
    return Transcript(mask_for(rows.patients))


@pytest.mark.parametrize("transcript", ["masked", "open"])
@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (("authorization", f"Bearer {JWT}"), "Bearer ***"),
        (("authorization", "Basic c2VjcmV0"), "Basic ***"),
        (("authorization", "se cret"), "***"),
        (("apikey", "crossbook-core"), "***"),
        (("x-anything", f"at {JWT}"), "at ***"),
        (("ssp-from", "200000000101"), "200000000101"),
    ],
)
def test_a_secret_in_a_header_is_never_shown(
    masked: Transcript, transcript: str, header: tuple[str, str], shown: str
) -> None:
    chosen = masked if transcript == "masked" else Transcript(unmasked)
    assert chosen.message([header], b"").headers == ((header[0], shown),)


@pytest.mark.parametrize(
    ("headers", "body", "shown"),
    [
        (JSON, b'{"access_token":"abc","expires_in":"599"}', '{"access_token": "***", "expires_in": "599"}'),
        (FORM, f"grant_type=x&client_assertion={JWT}".encode(), "grant_type=x\nclient_assertion=***"),
        (FORM, b"code=abc&scope=a+b", "code=***\nscope=a b"),
        ((), f"text {JWT} text".encode(), "text *** text"),
    ],
)
def test_a_secret_in_a_body_is_never_shown(headers: tuple[tuple[str, str], ...], body: bytes, shown: str) -> None:
    assert Transcript(unmasked).message(headers, body).body == shown


@pytest.mark.parametrize(
    "body",
    [
        b'{"resourceType": "Patient", "name": [{"family": "Unlisted", "given": ["Also", "Unlisted"]}]}',
        b'{"family": "Unlisted", "given": ["Unlis',
        b'<Patient><name><family value="Unlisted"/><given value="Unlisted"/></name></Patient>',
        b'{"id": "9990010013", "text": "Nadia Begum"}',
        b'{"id": "99900100',
    ],
    ids=["json", "broken off", "xml", "text", "half a number"],
)
def test_nobody_in_a_body_is_named(masked: Transcript, body: bytes) -> None:
    shown = masked.message(JSON, body).body
    assert [word for word in ("Unlis", "Begum", "Nadia", "99900100") if word in shown] == []


def test_a_name_in_a_url_is_hidden_also_when_no_row_has_it(masked: Transcript) -> None:
    assert (
        masked.line("GET https://pds.test/Patient?family=Unlisted&gender=female")
        == "GET https://pds.test/Patient?family=***&gender=female"
    )


def test_words_that_a_fault_has_broken_are_left_out(masked: Transcript) -> None:
    body = b'{"id": "9990\xff10013", "family": "Be\xffum", "gender": "female"}'
    assert masked.message(JSON, body).body == '{"id": "\ufffd", "family": "***", "gender": "female"}'


def test_who_asks_sees_the_names() -> None:
    body = b'{"family": "Begum", "id": "9990010013"}'
    assert Transcript(unmasked).message(JSON, body).body == body.decode()


def test_json_is_laid_out_whatever_it_says_it_is() -> None:
    assert Transcript(unmasked).message((), b'{"a":[1,2]}').body == '{"a": [1, 2]}'


def test_xml_has_an_element_a_line() -> None:
    assert Transcript(unmasked).message((), b"<a><b/></a>").body == "<a>\n<b/>\n</a>"


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"a":' * 500 + b"1" + b"}" * 500, b"\x00\xff\xfe", b"nan", b"1" * 400]
)
def test_a_hostile_body_is_text(masked: Transcript, body: bytes) -> None:
    assert isinstance(masked.message(JSON, body).body, str)


def test_a_long_body_says_how_much_it_leaves_out(masked: Transcript) -> None:
    shown = masked.message((), b"a " * BODY_CAP).body
    assert len(shown) < BODY_CAP + 100
    assert shown.endswith(f"... {BODY_CAP} more characters")


def test_a_body_that_the_journal_has_cut_says_so(masked: Transcript) -> None:
    assert masked.message((), b"text", cut=True).body == "text\n... and more"


def test_a_long_bundle_keeps_its_beginning_and_its_end(masked: Transcript) -> None:
    entries = [{"fullUrl": f"Slot/{number}"} for number in range(1000)]
    shown = orjson.loads(masked.message(JSON, orjson.dumps({"entry": entries})).body)["entry"]
    assert shown[3] == "... 995 of 1000 left out ..."
    assert shown[-1] == {"fullUrl": "Slot/999"}


def test_what_cannot_be_seen_is_told_by_its_number() -> None:
    assert visible("a\u202eb\u0000c\u200b\ttab\n") == "a\\u202eb\\u0000c\\u200b\ttab\n"
