"""Closed lists of codes with their displays (FHIR assets of release 1.2.7)."""

from collections.abc import Mapping

from booking_core.spec.job_roles import JOB_ROLES

PRACTITIONER_ROLES: Mapping[str, str] = {
    "R0260": "General Medical Practitioner",
    "R0270": "Salaried General Practitioner",
    "R0410": "Student Practice Nurse",
    "R0600": "Specialist Nurse Practitioner",
    "R0610": "Sister/Charge Nurse",
    "R0620": "Staff Nurse",
    "R0680": "Midwife",
    "R0690": "Community Practitioner",
    "R0700": "Community Nurse",
    "R0790": "Dietitian",
    "R1290": "Pharmacist",
    "R1300": "Psychotherapist",
    "R1310": "Clinical Psychologist",
    "R1330": "Social Worker",
    "R1450": "Health Care Support Worker",
    "R1480": "Healthcare Assistant",
    "R1550": "Counsellor",
    "R1590": "Phlebotomist",
    "R6200": "GP Registrar",
    "R6300": "Sessional GP",
}
"""Roles of a session holder that let a slot be exposed: the list in force until 1.2.9."""

ROLES_BY_RELEASE: Mapping[str, Mapping[str, str]] = {"1.2.7": PRACTITIONER_ROLES, "1.2.9": JOB_ROLES}
"""Roles that let a slot be exposed, by the release that a provider follows."""

DELIVERY_CHANNELS = ("In-person", "Telephone", "Video")
NEVER_BOOKABLE_CHANNEL = "Visit"

ORGANISATION_TYPES: Mapping[str, str] = {"gp-practice": "GP Practice", "urgent-care": "Urgent Care"}

REGISTRATION_TYPES: Mapping[str, str] = {
    "R": "Regular",
    "E": "Emergency",
    "IN": "Immediately necessary",
    "T": "Temporary",
    "P": "Private",
    "O": "Other",
    "S": "Synthetic Record",
}

VERIFICATION_STATUSES: Mapping[str, str] = {
    "01": "Number present and verified",
    "02": "Number present but not traced",
    "03": "Trace required",
    "04": "Trace attempted - No match or multiple match found",
    "05": "Trace needs to be resolved - (NHS number or patient detail conflict)",
    "06": "Trace in progress",
    "07": "Number not present and trace not required",
    "08": "Trace postponed (baby under six weeks old)",
}

GENDERS = ("male", "female", "other", "unknown")

CONFIDENTIALITY: Mapping[str, str] = {"U": "unrestricted", "R": "restricted", "V": "very restricted"}

PAYLOAD_SCOPES = ("patient/*.read", "patient/*.write", "organization/*.read", "organization/*.write")
