"""Scenarios: what a tester writes, and what runs it."""
