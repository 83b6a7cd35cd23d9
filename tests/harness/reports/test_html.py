"""The HTML report tells everything, hides people, lets nothing out and nothing in, and stays small."""

import re
import time
from dataclasses import replace

import pytest
from lxml import html

from harness.masking import HIDDEN
from harness.reports.html import html_report
from harness.reports.html.messages import SHORT
from harness.scenario.find import find_scenarios
from harness.scenario.run import Case, run_case
from harness.verdicts import Message, Place, Result, Sight
from tests.harness.scenario.conftest import BOOKING, Play

LOST = {"name": "lost", "at": "riverside", "on": "create_appointment", "phase": "reply", "kind": "cut", "times": 1}
PEOPLE = ("9990010013", "Begum", "Nadia", "07700 900321")
HOSTILE = '</pre></script><img src=x onerror=alert(1)>"\' onload="alert(2)" {{7*7}} <!-- ]]> &amp; \u202eevil\u0000'
TAGS = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "main", "section", "h1", "h2", "h3", "h4", "p",
    "ul", "ol", "li", "dl", "dt", "dd", "div", "nav", "form", "label", "select", "option", "input", "button", "output",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "b", "i", "q", "br", "code", "pre", "strong",
    "details", "summary", "figure", "figcaption", "footer", "script",
    "svg", "path", "g", "rect", "text", "use",
}  # fmt: skip


def page_of(*results: Result) -> html.HtmlElement:
    return html.document_fromstring(html_report(results).decode())


def text_of(page: html.HtmlElement) -> str:
    return " ".join(page.text_content().split())


def labels(page: html.HtmlElement) -> list[str]:
    return [one.text for one in page.iter("text") if one.get("class") in (None, "loud")]


def marks(page: html.HtmlElement, kind: str) -> int:
    return sum(one.get("d").count("M") for one in page.iter("path") if one.get("class") == kind)


