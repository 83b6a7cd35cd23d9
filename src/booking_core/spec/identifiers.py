"""Names of identifier systems, code systems, profiles and extensions, spelt once."""


class Id:
    """Identifier systems."""

    NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
    ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
    ODS_SITE = "https://fhir.nhs.uk/Id/ods-site-code"
    SDS_USER = "https://fhir.nhs.uk/Id/sds-user-id"
    SDS_ROLE_PROFILE = "https://fhir.nhs.uk/Id/sds-role-profile-id"
    APPOINTMENT = "https://fhir.nhs.uk/Id/gpconnect-appointment-identifier"
    INTERACTION = "https://fhir.nhs.uk/Id/nhsServiceInteractionId"
    ASID = "https://fhir.nhs.uk/Id/nhsSpineASID"
    PARTY_KEY = "https://fhir.nhs.uk/Id/nhsMhsPartyKey"
    MHS_FQDN = "https://fhir.nhs.uk/Id/nhsMhsFQDN"
    MHS_CPA = "https://fhir.nhs.uk/Id/nhsMhsCPAId"
    MHS_ID = "https://fhir.nhs.uk/Id/nhsMHSId"


class CodeSystem:
    """Code systems; the three spellings of the Spine codes are the services' own."""

    SPINE_STU3 = "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1"
    SPINE_SDS = "https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1"
    SPINE_R4 = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode"
    SSP = "http://fhir.nhs.net/ValueSet/gpconnect-schedule-response-code-1-0"
    SSP_METHOD = "https://fhir.nhs.uk/StructureDefinition/spine-operationoutcome-1"
    JOB_ROLE = "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1"
    ORGANISATION_TYPE = "https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1"
    REGISTRATION_TYPE = "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-RegistrationType-1"
    HUMAN_LANGUAGE = "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-HumanLanguage-1"
    VERIFICATION = "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1"
    CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"


_STRUCTURE = "https://fhir.nhs.uk/STU3/StructureDefinition/"


class Profile:
    """The profile that each resource claims in `meta.profile`."""

    PATIENT = _STRUCTURE + "CareConnect-GPC-Patient-1"
    PRACTITIONER = _STRUCTURE + "CareConnect-GPC-Practitioner-1"
    ORGANIZATION = _STRUCTURE + "CareConnect-GPC-Organization-1"
    LOCATION = _STRUCTURE + "CareConnect-GPC-Location-1"
    SCHEDULE = _STRUCTURE + "GPConnect-Schedule-1"
    SLOT = _STRUCTURE + "GPConnect-Slot-1"
    APPOINTMENT = _STRUCTURE + "GPConnect-Appointment-1"
    OUTCOME = _STRUCTURE + "GPConnect-OperationOutcome-1"
    SEARCHSET = _STRUCTURE + "GPConnect-Searchset-Bundle-1"


class Extension:
    """Extension URLs of GP Connect (STU3)."""

    BOOKING_ORGANISATION = _STRUCTURE + "Extension-GPConnect-BookingOrganisation-1"
    PRACTITIONER_ROLE = _STRUCTURE + "Extension-GPConnect-PractitionerRole-1"
    DELIVERY_CHANNEL = _STRUCTURE + "Extension-GPConnect-DeliveryChannel-2"
    CANCELLATION_REASON = _STRUCTURE + "Extension-GPConnect-AppointmentCancellationReason-1"
    APPOINTMENT_CREATED = (
        "https://fhir.nhs.uk/StructureDefinition/extension-gpconnect-appointment-created-1"  # obsolete, still met
    )
    REGISTRATION_DETAILS = _STRUCTURE + "Extension-CareConnect-GPC-RegistrationDetails-1"
    NHS_COMMUNICATION = _STRUCTURE + "Extension-CareConnect-GPC-NHSCommunication-1"
    VERIFICATION = _STRUCTURE + "Extension-CareConnect-GPC-NHSNumberVerificationStatus-1"
    SDS_MANUFACTURER = "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-ManufacturingOrganisation"
    SDS_INTERACTION = "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-NhsServiceInteractionId"
    SDS_RELIABILITY = "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-ReliabilityConfiguration"
