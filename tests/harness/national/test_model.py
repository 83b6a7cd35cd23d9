"""The file that describes a country."""

from pathlib import Path

import pytest

from harness.files import BadFile
from harness.national.model import ENGLAND, read_model


def test_england_says_of_each_number_whether_it_was_published() -> None:
    model = read_model(ENGLAND)

    assert set(model.basis) == {"networks", "practices", "mean_list", "active_share"}
    assert "suppliers" in model.assumed
    assert not set(model.assumed) & set(model.basis)


@pytest.mark.parametrize(
    ("line", "by", "told"),
    [
        ("networks = 1250", "netwroks = 1250", "did you mean 'networks'?"),
        ("practices = 6500", "practices = 2000", "2000 practices are too few for 1250 networks"),
        ("practices = 6500", 'practices = "many"', "practices"),
        ("confirms = 0.55", "confirms = 0.8", "more confirm than open"),
        ("emis = 0.55", "emis = 0.5", "the shares sum to 0.95"),
        ("emis = 0.55", "emmis = 0.55", "did you mean 'emis'?"),
        ('networks = "published"', 'netwroks = "published"', "'netwroks' is no number of the model"),
        ('networks = "published"', 'networks = "known"', "published"),
    ],
)
def test_a_wrong_number_is_told_with_its_line(tmp_path: Path, line: str, by: str, told: str) -> None:
    text = ENGLAND.read_text()
    assert line in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(line, by, 1))

    with pytest.raises(BadFile) as bad:
        read_model(path)

    assert told in str(bad.value)
    assert "mine.toml:" in str(bad.value)


def test_a_supplier_may_be_a_file_beside_the_model(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text('name = "ours"\nextends = "strict"\n')
    path = tmp_path / "mine.toml"
    path.write_text(ENGLAND.read_text().replace("vision = 0.03", '"ours.toml" = 0.03'))

    assert str(tmp_path / "ours.toml") in read_model(path).suppliers


def test_a_mistake_in_such_a_file_is_told_with_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text('name = "ours"\nextends = "strickt"\n')
    path = tmp_path / "mine.toml"
    path.write_text(ENGLAND.read_text().replace("vision = 0.03", '"ours.toml" = 0.03'))

    with pytest.raises(BadFile, match=r"ours.toml:2:1: extends: no supplier profile 'strickt'"):
        read_model(path)
