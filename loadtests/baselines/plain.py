"""A slot search as one would write it first: models, a filter over a list, FastAPI's own encoding.

Only what it costs is compared, so it checks nothing; its models have the fields of ours.
`python -m loadtests.baselines.plain PORT SLOTS` serves it.
"""

import sys
from datetime import UTC, datetime, timedelta

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field

BEGINS = datetime(2026, 3, 28, 9, tzinfo=UTC)


class Meta(BaseModel):
    """Version and profile."""

    versionId: str = "1"  # noqa: N815 - FHIR's own word
    profile: list[str] = ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-Slot-1"]


class Extension(BaseModel):
    """The delivery channel."""

    url: str = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-DeliveryChannel-2"
    valueCode: str = "In-person"  # noqa: N815 - FHIR's own word


class Text(BaseModel):
    """A concept that is only text."""

    text: str = "Routine"


class Reference(BaseModel):
    """A reference."""

    reference: str


class Slot(BaseModel):
    """A free slot."""

    resourceType: str = "Slot"  # noqa: N815 - FHIR's own word
    id: str
    meta: Meta = Field(default_factory=Meta)
    extension: list[Extension] = Field(default_factory=lambda: [Extension()])
    serviceType: list[Text] = Field(default_factory=lambda: [Text()])  # noqa: N815 - FHIR's own word
    schedule: Reference
    status: str = "free"
    start: datetime
    end: datetime


class Entry(BaseModel):
    """An entry of a bundle."""

    resource: Slot


class Bundle(BaseModel):
    """A set of search results."""

    resourceType: str = "Bundle"  # noqa: N815 - FHIR's own word
    type: str = "searchset"
    entry: list[Entry]


def slots(count: int) -> list[Slot]:
    """So many slots of ten minutes, from the first day on."""
    times = [BEGINS + timedelta(minutes=10 * at) for at in range(count)]
    return [
        Slot(
            id=f"00000000-0000-4000-8000-{at:012}",
            schedule=Reference(reference=f"Schedule/00000000-0000-4000-8000-{at // 48:012}"),
            start=start,
            end=start + timedelta(minutes=10),
        )
        for at, start in enumerate(times)
    ]


def app_with(count: int) -> FastAPI:
    """The application; its dates were parsed when it started."""
    app, held = FastAPI(), slots(count)

    @app.get("/Slot")
    async def search(start: datetime, end: datetime) -> Bundle:
        return Bundle(entry=[Entry(resource=slot) for slot in held if slot.start >= start and slot.end <= end])

    return app


if __name__ == "__main__":
    uvicorn.run(app_with(int(sys.argv[2])), port=int(sys.argv[1]), access_log=False, log_level="error")
