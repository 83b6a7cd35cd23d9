"""What the consumer does about each thing that the wire can say."""

from collections.abc import Mapping
from dataclasses import dataclass

from booking_core.spec.errors import BY_KEY, ERRORS, ErrorRow
from booking_core.spec.interactions import Interaction, Kind, Service

OUTCOMES = ("booked", "slot_taken", "not_found", "refused", "unavailable", "in_doubt")


@dataclass(frozen=True, slots=True)
class Reaction:
    """What an answer means for the booking.

    `may_retry` allows the same question again by itself; it is never true for a command.
    `user_error` names a row of the user errors.
    """

    outcome: str
    may_retry: bool
    user_error: str


class Stop(Exception):
    """The journey cannot go on: the one way in which the core says no to itself."""

    def __init__(self, reaction: Reaction, detail: str, row: ErrorRow | None = None, trace_id: str = "") -> None:
        super().__init__(detail)
        self.reaction, self.detail, self.row, self.trace_id = reaction, detail, row, trace_id

    @classmethod
    def because(cls, user_error: str, detail: str, outcome: str = "refused") -> "Stop":
        """For what the core finds by itself, without a row of the wire."""
        return cls(Reaction(outcome, may_retry=False, user_error=user_error), detail)


_IN_DOUBT = Reaction("in_doubt", may_retry=False, user_error="B5")

_MEANINGS: Mapping[str, Mapping[Kind, Reaction]] = {
    "broken": {Kind.QUERY: Reaction("unavailable", may_retry=True, user_error="S3"), Kind.COMMAND: _IN_DOUBT},
    "garbled": {Kind.QUERY: Reaction("unavailable", may_retry=True, user_error="S4"), Kind.COMMAND: _IN_DOUBT},
    "busy": {
        Kind.QUERY: Reaction("unavailable", may_retry=True, user_error="S3"),
        Kind.COMMAND: Reaction("unavailable", may_retry=False, user_error="S3"),  # turned away: nothing was done
    },
    "closed": dict.fromkeys(Kind, Reaction("unavailable", may_retry=False, user_error="S3")),
    "set_up": dict.fromkeys(Kind, Reaction("refused", may_retry=False, user_error="S2")),
    "missing": dict.fromkeys(Kind, Reaction("not_found", may_retry=False, user_error="S2")),
    "patient": dict.fromkeys(Kind, Reaction("refused", may_retry=False, user_error="E4")),
    "no_patient": dict.fromkeys(Kind, Reaction("not_found", may_retry=False, user_error="E4")),
    "changed": dict.fromkeys(Kind, Reaction("refused", may_retry=False, user_error="B6")),
}
"""A meaning -> the reaction to it when asking, and when commanding."""

_BY_LAYER = {
    "provider": "set_up",
    "ssp": "set_up",
    "sds": "set_up",
    "pds": "set_up",
    "token": "closed",
    "wire": "broken",
}

_ROWS: Mapping[tuple[str, str], str] = {
    ("provider", "INVALID_NHS_NUMBER"): "patient",
    ("provider", "INVALID_PATIENT_DEMOGRAPHICS"): "patient",
    ("provider", "DUPLICATE_REJECTED"): "patient",
    ("provider", "PATIENT_NOT_FOUND"): "missing",
    ("provider", "PRACTITIONER_NOT_FOUND"): "missing",
    ("provider", "ORGANISATION_NOT_FOUND"): "missing",
    ("provider", "NO_RECORD_FOUND"): "missing",
    ("provider", "FHIR_CONSTRAINT_VIOLATION"): "changed",
    ("provider", "INTERNAL_SERVER_ERROR"): "broken",
    ("provider", "NOT_IMPLEMENTED"): "set_up",
    ("ssp", "THROTTLED"): "busy",
    ("ssp", "NO_ANSWER"): "broken",
    ("ssp", "PROVIDER_UNREACHABLE"): "broken",
    ("ssp", "OVERLOADED"): "broken",
    ("ssp", "PROVIDER_TIMED_OUT"): "broken",
    ("sds", "UNAUTHORISED"): "closed",
    ("sds", "THROTTLED"): "busy",
    ("sds", "UNKNOWN_ERROR"): "broken",
    ("pds", "INVALID_RESOURCE_ID"): "patient",
    ("pds", "RESOURCE_NOT_FOUND"): "no_patient",
    ("pds", "INVALIDATED_RESOURCE"): "patient",
    ("pds", "TOO_MANY_MATCHES"): "patient",
    ("pds", "UNAUTHORISED"): "closed",
    ("pds", "RESOURCE_VERSION_MISMATCH"): "changed",
    ("pds", "QUOTA_EXCEEDED"): "busy",
    ("pds", "TRAFFIC_SPIKE"): "busy",
    ("pds", "API_BUSY"): "busy",
    ("pds", "UNABLE_TO_CALL_SERVICE"): "broken",
    ("pds", "UNKNOWN_ERROR"): "broken",
    ("pds", "UPSTREAM_UNREACHABLE"): "broken",
    ("pds", "SERVICE_UNAVAILABLE"): "broken",
    ("token", "UNKNOWN_ERROR"): "busy",
    ("token", "THROTTLED"): "busy",
    ("wire", "UNREADABLE"): "garbled",
    ("wire", "WRONG_MEDIA_TYPE"): "garbled",
}
"""Rows whose meaning is not the usual one of their layer."""

_BOTH: Mapping[tuple[tuple[str, str], str], Reaction] = {
    (("provider", "DUPLICATE_REJECTED"), "create_appointment"): Reaction("slot_taken", False, "B1"),
}
"""Rows that mean two things, told apart by the interaction."""


_FOR_GOOD = frozenset(range(400, 500)) - {408, 429}
"""Statuses that blame the request: asked again it would be refused again."""


def reaction_to(row: ErrorRow, interaction: Interaction, status: int = 0) -> Reaction:
    """What `row` means as the answer to `interaction`.

    Of a refusal that no table knows the status decides; but a command that met one stays in doubt,
    for who knows which side of the provider it came from.
    """
    meaning = _ROWS.get(row.key, _BY_LAYER[row.layer])
    if row.code == "UNKNOWN_REFUSAL" and status in _FOR_GOOD and interaction.kind is Kind.QUERY:
        meaning = "set_up" if interaction.service is Service.GP_CONNECT else "closed"
    return _BOTH.get((row.key, interaction.name)) or _MEANINGS[meaning][interaction.kind]


def named_rows() -> frozenset[tuple[str, str]]:
    """Keys that this module names: a test holds that each exists in ERRORS."""
    return frozenset(_ROWS) | {key for key, _ in _BOTH}


assert all(row.layer in _BY_LAYER for row in ERRORS) and BY_KEY  # noqa: S101 - a layer without a reaction must not start
