"""The one way to say no: logic raises `Refused`, one place renders the row that its situation names."""

from collections.abc import Mapping

from booking_core.spec.errors import BY_KEY, ErrorRow


class Refused(Exception):
    """A request that is turned down, named by its situation in REFUSALS.

    `facts` fill the row's `{placeholders}`; a fact named `diagnostics` is the text that names
    the element and the rule.
    """

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why, self.facts = why, facts


REFUSALS: Mapping[str, tuple[str, str]] = {
    # Spine Directory Service: first what its gateway says, then the service
    "sds_key_refused": ("sds", "UNAUTHORISED"),
    "sds_throttled": ("sds", "THROTTLED"),
    "sds_backend_failed": ("sds", "UNKNOWN_ERROR"),
    "sds_path_unknown": ("sds", "NO_RECORD_FOUND"),
    "sds_source_refused": ("sds", "NO_RECORD_FOUND"),
    "sds_method_refused": ("sds", "NOT_IMPLEMENTED"),
    "sds_correlation_id_invalid": ("sds", "BAD_REQUEST"),
    "sds_parameter_refused": ("sds", "BAD_REQUEST"),
    "sds_accept_refused": ("sds", "MISSING_OR_INVALID_HEADER"),
    # Spine Secure Proxy
    "ssp_certificate_missing": ("ssp", "CERTIFICATE_MISSING"),
    "ssp_certificate_refused": ("ssp", "CERTIFICATE_REFUSED"),
    "ssp_verb_refused": ("ssp", "METHOD_NOT_ALLOWED"),
    "ssp_overloaded": ("ssp", "OVERLOADED"),
    "ssp_header_missing": ("ssp", "MISSING_HEADER"),
    "ssp_media_type_refused": ("ssp", "UNSUPPORTED_MEDIA_TYPE"),
    "ssp_throttled": ("ssp", "THROTTLED"),
    "ssp_sender_refused": ("ssp", "ASID_CHECK_FAILED"),
    "ssp_receiver_unknown": ("ssp", "MISSING_HEADER"),
    "ssp_receiver_refused": ("ssp", "PARTYKEY_INTERACTION_CHECK_FAILED"),
    "ssp_no_agreement": ("ssp", "FOT_CHECK_FAILED"),
    "ssp_target_varies": ("ssp", "ENDPOINT_VARIES"),
    "ssp_provider_hung_up": ("ssp", "NO_ANSWER"),
    "ssp_provider_unreachable": ("ssp", "PROVIDER_UNREACHABLE"),
    "ssp_provider_timed_out": ("ssp", "PROVIDER_TIMED_OUT"),
    # GP Connect provider: every request
    "certificate_missing": ("provider", "CERTIFICATE_MISSING"),
    "certificate_refused": ("provider", "CERTIFICATE_REFUSED"),
    "header_missing": ("provider", "BAD_REQUEST"),
    "wrong_receiver": ("provider", "BAD_REQUEST"),
    "interaction_unknown": ("provider", "BAD_REQUEST"),
    "not_implemented": ("provider", "NOT_IMPLEMENTED"),
    "path_mismatch": ("provider", "BAD_REQUEST"),
    "method_mismatch": ("provider", "BAD_REQUEST"),
    "gp_connect_off": ("provider", "ACCESS_DENIED"),
    "foundations_off": ("provider", "ACCESS_DENIED"),
    "appointments_off": ("provider", "ACCESS_DENIED"),
    "media_unsupported": ("provider", "UNSUPPORTED_MEDIA_TYPE"),
    "unexpected_failure": ("provider", "INTERNAL_SERVER_ERROR"),
    "record_incomplete": ("provider", "INTERNAL_SERVER_ERROR"),
    # its token
    "token_missing": ("provider", "BAD_REQUEST"),
    "token_unreadable": ("provider", "BAD_REQUEST"),
    "token_header": ("provider", "BAD_REQUEST"),
    "token_life": ("provider", "BAD_REQUEST"),
    "token_expired": ("provider", "BAD_REQUEST"),
    "token_from_future": ("provider", "BAD_REQUEST"),
    "claim_missing": ("provider", "BAD_REQUEST"),
    "claim_invalid": ("provider", "BAD_REQUEST"),
    "claim_not_fhir": ("provider", "INVALID_RESOURCE"),
    "claim_other_type": ("provider", "BAD_REQUEST"),
    "claim_incomplete": ("provider", "BAD_REQUEST"),
    "claim_other_subject": ("provider", "BAD_REQUEST"),
    "claim_role_missing": ("provider", "BAD_REQUEST"),
    "scope_mismatch": ("provider", "BAD_REQUEST"),
    # its parameters and its body
    "parameter_missing": ("provider", "BAD_REQUEST"),
    "parameter_repeated": ("provider", "INVALID_PARAMETER"),
    "parameter_invalid": ("provider", "INVALID_PARAMETER"),
    "identifier_repeated": ("provider", "BAD_REQUEST"),
    "identifier_incomplete": ("provider", "INVALID_PARAMETER"),
    "identifier_system_unknown": ("provider", "INVALID_IDENTIFIER_SYSTEM"),
    "nhs_number_invalid": ("provider", "INVALID_NHS_NUMBER"),
    "body_unreadable": ("provider", "BAD_REQUEST"),
    "body_too_long": ("provider", "BAD_REQUEST"),
    "wrong_resource_type": ("provider", "INVALID_RESOURCE"),
    "resource_malformed": ("provider", "INVALID_RESOURCE"),
    # Foundations
    "patient_unknown": ("provider", "PATIENT_NOT_FOUND"),
    "practitioner_unknown": ("provider", "PRACTITIONER_NOT_FOUND"),
    "organisation_unknown": ("provider", "ORGANISATION_NOT_FOUND"),
    "location_unknown": ("provider", "NO_RECORD_FOUND"),
    # registering a patient: what the form lacks or has too much of
    "parameter_unknown": ("provider", "INVALID_RESOURCE"),
    "not_a_patient": ("provider", "INVALID_RESOURCE"),
    "registration_repeated": ("provider", "BAD_REQUEST"),
    "nhs_number_missing": ("provider", "INVALID_NHS_NUMBER"),
    "identifier_invalid": ("provider", "BAD_REQUEST"),
    "telecom_invalid": ("provider", "BAD_REQUEST"),
    "official_name_missing": ("provider", "BAD_REQUEST"),
    "birth_date_missing": ("provider", "BAD_REQUEST"),
    "registration_element": ("provider", "INVALID_RESOURCE"),
    "address_invalid": ("provider", "INVALID_RESOURCE"),
    "language_invalid": ("provider", "INVALID_RESOURCE"),
    # registering a patient: what the records say
    "pds_unavailable": ("provider", "INTERNAL_SERVER_ERROR"),
    "not_on_pds": ("provider", "INVALID_PATIENT_DEMOGRAPHICS"),
    "number_withdrawn": ("provider", "INVALID_NHS_NUMBER"),
    "patient_sensitive": ("provider", "INVALID_PATIENT_DEMOGRAPHICS"),
    "patient_deceased": ("provider", "INVALID_PATIENT_DEMOGRAPHICS"),
    "details_disagree": ("provider", "INVALID_PATIENT_DEMOGRAPHICS"),
    "local_record_disagrees": ("provider", "INVALID_PATIENT_DEMOGRAPHICS"),
    "already_registered": ("provider", "DUPLICATE_REJECTED"),
    # Appointment Management: booking
    "booking_invalid": ("provider", "INVALID_RESOURCE"),
    "booking_organisation_invalid": ("provider", "INVALID_RESOURCE"),
    "booking_participant_invalid": ("provider", "INVALID_RESOURCE"),
    "text_too_long": ("provider", "INVALID_RESOURCE"),
    "reference_malformed": ("provider", "INVALID_RESOURCE"),
    "patient_reference_unknown": ("provider", "REFERENCE_NOT_FOUND"),
    "reference_unknown": ("provider", "REFERENCE_NOT_FOUND"),
    "slot_unknown": ("provider", "INVALID_RESOURCE"),
    "slots_not_adjacent": ("provider", "INVALID_RESOURCE"),
    "times_not_the_slots": ("provider", "INVALID_RESOURCE"),
    "not_as_in_diary": ("provider", "INVALID_RESOURCE"),
    "booking_in_the_past": ("provider", "INVALID_RESOURCE"),
    "slot_not_offered": ("provider", "INVALID_RESOURCE"),
    "slot_limit_reached": ("provider", "INVALID_RESOURCE"),
    "slot_taken": ("provider", "DUPLICATE_REJECTED"),
    # Appointment Management: reading and changing
    "appointment_unknown": ("provider", "NO_RECORD_FOUND"),
    "appointment_past": ("provider", "NO_RECORD_FOUND"),
    "id_mismatch": ("provider", "BAD_REQUEST"),
    "version_conflict": ("provider", "FHIR_CONSTRAINT_VIOLATION"),
    "change_invalid": ("provider", "INVALID_RESOURCE"),
    "change_in_the_past": ("provider", "INVALID_RESOURCE"),
    "appointment_not_booked": ("provider", "INVALID_RESOURCE"),
    "appointment_changed": ("provider", "INVALID_RESOURCE"),
    "cancellation_reason_empty": ("provider", "INVALID_PARAMETER"),
}
"""Situation -> key of its error row. A supplier may re-point a situation of layer `provider`."""


def row_for(why: str, re_pointed: Mapping[str, str] | None = None) -> ErrorRow:
    """The error row of a situation; `re_pointed` maps situations to other provider codes."""
    if re_pointed and why in re_pointed:
        return BY_KEY["provider", re_pointed[why]]
    return BY_KEY[REFUSALS[why]]
