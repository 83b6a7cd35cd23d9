"""A slot search as one would write it first: rows in a list, a filter, models, FastAPI's own encoding.

Only what it costs is compared, so it checks nothing; its models have the fields of ours. `/Slot` builds a model
for every slot that it found, as one does from the rows of a store; times are written when it starts. `/ready` holds
the models ready too, which leaves FastAPI nothing but to encode them. `python -m loadtests.baselines.plain PORT SLOTS`
serves both.
"""

import sys
from dataclasses import dataclass
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
    start: str
    end: str


class Entry(BaseModel):
    """An entry of a bundle."""

    resource: Slot


class Bundle(BaseModel):
    """A set of search results."""

    resourceType: str = "Bundle"  # noqa: N815 - FHIR's own word
    type: str = "searchset"
    entry: list[Entry]


@dataclass(frozen=True, slots=True)
class Row:
    """A slot as a store holds it, its times as moments and as text."""

    id: str
    schedule_id: str
    starts: datetime
    ends: datetime
    start: str
    end: str


def rows(count: int) -> list[Row]:
    """So many slots of ten minutes, from the first day on."""
    times = [BEGINS + timedelta(minutes=10 * at) for at in range(count)]
    return [
        Row(
            f"00000000-0000-4000-8000-{at:012}", f"00000000-0000-4000-8000-{at // 48:012}",
            start, start + timedelta(minutes=10),
            start.isoformat(), (start + timedelta(minutes=10)).isoformat(),
        )
        for at, start in enumerate(times)
    ]  # fmt: skip


def model(row: Row) -> Entry:
    """A slot as FHIR has it, built and validated."""
    return Entry(
        resource=Slot(
            id=row.id,
            meta=Meta(versionId="1"),
            extension=[Extension(valueCode="In-person")],
            serviceType=[Text(text="Routine")],
            schedule=Reference(reference=f"Schedule/{row.schedule_id}"),
            start=row.start,
            end=row.end,
        )
    )


def app_with(count: int) -> FastAPI:
    """The application."""
    app, held = FastAPI(), rows(count)
    ready = [(row, model(row)) for row in held]

    @app.get("/Slot")
    async def search(start: datetime, end: datetime) -> Bundle:
        return Bundle(entry=[model(row) for row in held if row.starts >= start and row.ends <= end])

    @app.get("/ready")
    async def search_ready(start: datetime, end: datetime) -> Bundle:
        return Bundle(entry=[entry for row, entry in ready if row.starts >= start and row.ends <= end])

    return app


if __name__ == "__main__":
    uvicorn.run(app_with(int(sys.argv[2])), port=int(sys.argv[1]), access_log=False, log_level="error")
