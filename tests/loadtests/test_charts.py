"""The limits can be told from the grid and from each other."""

import re
import subprocess
import sys
from pathlib import Path

import orjson

from tests.loadtests.runs import plan, result, target


def lightness(colour: str) -> int:
    return sum(bytes.fromhex(colour.removeprefix("#")))


def page(folder: Path) -> str:
    """Made by a child: pygal changes how everybody imports."""
    measured = folder / "result.json"
    measured.write_bytes(orjson.dumps(result(plan(target()), {target().name: [300.0, 400.0]})))
    command = [sys.executable, "-m", "loadtests.report", str(measured), "--out", str(folder)]
    subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True)
    return (folder / "index.html").read_text(encoding="utf-8")


def test_the_two_limits_are_darker_than_the_grid_and_differ_in_dash_colour_and_label(tmp_path: Path) -> None:
    drawn = page(tmp_path)
    limits = [re.search(rf"\.color-{number},[^{{]*{{stroke:(#\w+)", drawn) for number in (6, 7)]
    dashes = [re.search(rf"\.serie-{number}{{stroke-width:3;stroke-dasharray:([\d,. ]+)", drawn) for number in (6, 7)]
    grid = re.findall(r"guide\.line{stroke-dasharray:none;stroke:(#\w+)", drawn)
    colours = {found[1] for found in limits if found}
    assert len(colours) == 2
    assert len({found[1] for found in dashes if found}) == 2
    assert grid
    assert max(map(lightness, colours)) + 300 < min(map(lightness, grid))
    assert re.search(r'class="label">SHALL<', drawn)
    assert re.search(r'class="label">SHOULD<', drawn)
