"""Everything that the wire can say when it does not say yes, a row each.

The key is (layer, code). `code` is the row's name; what stands in the body is `wire_code`, which
differs where one Spine code has two statuses or where the body carries only the status.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from booking_core.spec.identifiers import CodeSystem

LAYERS = ("provider", "ssp", "sds", "pds", "token", "wire")


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One thing the wire can say.

    `status` is None for what is not an HTTP answer. `issue` is the FHIR issue type, or the OAuth
    `error` for the token service. `display` and `diagnostics` may hold `{facts}`; an empty
    `diagnostics` means that the member is absent unless the situation supplies one.
    """

    layer: str
    code: str
    status: int | None
    issue: str
    display: str
    source: str
    severity: str = "error"
    coding: str = ""
    system: str = ""
    diagnostics: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What names this row in every other table."""
        return self.layer, self.code

    @property
    def wire_code(self) -> str:
        """The code as it stands in the body."""
        return self.coding or self.code


def _provider(code: str, status: int, issue: str, display: str, coding: str = "", source: str = "") -> ErrorRow:
    return ErrorRow(
        "provider", code, status, issue, display, source or "GP Connect error handling guidance",
        coding=coding, system=CodeSystem.SPINE_STU3,
    )  # fmt: skip


_SSP_GUIDES = "GP Connect error handling guidance, Spine Core SSP guide"


def _ssp(code: str, status: int, issue: str, display: str) -> ErrorRow:
    """The proxy says the same text twice; its code is the status."""
    return ErrorRow(
        "ssp", code, status, issue, display, _SSP_GUIDES,
        coding=str(status), system=CodeSystem.SSP, diagnostics=display,
    )  # fmt: skip


def _sds(code: str, status: int, issue: str, display: str, diagnostics: str) -> ErrorRow:
    return ErrorRow(
        "sds", code, status, issue, display, "SDS FHIR service", system=CodeSystem.SPINE_SDS, diagnostics=diagnostics
    )


_APOLOGY = (
    "An unknown error occurred processing this request. Contact us for assistance diagnosing this issue: "
    "https://digital.nhs.uk/developer/help-and-support. (Message ID: {message_id})"
)


def _sds_gateway(code: str, status: int) -> ErrorRow:
    """The gateway before SDS has one body for all that it refuses: the apology, in `display`."""
    return ErrorRow(
        "sds", code, status, "unknown", _APOLOGY, "SDS gateway", coding="UNKNOWN_ERROR", system=CodeSystem.SPINE_R4
    )


def _pds(
    code: str, status: int, issue: str, display: str, diagnostics: str = "", coding: str = "", severity: str = "error"
) -> ErrorRow:
    return ErrorRow(
        "pds", code, status, issue, display, "PDS FHIR API",
        severity=severity, coding=coding, system=CodeSystem.SPINE_R4, diagnostics=diagnostics,
    )  # fmt: skip


def _token(code: str, status: int, error: str, description: str) -> ErrorRow:
    return ErrorRow("token", code, status, error, description, "NHS identity service", coding=error)


def _wire(code: str, issue: str, display: str) -> ErrorRow:
    return ErrorRow("wire", code, None, issue, display, "our own words for what is not an answer")


_RATE_LIMITS = (
    "Please see: https://digital.nhs.uk/developer/guides-and-documentation/reference-guide#rate-limits "
    "for more details."
)
_PDS_HELP = "https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_JWT = "in client_assertion JWT"

_SSL = "SSL Protocol or Cipher requirements not met"
_SSL_PAGES = "API security guidance for the status, Spine-ErrorOrWarningCode-1 for the code: together assumed"

PROVIDER_ERRORS = (
    _provider("BAD_REQUEST", 400, "invalid", "Bad request"),
    _provider("UNSUPPORTED_MEDIA_TYPE", 415, "not-supported", "Bad request", coding="BAD_REQUEST"),
    _provider("INVALID_IDENTIFIER_SYSTEM", 400, "value", "Invalid identifier system"),
    _provider("INVALID_IDENTIFIER_VALUE", 400, "value", "Invalid identifier value"),
    _provider("INVALID_NHS_NUMBER", 400, "value", "Invalid NHS number"),
    _provider("INVALID_PATIENT_DEMOGRAPHICS", 400, "business-rule", "Invalid patient demographics"),
    _provider("ACCESS_DENIED", 403, "forbidden", "Access has been denied to process this request"),
    _provider(
        "ACCESS DENIED", 403, "forbidden", "Access has been denied to process this request",
        source="Spine-ErrorOrWarningCode-1, which spells it with a blank; so do some suppliers",
    ),
    _provider("NO_PATIENT_CONSENT", 403, "forbidden", "Patient has not provided consent to share data"),
    _provider("NO_ORGANISATIONAL_CONSENT", 403, "forbidden", "Organisation has not provided consent to share data"),
    _provider(
        "NO_ORGANISATION_CONSENT", 403, "forbidden", "Organisation has not provided consent to share data",
        source="the guide's spelling; a consumer accepts both",
    ),
    _provider("PATIENT_NOT_FOUND", 404, "not-found", "Patient not found"),
    _provider("PRACTITIONER_NOT_FOUND", 404, "not-found", "Practitioner not found"),
    _provider("ORGANISATION_NOT_FOUND", 404, "not-found", "Organisation not found"),
    _provider("NO_RECORD_FOUND", 404, "not-found", "No record found"),
    _provider("DUPLICATE_REJECTED", 409, "duplicate", "Create would lead to creation of a duplicate resource"),
    _provider("FHIR_CONSTRAINT_VIOLATION", 409, "conflict", "FHIR constraint violated"),
    _provider("INVALID_RESOURCE", 422, "invalid", "Invalid validation of resource"),
    _provider("INVALID_PARAMETER", 422, "invalid", "Invalid parameter"),
    _provider("REFERENCE_NOT_FOUND", 422, "invalid", "Reference not found"),
    _provider("CERTIFICATE_REFUSED", 495, "security", _SSL, coding="ACCESS_DENIED_SSL", source=_SSL_PAGES),
    _provider("CERTIFICATE_MISSING", 496, "security", _SSL, coding="ACCESS_DENIED_SSL", source=_SSL_PAGES),
    _provider("INTERNAL_SERVER_ERROR", 500, "processing", "Unexpected internal server error"),
    _provider("NOT_IMPLEMENTED", 501, "not-supported", "Not implemented"),
)  # fmt: skip

SSP_ERRORS = (
    _ssp("ENDPOINT_VARIES", 400, "invalid",
         "ENDPOINT_{registered_url}_CPAID_{cpa_id}_VARIES_FROM_TARGETURL_{target_url}"),
    _ssp("MISSING_HEADER", 400, "invalid", "MISSING_OR_INVALID_HEADER_{header}"),
    _ssp("ASID_CHECK_FAILED", 403, "forbidden", "ASID_CHECK_FAILED_MESSAGESENDER_{sender}"),
    _ssp("PARTYKEY_INTERACTION_CHECK_FAILED", 403, "forbidden",
         "PARTYKEY_INTERACTION_CHECK_FAILED_MESSAGERECEIVER_{receiver}"),
    _ssp("FOT_CHECK_FAILED", 403, "forbidden", "FOT_CHECK_FAILED_MESSAGESENDER_{sender}_MESSAGERECEIVER_{receiver}"),
    ErrorRow("ssp", "METHOD_NOT_ALLOWED", 405, "forbidden", "405: Method Not Allowed", _SSP_GUIDES,
             severity="fatal", coding="405", system=CodeSystem.SSP_METHOD),  # the one without diagnostics
    _ssp("UNSUPPORTED_MEDIA_TYPE", 415, "not-supported", "Unsupported_Media_Type"),
    _ssp("THROTTLED", 429, "throttled", "Too_Many_Requests"),
    _ssp("NO_ANSWER", 444, "transient", "NO_RESPONSE_FROM_ENDPOINT_URL_{target_url}"),
    _ssp("PROVIDER_UNREACHABLE", 502, "transient", "ERROR_COMMUNICATING_TO_ENDPOINT_URL_{target_url}"),
    _ssp("CERTIFICATE_REFUSED", 495, "security", "SSL_Certificate_Error: {reason}"),
    _ssp("CERTIFICATE_MISSING", 496, "security", "SSL_Certificate_Required"),
    _ssp("OVERLOADED", 503, "transient", "Service_Unavailable"),
    _ssp("PROVIDER_TIMED_OUT", 504, "timeout", "TIMEOUT_WAITING_FOR_ENDPOINT_URL_{target_url}"),
)  # fmt: skip

SDS_ERRORS = (
    _sds("BAD_REQUEST", 400, "required", "Bad request", "HTTP 400: Bad Request ({detail})"),
    _sds("NO_RECORD_FOUND", 404, "not-found", "No record found", "HTTP endpoint not found"),
    _sds("NOT_IMPLEMENTED", 405, "not-supported", "Not implemented", "HTTP operation not supported"),
    _sds("MISSING_OR_INVALID_HEADER", 406, "not-supported", "There is a required header missing or invalid",
         "Accept type not supported"),
    _sds_gateway("UNAUTHORISED", 401),
    _sds_gateway("THROTTLED", 429),
    _sds_gateway("UNKNOWN_ERROR", 500),
)  # fmt: skip

PDS_ERRORS = (
    _pds("INVALID_RESOURCE_ID", 400, "value", "Resource Id is invalid"),
    _pds("UNSUPPORTED_SERVICE", 400, "processing", "Unsupported Service"),
    _pds("UNSUPPORTED_REQUEST", 400, "value", "The request is not one that is supported.",
         "Unsupported path - '{path}'"),
    _pds("MISSING_REQUEST_ID", 400, "required", "Required value is missing",
         "Invalid request with error - X-Request-ID header must be supplied to access this resource",
         coding="MISSING_VALUE"),
    _pds("MISSING_VALUE", 400, "required", "Required value is missing", "Missing value - '{field}'"),
    _pds("MISSING_ASID", 400, "value", "Required value is missing",
         "No ASID is associated with your app. Please contact support.", coding="MISSING_VALUE"),
    _pds("INVALID_HEADER", 400, "value", "Provided value is invalid", "Invalid value - '{value}' in header '{header}'",
         coding="INVALID_VALUE"),
    _pds("INVALID_URID", 400, "value", "Provided value is invalid",
         "Invalid value - '{value}' in header 'NHSD-Session-URID'. Refer to the guidance for this header in our API "
         f"Specification {_PDS_HELP}", coding="INVALID_VALUE"),
    _pds("INVALID_VALUE", 400, "value", "Provided value is invalid", "Invalid value - '{value}' in field '{field}'"),
    _pds("ADDITIONAL_PROPERTIES", 400, "invariant", "Additional properties should not be included",
         "Invalid request with error - Additional properties are not allowed ({names})"),
    _pds("INVALID_SEARCH_DATA", 400, "value", "Search data is invalid", "Invalid search data provided - '{problem}'"),
    _pds("INVALID_UPDATE", 400, "structure", "Update is invalid", "Invalid update with error - {problem}"),
    _pds("UNSUPPORTED_VALUE", 400, "value", "Unsupported value", "Unsupported value - '{value}' in field '{field}'"),
    _pds("UNSUPPORTED_CHARACTERS_IN_FIELD", 400, "value", "Unsupported characters in field",
         "Unsupported characters - field '{field}'"),
    _pds("TOO_FEW_VALUES_SUBMITTED", 400, "value", "Too few values submitted",
         "Too few values submitted - field '{field}'"),
    _pds("TOO_MANY_VALUES_SUBMITTED", 400, "value", "Too many values submitted",
         "Too many values submitted - field '{field}'"),
    _pds("VALIDATION_ERROR", 400, "value", "Validation error", "Validation error - field '{field}'"),
    _pds("UNAUTHORISED", 401, "forbidden", "Access Denied - Unauthorised", "{problem}", coding="ACCESS_DENIED"),
    _pds("TOO_MANY_ASKED", 403, "token",
         "Cannot retrieve more than one result with application-restricted access token",
         "Your app has insufficient permissions to perform this search. Please contact support.",
         coding="INVALID_VALUE"),
    _pds("INVALID_METHOD", 403, "forbidden", "Cannot {verb} resource with {mode} access token",
         "Your app has insufficient permissions to use this method. Please contact support."),
    _pds("ACCESS_DENIED", 403, "forbidden", "Patient cannot perform this action",
         "Your access token has insufficient permissions. See documentation regarding Patient access restrictions "
         f"{_PDS_HELP}"),
    _pds("COVERAGE_DENIED", 403, "forbidden", "Cannot GET resource with {mode} access token",
         "Your app has insufficient permissions to use this operation. Please contact support.",
         coding="ACCESS_DENIED"),
    _pds("FORBIDDEN_UPDATE", 403, "forbidden", "Update is forbidden", "Forbidden update with error - {problem}",
         severity="information"),
    _pds("RESOURCE_NOT_FOUND", 404, "not-found", "Resource not found", severity="information"),
    _pds("INVALIDATED_RESOURCE", 404, "processing",
         "Resource that has been marked as invalid was requested - invalid resources cannot be retrieved"),
    _pds("UNABLE_TO_CALL_SERVICE", 408, "timeout", "Unable to call service"),
    _pds("RESOURCE_VERSION_MISMATCH", 409, "conflict", "Resource version supplied does not match actual version"),
    _pds("PRECONDITION_FAILED", 412, "structure", "Required condition was not fulfilled",
         "Invalid request with error - If-Match header must be supplied to update this resource"),
    _pds("QUOTA_EXCEEDED", 429, "value", "Too many requests",
         "Your application, {application}, has exceeded its quota of {quota} requests every {interval} {unit}(s) and "
         f"is being rate limited. {_RATE_LIMITS}", coding="TOO_MANY_REQUESTS"),
    _pds("TRAFFIC_SPIKE", 429, "value", "Too many requests",
         "Your application, {application}, has created a spike in traffic and is being rate limited. Please reduce "
         f"the frequency of your requests. {_RATE_LIMITS}", coding="TOO_MANY_REQUESTS"),
    _pds("API_BUSY", 429, "value", "Too many requests",
         "This API is currently receiving a high volume of requests and is being rate limited. "
         f"{_RATE_LIMITS}", coding="TOO_MANY_REQUESTS"),
    _pds("UNKNOWN_ERROR", 500, "unknown", "Unknown Error", _APOLOGY),
    _pds("UPSTREAM_UNREACHABLE", 502, "unknown", "Unknown Error", _APOLOGY, coding="UNKNOWN_ERROR"),
    _pds("SERVICE_UNAVAILABLE", 503, "timeout", "Service unavailable",
         "The downstream domain processing has not completed within the configured timeout period. Using the same "
         "'X-Request-ID' header, retry your request after the time specified by the 'Retry-After' response header."),
    _pds("TOO_MANY_MATCHES", 200, "multiple-matches", "Too Many Matches", severity="information"),
)  # fmt: skip

TOKEN_ERRORS = (
    _token("CONTENT_TYPE", 415, "invalid_request", "Content-Type header must be application/x-www-form-urlencoded"),
    _token("GRANT_TYPE_MISSING", 400, "invalid_request", "grant_type is missing"),
    _token("GRANT_TYPE_UNKNOWN", 400, "unsupported_grant_type", "grant_type is invalid"),
    _token("ASSERTION_TYPE", 400, "invalid_request",
           f"Missing or invalid client_assertion_type - must be '{_ASSERTION_TYPE}'"),
    _token("ASSERTION_MISSING", 400, "invalid_request", "Missing client_assertion"),
    _token("ASSERTION_MALFORMED", 400, "invalid_request", "Malformed JWT in client_assertion"),
    _token("ALGORITHM", 400, "invalid_request",
           f"Invalid 'alg' header {_JWT} - unsupported JWT algorithm - must be 'RS512'"),
    _token("EXPIRED", 400, "invalid_request", f"Invalid 'exp' claim {_JWT} - JWT has expired"),
    _token("KID_MISSING", 400, "invalid_request", f"Missing 'kid' header {_JWT}"),
    _token("TYP", 400, "invalid_request", f"Invalid 'typ' header {_JWT} - must be 'JWT'"),
    _token("EXP_MISSING", 400, "invalid_request", f"Missing 'exp' claim {_JWT}"),
    _token("EXP_NOT_A_NUMBER", 400, "invalid_request", f"Invalid 'exp' claim {_JWT} - must be an integer"),
    _token("ISS_SUB", 400, "invalid_request", f"Missing or non-matching 'iss'/'sub' claims {_JWT}"),
    _token("JTI_MISSING", 400, "invalid_request", f"Missing 'jti' claim {_JWT}"),
    _token("JTI_NOT_A_STRING", 400, "invalid_request",
           f"Invalid 'jti' claim {_JWT} - must be a unique string value such as a GUID"),
    _token("JTI_SEEN", 400, "invalid_request", f"Non-unique 'jti' claim {_JWT}"),
    _token("EXP_TOO_FAR", 400, "invalid_request", f"Invalid 'exp' claim {_JWT} - more than 5 minutes in future"),
    _token("CLIENT_UNKNOWN", 401, "invalid_request", f"Invalid 'iss'/'sub' claims {_JWT}"),
    _token("APP_REVOKED", 401, "access_denied",
           "The developer app associated with the API key is not approved or revoked"),
    _token("DEVELOPER_INACTIVE", 401, "access_denied",
           "The developer who created the developer app that has the API key you are using has an inactive status"),
    _token("COMPANY_INACTIVE", 401, "access_denied",
           "The company associated with the developer app that has the API key you are using has an inactive status"),
    _token("PRODUCT_MISSING", 401, "access_denied",
           "API Key supplied does not have access to this resource. Please check the API Key you are using belongs "
           "to an app which has sufficient access to access this resource."),
    _token("NO_PUBLIC_KEY", 403, "public_key error",
           "You need to register a public key to use this authentication method - please contact support to configure"),
    _token("JWKS_UNREACHABLE", 403, "public_key error",
           "The JWKS endpoint, for your client_assertion can't be reached"),
    _token("KID_UNKNOWN", 401, "invalid_request", f"Invalid 'kid' header {_JWT} - no matching public key"),
    _token("SIGNATURE", 401, "public_key error", "JWT signature verification failed"),
    _token("AUDIENCE", 401, "invalid_request", f"Missing or invalid 'aud' claim {_JWT}"),
    _token("NO_SCOPE", 401, "unauthorized_client",
           "you have tried to request authorization but your application is not configured to use this authorization "
           "grant type"),
    _token("CLIENT_ID_MISSING", 401, "invalid_request", "client_id is missing"),
    _token("CLIENT_ID_INVALID", 401, "invalid_request", "client_id is invalid"),
    _token("CLIENT_SECRET_MISSING", 401, "invalid_request", "client_secret is missing"),
    _token("CLIENT_SECRET_WRONG", 401, "invalid_client", "client_id or client_secret is invalid"),
    _token("REDIRECT_MISSING", 400, "invalid_request", "redirect_uri is missing"),
    _token("REDIRECT_INVALID", 400, "invalid_request", "redirect_uri is invalid"),
    _token("CODE_MISSING", 400, "invalid_request", "authorization_code is missing"),
    _token("CODE_INVALID", 400, "invalid_grant", "authorization_code is invalid"),
    _token("REFRESH_MISSING", 400, "invalid_request", "refresh_token is missing"),
    _token("REFRESH_INVALID", 401, "invalid_grant", "refresh_token is invalid"),
    _token("REFRESH_EXPIRED", 401, "invalid_grant", "refresh token refresh period has expired"),
    _token("SUBJECT_TYPE", 400, "invalid_request",
           "missing or invalid subject_token_type - must be 'urn:ietf:params:oauth:token-type:id_token'"),
    _token("SUBJECT_MISSING", 400, "invalid_request", "Missing subject_token"),
    _token("SUBJECT_MALFORMED", 400, "invalid_request", "Malformed JWT in subject_token"),
    _token("SUBJECT_INVALID", 400, "invalid_request", "subject_token is invalid"),
    _token("USERINFO_UNSUPPORTED", 400, "invalid_request",
           "The Userinfo endpoint is only supported for Combined Auth integrations. Currently this is only for NHS "
           "CIS2 authentications - for more guidance see https://digital.nhs.uk/developer/guides-and-documentation/"
           "security-and-authorisation/user-restricted-restful-apis-nhs-cis2-combined-authentication-and-authorisation"),
    _token("USERINFO_TOKEN", 401, "unknown_error",
           "An unknown error occurred processing this request. Contact us for assistance diagnosing this issue: "
           "https://digital.nhs.uk/developer/help-and-support quoting Message ID"),
    _token("NOT_FOUND", 404, "invalid_request", "Not Found"),
    _token("UNKNOWN_ERROR", 500, "unknown_error",
           "An unknown error occurred processing this request. Contact us for assistance diagnosing this issue: "
           "https://digital.nhs.uk/developer/help-and-support quoting Message ID"),
    _token("THROTTLED", 429, "unknown_error",
           "An unknown error occurred processing this request. Contact us for assistance diagnosing this issue: "
           "https://digital.nhs.uk/developer/help-and-support quoting Message ID"),
)  # fmt: skip

WIRE_ERRORS = (
    _wire("TIMEOUT", "timeout", "No reply before the deadline"),
    _wire("REFUSED", "transient", "Connection refused"),
    _wire("CUT", "transient", "The connection closed before the reply was complete"),
    _wire("UNREADABLE", "structure", "The reply was not valid"),
    _wire("WRONG_MEDIA_TYPE", "structure", "The reply was not FHIR JSON"),
    _wire("UNKNOWN_REFUSAL", "unknown", "A refusal that no table knows"),
)

ERRORS: tuple[ErrorRow, ...] = (
    PROVIDER_ERRORS + SSP_ERRORS + SDS_ERRORS + PDS_ERRORS + TOKEN_ERRORS + WIRE_ERRORS
)  # fmt: skip

BY_KEY: Mapping[tuple[str, str], ErrorRow] = {row.key: row for row in ERRORS}
