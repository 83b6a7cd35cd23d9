"""What the workers of a world are told, and how each builds its mocks from it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from harness.addresses import one_port
from harness.live import Origin
from harness.rows import NO_LIMITS, REAL_LIMITS, WorldRows
from harness.sharing.copy import BuildFor
from harness.world import Now, Worker, World, build_world
from harness.worlds import load_world, world_file

JOURNAL_KEEPS = 2_000
"""Exchanges that a worker remembers."""


@dataclass(frozen=True, slots=True)
class WorkerOrder:
    """All that a worker must know; `base` is how clients reach the world, through a balancer or not."""

    store: str
    world: str
    host: str
    port: int
    base: str
    seed: int
    limits: bool
    latency: bool
    behind_proxy: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """An order with the rows of its world."""

    order: WorkerOrder
    origin: Origin
    rows: WorldRows

    @property
    def made_of(self) -> str:
        """What must be equal in all workers of a world, in short."""
        return sha256(f"{self.order.seed} {self.rows.model_dump_json()}".encode()).hexdigest()[:16]

    def build_with(self, now: Now) -> BuildFor:
        """Builds the world by a clock."""

        def build(prefix: str, worker: Worker) -> World:
            return build_world(
                self.rows, folder=self.origin.path.parent, addresses=one_port(self.order.base + prefix), now=now,
                seed=self.order.seed, keep=JOURNAL_KEEPS, limits=self.origin.limits, latency=self.order.latency,
                worker=worker,
            )  # fmt: skip

        return build


def plan_of(order: WorkerOrder) -> Plan:
    """Reads the world's file; raises BadFile."""
    path = world_file(order.world)
    rows, _ = load_world(path)
    if order.behind_proxy:
        asked = rows.client_certificates.model_copy(update={"required": True})
        rows = rows.model_copy(update={"client_certificates": asked})
    return Plan(order, Origin(path, order.seed, REAL_LIMITS if order.limits else NO_LIMITS), rows)