def hostile(result: Result) -> Result:
    """The same result with a hostile text wherever a file, a mock or a consumer could have put one."""
    message = Message(((HOSTILE, HOSTILE),), HOSTILE)
    exchanges = tuple(
        replace(
            one, at=HOSTILE, caller=HOSTILE, on=HOSTILE, trace_id=HOSTILE, request=HOSTILE, said=f"CODE: {HOSTILE}",
            faults=(HOSTILE,), struck=(("garble", "reply"),), asked=message, answer=message, came=message,
        )
        for one in result.exchanges
    )  # fmt: skip
    return replace(
        result, id=HOSTILE, title=HOSTILE, file=HOSTILE, supplier=HOSTILE, clock=HOSTILE, repeat=HOSTILE, shows=(HOSTILE,),
        rows=(HOSTILE,), mode=HOSTILE, exchanges=exchanges, places=(Place(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        lines=tuple(replace(one, what=HOSTILE, verdict="fail", detail=HOSTILE) for one in result.lines),
        sights=(Sight(HOSTILE, HOSTILE, HOSTILE, HOSTILE), *(replace(one, text=HOSTILE) for one in result.sights)),
        verdict="fail",
    )  # fmt: skip


def test_a_run_with_one_seed_gives_the_same_bytes(play: Play) -> None:
    assert html_report([play(faults=[LOST], seed=3)]) == html_report([play(faults=[LOST], seed=3)])


def test_no_name_number_or_token_is_in_it(play: Play) -> None:
    report = html_report([play(faults=[LOST])]).decode()
    assert [word for word in (*PEOPLE, "eyJ", "crossbook-core") if word in report] == []
    assert f"authorization: Bearer {HIDDEN}" in report
    assert f"client_assertion={HIDDEN}" in report


def test_names_are_there_for_who_asks_and_secrets_are_not() -> None:
    case = Case(find_scenarios(("booking/lost-reply",))[0], "strict", 7, show_names=True)
    report = html_report([run_case(case)]).decode()
    assert [word for word in PEOPLE[:3] if word not in report] == []
    assert "eyJ" not in report


def test_a_hostile_text_stays_a_text(play: Play) -> None:
    page = page_of(hostile(play(faults=[LOST])))
    assert {one.tag for one in page.iter() if isinstance(one.tag, str)} <= TAGS
    assert len(page.findall(".//script")) == 1
    assert [name for one in page.iter() for name in one.attrib if name.startswith("on")] == []
    assert [one for one in page.iter() if not isinstance(one.tag, str)] == []
    assert "<img src=x onerror=alert(1)>" in text_of(page)
    assert "{{7*7}}" in text_of(page)


def test_what_cannot_be_seen_is_told_by_its_number(play: Play) -> None:
    report = html_report([hostile(play())]).decode()
    assert "\u202e" not in report
    assert "\\u202eevil\\u0000" in report


def test_nothing_is_fetched_and_every_link_stays_in_the_page(play: Play) -> None:
    page = page_of(play(), play(faults=[LOST], seed=2))
    found = [value for one in page.iter() for name, value in one.attrib.items() if name in ("href", "src", "action")]
    ids = [one.get("id") for one in page.iter() if one.get("id")]
    assert [link for link in found if link.lstrip("#") not in ids or not link.startswith("#")] == []
    assert len(ids) == len(set(ids))
    policy = page.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-")


def test_a_long_report_refers_to_messages_that_it_keeps_once(play: Play) -> None:
    results = [replace(play(seed=seed), id=f"test/{copy}") for seed in (1, 2) for copy in range(15)]
    page = page_of(*results)
    ids = {one.get("id") for one in page.iter() if one.get("id")}
    links = [one.get("href") for one in page.iter("a") if re.fullmatch("#m[0-9]+", one.get("href"))]
    kept = [one.text for one in page.find_class("body")]
    assert {link[1:] for link in links} <= ids
    assert len(links) > 10 * len(set(links)) > 0
    assert len(set(kept)) == len(kept)


def test_what_did_not_hold_has_its_messages_in_place_in_a_long_report_too(play: Play) -> None:
    failed = play({"check": "appointments", "at": "riverside", "count": 2})
    page = page_of(*[replace(play(seed=seed), id=f"test/{copy}") for seed in (1, 2) for copy in range(15)], failed)
    evidence = page.find_class("break")[0]
    assert "POST https://t90102.crossbook.test/T90102/STU3/1/gpconnect/Appointment" in text_of(evidence)
    assert "expected 2 appointments" in text_of(evidence)
    assert sum(len(one.text) for one in page.iter("pre")) < SHORT


def test_a_failure_shows_expectation_evidence_and_how_to_repeat_it(play: Play) -> None:
    page = page_of(play(faults=[{"name": "dark", "at": "ssp", "kind": "refuse"}], seed=3))
    told = text_of(page.find_class("break")[0])
    assert text_of(page.find(".//h1")) == "fail 1 of 1 scenarios did not pass"
    assert "Step 1: invite by=millbrook.reception patient=alice to=riverside save=link (steps.0 in the file)" in told
    assert "expected sent, got S3 (Connection refused)" in told
    assert "Fault: refused (fault dark). The mock answered nothing, its caller saw connection refused" in told
    assert "crossbook run test/one --seed 3" in text_of(page.find_class("story")[0])
    assert page.find_class("story")[0].find("details").get("open") is not None


def test_a_failed_check_of_exchanges_shows_those_that_it_counted(play: Play) -> None:
    page = page_of(play({"check": "exchanges", "at": "riverside", "on": "find_patient", "count": 9}))
    shown = [text_of(one) for one in page.find_class("break")[0].iter("summary")]
    assert shown == ["6 find_patient ssp → riverside: 200", "21 find_patient ssp → riverside: 200"]


def test_the_story_tells_step_by_step_what_each_person_saw(play: Play) -> None:
    page = page_of(play())
    steps = [[text_of(one) for one in step.find_class("sights")[0]] for step in page.find_class("steps")[0]]
    assert [[line.split(":")[0] for line in step] for step in steps] == [
        ["staff, screen", "alice, SMS", "Record at millbrook"],
        ["alice, screen"],
        ["alice, screen", "alice, SMS", "Record at millbrook"],
    ]
    assert "booked for Friday 27 March at 9:00am" in steps[2][0]


def test_screens_of_one_instant_stay_with_their_steps(play: Play) -> None:
    nobody = {"do": "invite", "by": "millbrook.newcomer", "patient": "alice", "to": "riverside", "expect": "E1"}
    page = page_of(play(steps=(nobody, nobody)))
    assert [len(step.find_class("sights")[0]) for step in page.find_class("steps")[0]] == [1, 1]


def test_an_exchange_tells_when_what_and_under_which_trace_id(play: Play) -> None:
    result = play()
    page = page_of(result)
    exchange = page.get_element_by_id("s1x5")
    trace_id = result.exchanges[4].trace_id
    assert text_of(exchange.find("summary")) == "5 find_patient consumer → ssp: 200"
    assert f"took {result.exchanges[4].took_s * 1000:.0f} ms, trace {trace_id}." in text_of(exchange)
    assert "trace as 5." in text_of(page.get_element_by_id("s1x6"))
    assert "?identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C***" in text_of(exchange)
    assert '"resourceType": "Bundle"' in text_of(exchange)


def test_the_diagram_has_everybody_who_took_part_in_order(play: Play) -> None:
    names = [one.text for one in page_of(play()).iter("text") if one.get("class") == "who"]
    assert names == ["consumer", "token", "pds", "sds", "ssp", "riverside"]


def test_an_inner_exchange_is_answered_before_the_outer_one(play: Play) -> None:
    said = labels(page_of(play()))
    wanted = ["5 find_patient", "6 find_patient", "6: 200", "5: 200"]
    assert [one for one in said if one in wanted] == wanted


def test_a_practice_that_asks_pds_itself_is_drawn_as_the_caller(play: Play) -> None:
    page = page_of(play())
    summaries = [text_of(one) for one in page.iter("summary")]
    assert "24 issue_token riverside → token: 200" in summaries
    assert "25 pds_retrieve riverside → pds: 200" in summaries


@pytest.mark.parametrize(
    ("fault", "mark", "label"),
    [
        (LOST, "cross", ": 201, cut (fault lost)"),
        ({**LOST, "phase": "request"}, "cross", " create_appointment: cut (fault lost)"),
        ({**LOST, "kind": "hang", "phase": "request"}, "cross", ": caller gave up"),
        ({**LOST, "kind": "refuse", "phase": "request"}, "cross", " create_appointment: refused (fault lost)"),
        ({**LOST, "kind": "truncate"}, "cross", ": 201, broken off (fault lost)"),
        ({**LOST, "kind": "garble"}, "diamond", ": 201, garbled (fault lost)"),
        ({**LOST, "kind": "wrong_type"}, "diamond", ": 201, wrong type (fault lost)"),
        ({**LOST, "kind": "latency", "median_ms": 2000}, "diamond", ": 201, late (fault lost)"),
        ({**LOST, "kind": "status", "status": 503}, "diamond", ": 503, another answer (fault lost)"),
    ],
    ids=lambda value: value.get("kind") if isinstance(value, dict) else None,
)
def test_a_fault_is_seen_without_colour(play: Play, fault: dict[str, object], mark: str, label: str) -> None:
    page = page_of(play(faults=[fault]))
    assert marks(page, mark) >= 1
    assert [one for one in labels(page) if one.endswith(label)]


def test_without_a_fault_nothing_is_marked(play: Play) -> None:
    page = page_of(play())
    assert (marks(page, "cross"), marks(page, "diamond")) == (0, 0)
    assert [one for one in page.iter("text") if one.get("class") == "loud"] == []


def test_what_the_mock_said_and_what_arrived_stand_side_by_side(play: Play) -> None:
    page = page_of(play(faults=[{**LOST, "kind": "truncate"}]))
    (figures,) = [
        [text_of(one) for one in exchange.iter("figure")]
        for exchange in page.find_class("x")
        if "broken off (fault lost)" in text_of(exchange)
    ]
    assert [one.partition("HTTP")[0] for one in figures[1:]] == ["Answer of the mock", "What reached the caller"]
    assert len(figures[2]) < len(figures[1])


def test_time_that_passes_is_drawn(play: Play) -> None:
    page = page_of(play(steps=(BOOKING[0], {"do": "wait", "seconds": 3600}, *BOOKING[1:])))
    assert [one.text for one in page.iter("text") if one.get("class") == "late"] == ["1 h 0 min later"]


def test_the_table_and_the_summary_count_what_there_is(play: Play) -> None:
    passed, failed = play(supplier="emis"), play({"check": "appointments", "at": "riverside", "count": 2})
    page = page_of(passed, failed)
    rows = [[text_of(cell) for cell in row] for row in page.find_class("scenarios")[0].find("tbody")]
    assert [text_of(one) for one in page.find_class("totals")[0]] == ["1 failed", "1 passed"]
    assert [row[1:3] for row in rows] == [["emis", "pass"], ["–", "fail"]]
    assert "simulated" in text_of(page.find_class("summary")[0])


def test_coverage_leads_from_a_row_to_the_scenarios_that_show_it(play: Play) -> None:
    page = page_of(play(faults=[LOST], shows=["B5"]))
    found = {text_of(row[0]): row for table in page.find_class("cover") for row in table.iter("tr")}
    assert "444: NO_RESPONSE_FROM_ENDPOINT_URL" in text_of(found["ssp/NO_ANSWER"][1])
    assert [one.get("href") for one in found["ssp/NO_ANSWER"].iter("a")] == ["#s1"]
    assert [one.get("href") for one in found["B5"].iter("a")] == ["#s1"]
    assert text_of(found["B6"][2]) == "none"


def test_a_result_without_exchanges_is_told_as_well(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.scenario.run.build_world", lambda *_, **__: 1 / 0)
    page = page_of(play())
    assert "ZeroDivisionError" in text_of(page.find_class("break")[0])
    assert list(page.iter("svg")) == []


def test_five_hundred_results_stay_below_ten_megabytes_and_are_made_in_seconds(play: Play) -> None:
    made = [play(seed=seed, faults=[LOST] if seed % 3 else []) for seed in range(25)]
    results = [replace(made[place % 25], id=f"test/{place}") for place in range(500)]
    began = time.perf_counter()
    report = html_report(results)
    assert sum(len(one.exchanges) for one in results) > 13_000
    assert len(report) < 10_000_000
    assert time.perf_counter() - began < 20


def test_five_hundred_failures_stay_below_ten_megabytes_too(play: Play) -> None:
    wrong = {"check": "appointments", "at": "riverside", "count": 2}
    made = [play(wrong, seed=seed, faults=[LOST] if seed % 3 else []) for seed in range(25)]
    report = html_report([replace(made[place % 25], id=f"test/{place}") for place in range(500)])
    assert report.count(b"expected 2 appointments, got 1") >= 1000
    assert len(report) < 9_000_000


def test_a_long_report_draws_the_same_diagram_once_and_leads_there(play: Play) -> None:
    results = [replace(play(seed=1), id=f"test/{copy}") for copy in range(30)]
    lone = play({"check": "appointments", "at": "riverside", "count": 2}, steps=BOOKING[:1])
    page = page_of(*results, lone)
    stories = page.find_class("story")
    assert [bool(list(one.iter("svg"))) for one in stories] == [True, *[False] * 29, True]
    assert "The same as that of test/0, number by number." in text_of(stories[7])


def test_nothing_at_all_is_a_page_too() -> None:
    assert "All 0 scenarios passed" in text_of(page_of())
