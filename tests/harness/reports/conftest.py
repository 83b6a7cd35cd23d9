"""Results as the scenario tests make them, and pages read as a browser would."""

from tests.harness.scenario.conftest import play

__all__ = ("play",)
