"""The unsecured JWT that tells a provider who is asking; made anew for every request."""

from datetime import datetime
from typing import Any

import jwt

from booking_core.consumer import Product, Sender
from booking_core.spec.budgets import JWT_LIFE_S
from booking_core.spec.identifiers import Id

_UNKNOWN = "UNK"


def audit_token(sender: Sender, product: Product, audience: str, scope: str, now: datetime) -> str:
    """`header.payload.` with an empty signature; `audience` is the provider's service root."""
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": product.issuer,
        "sub": sender.user_id,
        "aud": audience,
        "iat": issued,
        "exp": issued + JWT_LIFE_S,
        "reason_for_request": "directcare",
        "requested_scope": scope,
        "requesting_device": _device(product),
        "requesting_organization": _organization(sender),
        "requesting_practitioner": _practitioner(sender, product),
    }
    return jwt.encode(claims, "", algorithm="none")


def _device(product: Product) -> dict[str, Any]:
    return {
        "resourceType": "Device",
        "identifier": [{"system": f"{product.issuer}Id/device", "value": product.device}],
        "model": product.model,
        "version": product.version,
    }


def _organization(sender: Sender) -> dict[str, Any]:
    return {
        "resourceType": "Organization",
        "name": sender.organisation_name,
        "identifier": [{"system": Id.ODS, "value": sender.organisation_ods}],
    }


def _practitioner(sender: Sender, product: Product) -> dict[str, Any]:
    name = {"family": sender.family, "given": list(sender.given)}
    return {
        "resourceType": "Practitioner",
        "id": sender.user_id,
        "identifier": [
            {"system": Id.SDS_USER, "value": sender.sds_user_id or _UNKNOWN},
            {"system": Id.SDS_ROLE_PROFILE, "value": sender.sds_role_profile_id or _UNKNOWN},
            {"system": f"{product.issuer}Id/user", "value": sender.user_id},
        ],
        "name": [name | ({"prefix": [sender.prefix]} if sender.prefix else {})],
    }
