"""When this mock says no, as tables: situation -> error row, and what fills the row's `{problem}`."""

from collections.abc import Mapping

_TOKEN: Mapping[str, str] = {
    "content_type": "CONTENT_TYPE",
    "grant_type_missing": "GRANT_TYPE_MISSING",
    "grant_type_unknown": "GRANT_TYPE_UNKNOWN",
    "assertion_type_wrong": "ASSERTION_TYPE",
    "assertion_missing": "ASSERTION_MISSING",
    "assertion_malformed": "ASSERTION_MALFORMED",
    "algorithm_wrong": "ALGORITHM",
    "assertion_expired": "EXPIRED",
    "kid_missing": "KID_MISSING",
    "typ_wrong": "TYP",
    "exp_missing": "EXP_MISSING",
    "exp_not_a_number": "EXP_NOT_A_NUMBER",
    "issuer_is_not_subject": "ISS_SUB",
    "jti_missing": "JTI_MISSING",
    "jti_not_a_string": "JTI_NOT_A_STRING",
    "jti_seen": "JTI_SEEN",
    "exp_too_far": "EXP_TOO_FAR",
    "client_unknown": "CLIENT_UNKNOWN",
    "client_revoked": "APP_REVOKED",
    "developer_inactive": "DEVELOPER_INACTIVE",
    "company_inactive": "COMPANY_INACTIVE",
    "product_missing": "PRODUCT_MISSING",
    "token_throttled": "THROTTLED",
    "no_public_key": "NO_PUBLIC_KEY",
    "jwks_unreachable": "JWKS_UNREACHABLE",
    "kid_unknown": "KID_UNKNOWN",
    "signature_wrong": "SIGNATURE",
    "not_yet_valid": "SIGNATURE",
    "audience_wrong": "AUDIENCE",
    "no_scope": "NO_SCOPE",
    "client_id_missing": "CLIENT_ID_MISSING",
    "client_id_invalid": "CLIENT_ID_INVALID",
    "client_secret_missing": "CLIENT_SECRET_MISSING",
    "client_secret_wrong": "CLIENT_SECRET_WRONG",
    "redirect_missing": "REDIRECT_MISSING",
    "redirect_invalid": "REDIRECT_INVALID",
    "code_missing": "CODE_MISSING",
    "code_invalid": "CODE_INVALID",
    "refresh_missing": "REFRESH_MISSING",
    "refresh_invalid": "REFRESH_INVALID",
    "refresh_expired": "REFRESH_EXPIRED",
    "subject_type_wrong": "SUBJECT_TYPE",
    "subject_missing": "SUBJECT_MISSING",
    "subject_malformed": "SUBJECT_MALFORMED",
    "subject_invalid": "SUBJECT_INVALID",
    "userinfo_unsupported": "USERINFO_UNSUPPORTED",
    "userinfo_token_wrong": "USERINFO_TOKEN",
    "token_path_unknown": "NOT_FOUND",
    "token_service_broke": "UNKNOWN_ERROR",
}

_GATEWAY: Mapping[str, str] = {
    "quota_exceeded": "QUOTA_EXCEEDED",
    "traffic_spike": "TRAFFIC_SPIKE",
    "api_busy": "API_BUSY",
    "patient_log_in_unproven": "ACCESS_DENIED",
    "path_unknown": "UNSUPPORTED_REQUEST",
    "request_id_malformed": "INVALID_HEADER",
    "urid_invalid": "INVALID_URID",
    "asid_missing": "MISSING_ASID",
    "too_many_asked": "TOO_MANY_ASKED",
    "method_not_for_mode": "INVALID_METHOD",
    "coverage_not_for_mode": "COVERAGE_DENIED",
    "patient_may_not": "ACCESS_DENIED",
    "update_not_finished": "SERVICE_UNAVAILABLE",
    "backend_broke": "UNKNOWN_ERROR",
    "options_unsupported": "UPSTREAM_UNREACHABLE",
}

_RECORD: Mapping[str, str] = {
    "request_id_missing": "MISSING_REQUEST_ID",
    "service_unsupported": "UNSUPPORTED_SERVICE",
    "resource_id_invalid": "INVALID_RESOURCE_ID",
    "patient_unknown": "RESOURCE_NOT_FOUND",
    "patient_invalidated": "INVALIDATED_RESOURCE",
    "record_too_slow": "UNABLE_TO_CALL_SERVICE",
    "poll_unknown": "RESOURCE_NOT_FOUND",
    "if_match_missing": "PRECONDITION_FAILED",
    "version_stale": "RESOURCE_VERSION_MISMATCH",
}

_SEARCH: Mapping[str, str] = {
    "search_empty": "UNSUPPORTED_SERVICE",
    "parameter_unknown": "ADDITIONAL_PROPERTIES",
    "field_invalid": "INVALID_VALUE",
    "member_missing": "MISSING_VALUE",
    "too_many_matches": "TOO_MANY_MATCHES",
}

