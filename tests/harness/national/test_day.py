"""One day of a small country, really searched and booked."""

from datetime import date
from pathlib import Path

import orjson
import pytest

from harness.national import day as day_of_the_country
from harness.national.day import Task, simulate
from harness.national.model import Model
from harness.national.on_html import html_page
from harness.national.outcome import outcome_of
from harness.national.replay import replayed
from harness.national.tally import Tally, together

TUESDAY, SUNDAY = date(2026, 3, 24), date(2026, 3, 22)


@pytest.fixture
def day(country: Model) -> Tally:
    return simulate(Task(country, 7, 0, TUESDAY))


def answered(tally: Tally, interaction: str, status: int) -> int:
    return sum(count for (_, name, said), count in tally.statuses.items() if (name, said) == (interaction, status))


def test_every_invitation_comes_to_an_end_that_is_counted(day: Tally) -> None:
    refused = [word for _, _, word in day.events if len(word) == 2 and word[0] in "ES"]

    before_sending = sum(day.happened(word) for word in {"E1", "E2", "S2", "S7"} | {"E4"})

    assert day.sizes["invitations"] > 10
    assert day.happened("invited") <= day.sizes["invitations"] <= day.happened("invited") + before_sending
    assert set(refused) <= {"E4", "S2", "S7"}


def test_what_is_counted_as_booked_is_what_receivers_booked(day: Tally) -> None:
    assert day.happened("booked") == answered(day, "create_appointment", 201) > 0


def test_who_comes_too_late_is_refused_by_the_receiver(country: Model) -> None:
    hurried = country.model_copy(update={"mix": country.mix.model_copy(update={"taken": 1.0})})

    tally = simulate(Task(hurried, 7, 0, TUESDAY))

    assert tally.happened("B1") == answered(tally, "create_appointment", 409) > 0


def test_a_practice_that_shows_nothing_has_no_appointments(country: Model) -> None:
    closed = country.model_copy(update={"closed_share": 1.0})

    tally = simulate(Task(closed, 7, 0, TUESDAY))

    assert tally.happened("E3") > 0
    assert tally.happened("invited") == 0


def test_a_sunday_is_quieter_than_a_tuesday(country: Model, day: Tally) -> None:
    assert simulate(Task(country, 7, 0, SUNDAY)).sizes["invitations"] < day.sizes["invitations"] / 2


@pytest.mark.parametrize("changing", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_rows_of_a_day_are_hours_on_the_wall_also_when_the_clocks_change(
    country: Model, changing: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_of_the_country, "HOURS", [float(hour == 9) for hour in range(24)])

    tally = simulate(Task(country, 7, 0, changing, demand=5))

    assert tally.happened("invited", hour=9) == tally.happened("invited") > 0


def test_who_asks_a_slow_system_has_to_queue(country: Model, tmp_path: Path) -> None:
    slow = tmp_path / "slow.toml"
    slow.write_text(
        'name = "slow"\nextends = "strict"\n[latency]\nbase_ms = 19000\nat_once = 1\n'
        '[basis]\n"latency.base_ms" = "assumed"\n"latency.at_once" = "assumed"\n'
    )
    crowded = country.model_copy(update={"suppliers": {str(slow): 1.0}})

    tally = simulate(Task(crowded, 7, 0, TUESDAY, demand=5))

    assert max(tally.queues[str(slow)]) > 1000


def test_the_figures_are_the_same_however_many_processes_make_them(country: Model) -> None:
    tasks = [Task(country, 7, network, TUESDAY) for network in range(2)]

    alone, side_by_side = (together(replayed(tasks, jobs)) for jobs in (1, 2))

    assert alone == side_by_side


def test_the_page_says_what_is_assumed_and_asks_nobody_for_anything(country: Model, day: Tally) -> None:
    outcome = outcome_of(country, day, day=TUESDAY, seed=7, demand=1)

    page = html_page(outcome).decode()

    assert "ASSUMED" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert orjson.loads(orjson.dumps(outcome.as_json()))["version"] == 1
