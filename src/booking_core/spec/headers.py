"""Header names and media types, spelt once; HTTP compares header names ignoring case."""

TRACE_ID = "Ssp-TraceID"
FROM = "Ssp-From"
TO = "Ssp-To"
INTERACTION_ID = "Ssp-InteractionID"
SSP_HEADERS = (TRACE_ID, FROM, TO, INTERACTION_ID)

REQUEST_ID = "X-Request-ID"
CORRELATION_ID = "X-Correlation-ID"
SESSION_URID = "NHSD-Session-URID"
API_KEY = "apikey"

FHIR_JSON = "application/fhir+json"
FHIR_XML = "application/fhir+xml"
JSON_PATCH = "application/json-patch+json"
FORM = "application/x-www-form-urlencoded"
