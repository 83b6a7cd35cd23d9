"""What becomes of invitations is a file of shares, and how many are sent is bounded by what the services bear."""

import math
from pathlib import Path

import pytest

from harness.commands.load_journeys import MixRow, borne_a_second, busy_s, read_mix, with_people
from harness.files import BadFile
from harness.rows import NO_LIMITS, REAL_LIMITS
from harness.tiers import BOOKER, Shape, tiered_world
from mock_gpconnect.latency import Work
from mock_gpconnect.suppliers.switches import Latency


def written(folder: Path, text: str) -> Path:
    path = folder / "mix.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_changes_what_it_names_and_leaves_the_rest_as_assumed(tmp_path: Path) -> None:
    mix = read_mix(written(tmp_path, "opens = 0.9\nthink_s = 20\n"))
    assert (mix.opens, mix.think_s, mix.confirms) == (0.9, 20, MixRow().confirms)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("open = 0.9\n", "mix.toml:1:1: open: unknown key; did you mean 'opens'?"),
        ("opens = 1.5\n", "mix.toml:1"),
        ("confirms = 0.8\n", "no more confirms than opens"),
        ("opens\n", "mix.toml:1"),
    ],
)
def test_a_wrong_mix_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadFile) as bad:
        read_mix(written(tmp_path, text))
    assert told in str(bad.value)


@pytest.mark.parametrize("share", [0, 0.25, 0.5, 1])
def test_so_many_patients_are_known_at_every_receiver_as_the_mix_says(share: float) -> None:
    rows = with_people(tiered_world([Shape("T1", 10, "strict")] * 2), BOOKER, MixRow(known=share))
    known = [len(row.known_at) for row in rows.patients]
    assert sum(map(bool, known)) / len(known) == share
    assert {each for each in known if each} <= {3}  # both receivers, and the one whose slots are kept back


def test_known_patients_come_among_the_first() -> None:
    rows = with_people(tiered_world([Shape("T1", 10, "strict")]), BOOKER, MixRow(known=0.5))
    assert {bool(row.known_at) for row in rows.patients[:4]} == {True, False}


def test_the_quota_of_the_directory_bounds_the_invitations_of_a_run() -> None:
    assert borne_a_second(REAL_LIMITS, MixRow()) == pytest.approx(0.4 * 300 / 60 / 3.4)
    assert borne_a_second(NO_LIMITS, MixRow()) == math.inf


def test_an_invitation_takes_its_searches_its_queries_and_its_commands_of_a_system() -> None:
    alone = MixRow(opens=1, searches_again=0, confirms=1, taken=0, cancels=1, known=0)
    settings = Latency(base_ms=1000, query_ms=100, command_ms=10)
    assert busy_s(settings, Work(), alone) == pytest.approx(4 * 1 + 3 * 0.1 + 3 * 0.01)
