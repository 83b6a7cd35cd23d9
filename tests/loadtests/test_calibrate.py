"""Real measurements become a supplier profile that the mocks load."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from loadtests.calibrate import as_toml, main, medians, read_times
from loadtests.fit import fit
from mock_gpconnect.suppliers.profile import load_profile


def times(folder: Path, *, apart: bool = True, count: int = 40) -> Path:
    rng = random.Random(1)
    places = [(0, 0), (50, 50), (100, 50), (400, 400), (800, 400), (2000, 2000)]
    lines = ["scanned,returned,ms" if apart else "slots,ms"]
    for scanned, returned in places:
        for _ in range(count):
            ms = (350 + 0.8 * scanned + 0.3 * (returned if apart else 0)) * rng.lognormvariate(0, 0.2)
            lines.append(f"{scanned},{returned},{ms:.1f}" if apart else f"{scanned},{ms:.1f}")
    path = folder / "times.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_fitted_profile_loads_and_has_the_figures_behind_the_measurements(tmp_path: Path) -> None:
    profile = tmp_path / "measured.toml"
    profile.write_text(as_toml(read_times(times(tmp_path)), "emis"), encoding="utf-8")
    found = load_profile(profile)
    assert found.latency.base_ms == pytest.approx(350, rel=0.08)
    assert found.latency.per_scanned_ms == pytest.approx(0.8, rel=0.25)
    assert found.latency.per_returned_ms == pytest.approx(0.3, abs=0.25)
    assert found.latency.p99_over_p50 == pytest.approx(1.59, rel=0.1)
    assert found.basis["latency.base_ms"] == "documented"
    assert found.latency.at_once == 8


def test_the_quality_of_the_fit_stands_above_it(tmp_path: Path) -> None:
    assert as_toml(read_times(times(tmp_path)), "emis").startswith(
        "# Fitted to 240 measurements: a median is missed by "
    )


def test_one_column_of_slots_is_enough_and_the_limit_is_told(tmp_path: Path) -> None:
    told = as_toml(read_times(times(tmp_path, apart=False)), "emis")
    assert "could not be told apart" in told
    assert "per_returned_ms = 0\n" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected the columns ms and slots"),
        ("slots,seconds\n1,2\n", "expected the columns"),
        ("slots,ms\n1,fast\n", "times.csv:2: expected numbers"),
        ("slots,ms\n5,nan\n", "times.csv:2: expected ms above 0"),
        ("slots,ms\n5,0\n", "expected ms above 0"),
        ("scanned,returned,ms\n5,9,100\n", "0 <= returned <= scanned"),
        ("slots,ms\n1,100\n2,110\n", "expected at least 10 measurements"),
        ("slots,ms\n" + "5,100\n" * 20, "at three numbers of slots or more, got 20 at 1"),
        ("slots,ms\n1,100,7\n", "times.csv:2: expected 2 values as in the first line, got 3"),
        ("slots,ms\n1\n", "times.csv:2: expected 2 values"),
        ('slots,ms\n"1,000",100\n', "times.csv:2: expected numbers such as 1500.5, got ['1,000', '100']"),
        (
            "slots,ms\n" + "".join(f"{at * 100},{900 - at * 100}\n" for at in range(5)) * 2,
            "makes per_scanned_ms negative",
        ),
    ],
)
def test_what_will_not_do_is_told_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    path = tmp_path / "times.csv"
    path.write_text(text, encoding="utf-8")
    assert main([str(path), "--supplier", "emis"]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", ", ").replace("ms", " MS ").encode(),
        lambda text: text.replace("\n", "\n\n").encode(),
    ],
    ids=["byte order mark", "Windows lines", "semicolons", "blanks and capitals", "empty lines"],
)
def test_a_file_may_come_from_a_spreadsheet(tmp_path: Path, written: Callable[[str], bytes]) -> None:
    path = times(tmp_path)
    plain = read_times(path)
    path.write_bytes(written(path.read_text(encoding="utf-8")))
    assert read_times(path) == plain


@pytest.mark.parametrize(
    ("content", "told"), [(None, "No such file"), (b"slots,ms,\xe9\n", "expected UTF-8 text, got byte 0xe9")]
)
def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, told: str
) -> None:
    path = tmp_path / "times.csv"
    path.write_bytes(content) if content else None
    assert main([str(path), "--supplier", "emis"]) == 2
    assert f"no profile: {path}: {told}" in capsys.readouterr().err


def test_a_name_that_would_break_the_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(times(tmp_path)), "--supplier", 'em"is'])
    assert "expected a profile's name such as strict" in capsys.readouterr().err


def test_a_supplier_that_there_is_not_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(times(tmp_path)), "--supplier", "emiss"])
    assert ended.value.code == 2
    assert "there is no supplier 'emiss'; did you mean 'emis'?" in capsys.readouterr().err


def test_the_help_names_the_columns(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert [word for word in ("scanned", "returned", "slots", "ms") if word not in told] == []


def test_one_odd_measurement_does_not_outweigh_all_others(tmp_path: Path) -> None:
    path = times(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + "1,1,1\n", encoding="utf-8")
    model = fit(medians(read_times(path)))
    assert model
    assert model.base_ms == pytest.approx(350, rel=0.08)