_UNAUTHORISED: Mapping[str, str] = {
    "authorisation_missing": "Missing Authorization header",
    "authorisation_empty": "Empty Authorization header",
    "authorisation_one_word": "Missing access token",
    "authorisation_not_bearer": "Invalid token type '{scheme}', must be 'Bearer'",
    "token_unknown": "Invalid Access Token",
    "token_expired": "Access Token expired",
    "not_subscribed": "Invalid API call as no apiproduct match found",
    "interaction_missing": "Your app is not permitted to use this interaction",
    "status_key_wrong": "Invalid ApiKey",
}

_BELOW_MINIMUM = "No searches were performed as the search criteria did not meet the minimum requirements"

_SEARCH_DATA: Mapping[str, str] = {
    "postcode_twice": "Both address-postalcode and address-postcode were provided",
    "search_below_minimum": _BELOW_MINIMUM,
    "wildcard_too_early": _BELOW_MINIMUM,
    "fuzzy_below_minimum": "A fuzzy search was requested however the data given did not meet the fuzzy search criteria",
    "coverage_query": "Coverage search request must follow the format /Coverage?subscriber:identifier=NHS_NUMBER",
}

_UPDATE: Mapping[str, str] = {
    "operation_unknown": "INVALID_VALUE",
    "value_unsupported": "UNSUPPORTED_VALUE",
    "characters_unsupported": "UNSUPPORTED_CHARACTERS_IN_FIELD",
    "too_few_values": "TOO_FEW_VALUES_SUBMITTED",
    "too_many_values": "TOO_MANY_VALUES_SUBMITTED",
    "update_invalid": "VALIDATION_ERROR",
}

_INVALID_UPDATE: Mapping[str, str] = {
    "patches_missing": "No patches found",
    "patch_resource_unsupported": "Update unsupported for resource - '{resource}'",
    "patch_entry_not_named": "no id or url found for path with root {root}",
    "patch_entry_unknown": "no '{resource}' resources with object id '{id}'",
    "patch_remove_untested": "removal '{root}' is not immediately preceded by equivalent test - "
    "instead it is {instead}",
    "patch_index_out_of_bounds": "Invalid patch - index '{index}' is out of bounds",
    "patch_object_missing": "Invalid patch - can't {verb} non-existent object '{object}'",
    "patch_of_whole_list": "Invalid patch - '{resource}' can only be changed entry by entry",
    "patch_add_not_at_end": "Invalid patch - an entry is added to '{resource}' at index '-' only",
    "patch_add_with_id": "Invalid patch - an entry is added to '{resource}' without an id",
    "patch_not_an_object": "Invalid patch - '{where}' is not an object",
    "patch_path_invalid": "Invalid patch - '{path}' is not a path",
    "patch_test_failed": "Invalid patch - test of '{path}' failed",
    "suffix_invalid": "a suffix must start with a capital letter",
    "birth_in_future": "birthDate is in the future",
    "birth_after_death": "birthDate is after deceasedDateTime",
    "death_without_notice": "deceasedDateTime needs a death notification in the same update",
    "death_offset": "deceasedDateTime '{value}' must have the offset +00:00",
    "practice_ends": "generalPractitioner must not have an end",
    "address_period": "a {use} address needs a start and an end at most {days} days apart",
    "address_lines": "an address needs a house or street in line 1 or 2 and a town in line 4",
    "email_invalid": "an email address must be well-formed and have 7 to 89 characters",
    "telecom_in_future": "a telecom must not start in the future",
}

_FORBIDDEN_UPDATE: Mapping[str, str] = {
    "name_twice": "multiple {use} names cannot be added",
    "usual_name_removed": "not permitted to remove usual name",
    "name_use_changed": "not permitted to change use of a name",
    "member_removed": "source not permitted to remove '{field}'",
    "source_not_permitted": "source not permitted to update '{field}'",
    "death_is_final": "not permitted to change a formal death",
    "death_not_formal_here": "source not permitted to set formal death",
}


def _rows(layer: str, codes: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {why: (layer, code) for why, code in codes.items()}


REFUSALS: Mapping[str, tuple[str, str]] = {
    **_rows("token", _TOKEN),
    **_rows("pds", {**_GATEWAY, **_RECORD, **_SEARCH, **_UPDATE}),
    **dict.fromkeys(_UNAUTHORISED, ("pds", "UNAUTHORISED")),
    **dict.fromkeys(_SEARCH_DATA, ("pds", "INVALID_SEARCH_DATA")),
    **dict.fromkeys(_INVALID_UPDATE, ("pds", "INVALID_UPDATE")),
    **dict.fromkeys(_FORBIDDEN_UPDATE, ("pds", "FORBIDDEN_UPDATE")),
}
"""Situation -> key of its error row."""

PROBLEMS: Mapping[str, str] = {**_UNAUTHORISED, **_SEARCH_DATA, **_INVALID_UPDATE, **_FORBIDDEN_UPDATE}
"""Situation -> the text of it, where one row has many."""
