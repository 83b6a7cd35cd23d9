"""What a provider learns when it looks a patient up on the demographics service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

TraceOutcome = Literal["found", "superseded", "not_found", "invalidated", "unavailable"]


@dataclass(frozen=True, slots=True)
class Traced:
    """The result of one trace; `record` is the service's FHIR R4 Patient, empty unless one came back.

    "superseded" means found, but under another number than the one asked for.
    """

    outcome: TraceOutcome
    record: Mapping[str, Any] = field(default_factory=dict)


TracePds = Callable[[str], Awaitable[Traced]]
"""How a provider asks for a trace: by NHS number, without knowing how the answer travels."""
