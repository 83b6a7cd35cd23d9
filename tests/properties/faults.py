"""Any fault that can befall a booking, short of one that lies."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from harness.faults.kinds import FAULT
from harness.faults.rules import FaultRule

_QUERIES = ("search_slots", "find_patient", "list_appointments")
_PROVIDED = (None, *_QUERIES, "register_patient", "list_appointments", *["create_appointment"] * 4)
PLACES: Mapping[str, Sequence[str | None]] = {
    "ssp": _PROVIDED,
    "riverside": _PROVIDED,
    "pds": (None, "pds_retrieve"),
    "sds": (None, "sds_endpoint", "sds_device"),
    "token": (None, "issue_token"),
}
"""Where and on what; the more often it stands here, the more often it is drawn."""

LONGEST_MS = 35_000
"""Three such delays on one command are shorter than the two minutes after which we give it up."""

BODIES = (
    "", "busy", "<html>", "[]", "null", "7", "{}", '{"resourceType": "Appointment"}', '{"resourceType": "Patient"}',
    '{"resourceType": "Appointment", "start": 5}', '{"resourceType": "Bundle", "entry": null}',
    '{"resourceType": "Bundle", "entry": [7]}', '{"resourceType": "Bundle", "entry": [{"resource": []}]}',
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
            "phase": EITHER, "median_ms": st.integers(50, LONGEST_MS), "sigma": st.sampled_from([0, 0.5]),
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
def _rules(draw: st.DrawFn) -> dict[str, Any]:
    kind, at = (
        draw(st.sampled_from(sorted(_SETTINGS))),
        draw(st.sampled_from(["ssp", "ssp", "riverside", "riverside", "pds", "sds", "token"])),
    )
    occasion = {
        "on": draw(st.sampled_from(PLACES[at])),
        "after": draw(st.sampled_from([0, 0, 0, 0, 1, 2, 3])),
        "times": draw(st.integers(1, 4)),
    }
    return {"kind": kind, "at": at} | occasion | draw(_SETTINGS[kind])


def faults(most: int = 3) -> st.SearchStrategy[tuple[FaultRule, ...]]:
    """One to `most` rules, each with a name of its own."""
    return st.lists(_rules(), min_size=1, max_size=most).map(
        lambda rules: tuple(FAULT.validate_python({"name": f"fault {n}"} | rule) for n, rule in enumerate(rules))
    )
