"""Where the services of a world are: a host each in process, one port when served."""

from collections.abc import Callable
from dataclasses import dataclass

GP_CONNECT_PATH = "/{ods}/STU3/1/gpconnect"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Base URLs without a slash at the end; `provider` and `desk` give a service root and a desk by ODS code."""

    token: str
    pds: str
    sds: str
    ssp: str
    provider: Callable[[str], str]
    desk: Callable[[str], str]


def own_hosts() -> Addresses:
    """In process: each service has a host of its own below the reserved domain `.test`."""
    return Addresses(
        token="https://identity.crossbook.test/oauth2",  # noqa: S106 - an address
        pds="https://pds.crossbook.test/personal-demographics/FHIR/R4",
        sds="https://sds.crossbook.test/spine-directory/FHIR/R4",
        ssp="https://ssp.crossbook.test",
        provider=lambda ods: f"https://{ods.lower()}.crossbook.test{GP_CONNECT_PATH.format(ods=ods)}",
        desk=lambda ods: f"https://{ods.lower()}.crossbook.test/desk/{ods}",
    )


def one_port(base_url: str) -> Addresses:
    """Served: the public base paths side by side on one port."""
    return Addresses(
        token=f"{base_url}/oauth2",
        pds=f"{base_url}/personal-demographics/FHIR/R4",
        sds=f"{base_url}/spine-directory/FHIR/R4",
        ssp=f"{base_url}/ssp",
        provider=lambda ods: base_url + GP_CONNECT_PATH.format(ods=ods),
        desk=lambda ods: f"{base_url}/desk/{ods}",
    )
