"""The JUnit report that build servers read."""

from collections.abc import Sequence
from xml.etree import ElementTree

from harness.reports.text import story
from harness.verdicts import Result

_ELEMENTS = {"fail": "failure", "error": "error", "skip": "skipped"}


def junit_report(results: Sequence[Result]) -> bytes:
    """One test case for each scenario and supplier; its time is the simulated one."""
    suite = ElementTree.Element(
        "testsuite",
        name="crossbook",
        tests=str(len(results)),
        failures=str(_count(results, "fail")),
        errors=str(_count(results, "error")),
        skipped=str(_count(results, "skip")),
        time=f"{sum(result.simulated_s for result in results):.3f}",
    )
    for result in results:
        case = ElementTree.SubElement(
            suite, "testcase", classname=result.id.replace("/", "."), name=result.name, time=f"{result.simulated_s:.3f}"
        )
        if element := _ELEMENTS.get(result.verdict):
            lines = [line for line in result.lines if line.verdict == result.verdict]
            said = ElementTree.SubElement(case, element, message=lines[0].detail if lines else result.verdict)
            said.text = story(result)
    ElementTree.indent(suite)
    body = ElementTree.tostring(suite, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'.encode()


def _count(results: Sequence[Result], verdict: str) -> int:
    return sum(result.verdict == verdict for result in results)
