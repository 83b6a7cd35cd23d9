"""The table of situations and the code that raises them know each other."""

import ast
from pathlib import Path

import mock_gpconnect.provider
from mock_gpconnect.refusals import REFUSALS


def raised() -> set[str]:
    """Every situation that the provider's code names, in `Refused(...)`, `Check(...)` or a look-up by name."""
    names: set[str] = set()
    for file in Path(mock_gpconnect.provider.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                texts = {
                    each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
                names |= texts & set(REFUSALS)
                called = getattr(node.func, "id", "")
                assert called not in ("Refused", "Check") or texts <= set(REFUSALS) or not texts, (file, texts)
    return names


def silent_refusals() -> list[str]:
    """Refusals in the provider's code that say nothing in their diagnostics."""
    return [
        f"{file.name}:{node.lineno}"
        for file in Path(mock_gpconnect.provider.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
        if not any(keyword.arg == "diagnostics" for keyword in node.keywords)
    ]


def test_every_refusal_says_what_and_why() -> None:
    assert silent_refusals() == []


def test_every_situation_of_a_provider_arises_somewhere() -> None:
    assert raised() == {why for why, (layer, _) in REFUSALS.items() if layer == "provider"}
