"""Any fault that can befall an exchange, short of one that lies."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from harness.faults.kinds import FAULT
from harness.faults.rules import FaultRule

BOOKING = (
    None, "search_slots", "find_patient", "register_patient", *["list_appointments"] * 2, *["create_appointment"] * 4
)  # fmt: skip
CHANGING = (
    None, "list_appointments", *["create_appointment"] * 2, *["read_appointment"] * 2, *["cancel_appointment"] * 4
)  # fmt: skip
"""What the receiver is asked for; the more often it stands here, the more often it is struck."""

NATIONAL: Mapping[str, Sequence[str | None]] = {
    "pds": (None, "pds_retrieve"),
    "sds": (None, "sds_endpoint", "sds_device"),
    "token": (None, "issue_token"),
}
_WHERE = ("ssp", "ssp", "riverside", "riverside", *NATIONAL)

LONGEST_MS = 35_000
"""Three such delays on one command are shorter than the two minutes after which we give it up."""

BODIES = (
    "", "busy", "<html>", "[]", "null", "7", "{}", '{"resourceType": "Appointment"}', '{"resourceType": "Patient"}',
    '{"resourceType": "Appointment", "start": 5}', '{"resourceType": "Bundle", "entry": null}',
    '{"resourceType": "Patient", "id": 7, "name": 7}', '{"resourceType": "Bundle", "entry": [7]}',
    '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Appointment", "start": 7}}]}', '{"resourceType": "Bundle", "entry": [{"resource": []}]}',
    '{"access_token": 5, "expires_in": "soon"}', '{"issue": 7}', '{"error": null}',
)  # fmt: skip
"""None of them says clearly that nothing was done: where that is not true, nobody can know better."""

STATUSES = (200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 429, 444, 500, 502, 503, 504)
MEDIA_TYPES = ("text/plain", "text/html", "application/json", "application/fhir+json")
EITHER = st.sampled_from(["request", "reply"])

_SETTINGS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "cut": st.fixed_dictionaries({"phase": EITHER}),
    "hang": st.fixed_dictionaries({"phase": EITHER, "max_s": st.sampled_from([5, 40, 600])}),
    "latency": st.fixed_dictionaries(
        {
            "phase": EITHER, "median_ms": st.sampled_from([50, 3000, 20_000, 34_000]), "sigma": st.sampled_from([0, 0.3]),
            "cap_ms": st.just(LONGEST_MS),
        }
    ),
    "refuse": st.just({}),
    "status": st.fixed_dictionaries(
        {
            "phase": EITHER, "status": st.sampled_from(STATUSES), "body": st.sampled_from(BODIES),
            "media_type": st.sampled_from(MEDIA_TYPES),
        }
    ),
    "truncate": st.fixed_dictionaries({"phase": EITHER, "keep": st.sampled_from([0, 0.5, 0.99])}),
    "garble": st.fixed_dictionaries({"phase": EITHER, "share": st.sampled_from([0, 0.05, 1])}),
    "wrong_type": st.fixed_dictionaries({"phase": EITHER, "media_type": st.sampled_from(MEDIA_TYPES)}),
}  # fmt: skip
"""Kind -> what it may be set to."""


@st.composite
def _rules(draw: st.DrawFn, asked: Sequence[str | None]) -> dict[str, Any]:
    kind, at = (
        draw(st.sampled_from(sorted(_SETTINGS))),
        draw(st.sampled_from(["ssp", "ssp", "riverside", "riverside", "pds", "sds", "token"])),
    )
    occasion = {
        "on": draw(st.sampled_from(NATIONAL.get(at, asked))),
        "after": draw(st.sampled_from([0, 0, 0, 0, 1, 2, 3])),
        "times": draw(st.integers(1, 4)),
    }
    return {"kind": kind, "at": at} | occasion | draw(_SETTINGS[kind])


def faults(asked: Sequence[str | None], most: int = 3) -> st.SearchStrategy[tuple[FaultRule, ...]]:
    """One to `most` rules, each with a name of its own."""
    return st.lists(_rules(asked), min_size=1, max_size=most).map(
        lambda rules: tuple(FAULT.validate_python({"name": f"fault {n}"} | rule) for n, rule in enumerate(rules))
    )
