"""`crossbook explain`: counted reasons, in the supplier's words, with the place where it is changed."""

from pathlib import Path

import pytest

from harness.commands.explain import ExplainOptions, explain_slots
from harness.explaining import BETWEEN, BEYOND, FILTERED
from harness.files import BadFile
from mock_gpconnect.desk.reasons import reason_of
from tests.mock_gpconnect.desk.reception import Reception

FRIDAY = "2026-03-27T08:55:00+00:00"


def told(capsys: pytest.CaptureFixture[str], **other: object) -> str:
    options = {
        "world": "two-practices", "practice": "riverside", "consumer": "millbrook", "type": "gp-practice",
        "at": FRIDAY, "days": 14, "slot": "",
    }  # fmt: skip
    assert explain_slots(ExplainOptions(**{**options, **other})) == 0  # type: ignore[arg-type]
    return " ".join(capsys.readouterr().out.split())


def world(folder: Path, **changes: str) -> str:
    """The world of two practices with words exchanged."""
    from harness.worlds import CATALOGUE

    text = (CATALOGUE / "worlds/two-practices.yaml").read_text(encoding="utf-8")
    for old, new in changes.items():
        text = text.replace(
            {"riverside": "    alias: riverside\n", "clinic": "location: main}\n      - {name: Tel"}[old], new
        )
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_what_is_visible_is_counted_with_its_sessions(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys)
    assert "Riverside Practice (systmone) as Millbrook Surgery sees it at 2026-03-27 08:55 UTC" in text
    assert "visible Morning surgery, Telephone clinic Millbrook Surgery sees these slots" in text


def test_a_reason_names_the_screen_of_that_supplier(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    mine = world(tmp_path, clinic="location: main, bookable: false}\n      - {name: Tel")
    text = told(capsys, world=mine)
    assert "not_bookable Morning surgery The rota is kept for your own patients" in text
    assert "the slot type: Bookable, with the tick for remote booking; the rota: selected for GP Connect" in text


def test_what_an_invitation_would_leave_out_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, world="telephone-windows", days=1)
    assert "12 visible Morning surgery" in text
    assert "12 call_on_the_same_day Afternoon calls You show these slots, but Millbrook Surgery tells" in text


def test_a_links_own_filters_are_told_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    mine = Path(world(tmp_path))
    linked = "{from: millbrook, to: riverside"
    assert linked in mine.read_text(encoding="utf-8")
    mine.write_text(mine.read_text(encoding="utf-8").replace(linked, f"{linked}, slot_types: [Routine]"), "utf-8")
    assert "filtered_by_the_sender Telephone clinic" in told(capsys, world=str(mine))


def test_a_receiver_whom_the_spine_does_not_know_is_told_first(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    mine = world(tmp_path, riverside="    alias: riverside\n    not_registered_for: [search_slots]\n")
    text = told(capsys, world=mine)
    assert "- not_on_the_spine The Spine's directory has no entry" in text
    assert "a hub is a SystmOne unit with an ODS code of its own" in text


def test_no_type_need_be_sent(capsys: pytest.CaptureFixture[str]) -> None:
    assert "visible Morning surgery" in told(capsys, type="")


def test_days_after_the_horizon_are_the_pilots_own_limit(capsys: pytest.CaptureFixture[str]) -> None:
    assert "96 beyond_the_horizon" in told(capsys, world="one-day-horizon", at="2026-03-28T08:55:00+00:00", days=16)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"practice": "rivrside"}, "there is no organisation 'rivrside'"),
        ({"consumer": "milbrook"}, "there is no organisation 'milbrook'"),
        ({"type": "gp-practise"}, "--type: there is no type 'gp-practise'; did you mean 'gp-practice'?"),
        ({"at": "Friday"}, "expected a date-time with offset"),
        ({"slot": "nope"}, "there is no slot 'nope' in these days"),
    ],
)
def test_a_wrong_option_is_told(capsys: pytest.CaptureFixture[str], wrong: dict[str, object], message: str) -> None:
    with pytest.raises(BadFile, match=message):
        told(capsys, **wrong)


@pytest.mark.parametrize("reason", [BETWEEN, BEYOND, FILTERED, "not_on_the_spine", "begun_but_shown", "not_subscribed"])
def test_what_the_consumer_leaves_out_has_words_of_its_own(reason: str) -> None:
    told_of = reason_of(Reception().desk, reason, "Millbrook Surgery")
    assert told_of.explanation != "A setting hides these slots."
