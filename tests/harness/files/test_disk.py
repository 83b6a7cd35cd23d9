import os
from pathlib import Path

import pytest

from harness.files import read_toml, read_yaml

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@pytest.fixture(params=[read_yaml, read_toml], ids=["yaml", "toml"])
def read(request):
    return request.param


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (PNG, "x.yaml: this is not a text file but a binary one, such as an image or a spreadsheet"),
        ("a: ü".encode("utf-16"), "x.yaml: this file is saved as UTF-16; save it as UTF-8"),
        ("a = 1\nb: caf\xe9".encode("latin-1"), "x.yaml:2:7: byte 0xe9 is not UTF-8 text; save it as UTF-8"),
        (b"# a\n\x1b[31m", "x.yaml:2:1: the control character U+001B is not allowed; remove it"),
        (b" " * (256 * 1024 + 1), "x.yaml: 257 KB is too large; at most 256 KB are read; remove what is not needed"),
        (b"", "x.yaml:1:1: the file is empty"),
        (b"\n\n", "x.yaml:1:1: the file is empty"),
    ],
    ids=["png", "utf-16", "latin-1", "control", "large", "empty", "blank"],
)
def test_what_is_not_a_text_is_refused(read, write, told, content: bytes, line: str) -> None:
    path = write(content)

    assert told(lambda: read(path)) == [line]


def test_a_file_that_is_too_large_is_not_opened(read, write, told, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(b"")
    os.truncate(path, 50_000_000)
    monkeypatch.setattr(Path, "open", None)

    assert told(lambda: read(path)) == [
        "x.yaml: 48829 KB is too large; at most 256 KB are read; remove what is not needed"
    ]


def test_a_missing_file_names_its_folder_and_the_near_names(read, write, told, tmp_path: Path) -> None:
    write("", "lost-reply.yaml")

    (line,) = told(lambda: read(tmp_path / "lost_reply.yaml"))

    assert line == f"lost_reply.yaml: no such file in the folder '{tmp_path}'; did you mean 'lost-reply.yaml'?"


def test_a_missing_file_of_the_current_folder_says_so(read, told, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert told(lambda: read(Path("x.yaml"))) == ["x.yaml: no such file in the current folder"]


def test_a_missing_folder_is_named(read, told, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)

    (line,) = told(lambda: read(Path("journeys/x.yaml")))

    assert line == "journeys/x.yaml: no such file: the folder 'journeys' does not exist"


def test_a_folder_is_refused_with_the_files_that_it_holds(read, write, told, tmp_path: Path) -> None:
    folder = write("", "a.yaml").parent

    assert told(lambda: read(folder)) == [f"{tmp_path}: this is a folder; a file is needed; it holds 'a.yaml'"]


def test_a_file_used_as_a_folder_is_refused(read, write, told) -> None:
    path = write("") / "y.yaml"

    assert "does not exist" in told(lambda: read(path))[0]


def test_a_pipe_is_refused_and_not_waited_for(read, told, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert told(lambda: read(tmp_path / "pipe")) == ["pipe: this is a device or a pipe; a file is needed"]


def test_a_forbidden_file_is_refused(read, write, told, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a: 1")
    monkeypatch.setattr(Path, "open", _forbidden)

    assert told(lambda: read(path)) == ["x.yaml: you may not read this file; change its permissions"]


def _forbidden(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a\0b", "this cannot be the name of a file"),
        ("\ud800", "this cannot be the name of a file"),
        ("x" * 5000, "this name is too long for a file"),
    ],
    ids=["nul", "surrogate", "long"],
)
def test_a_name_that_no_file_can_have_is_refused(read, told, name: str, message: str) -> None:
    assert told(lambda: read(Path(name)))[0].endswith(message)


def test_a_link_in_a_circle_is_refused(read, told, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    assert told(lambda: read(tmp_path / "loop")) == ["loop: this link leads back to itself"]


def test_a_link_to_nothing_is_refused(read, told, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")

    assert told(lambda: read(tmp_path / "link")) == ["link: this link leads to nothing"]


def test_a_byte_order_mark_and_windows_line_ends_are_no_problem(write) -> None:
    document = read_yaml(write(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n"))

    assert (document.content, document.where(("b",))) == ({"a": "1", "b": "2"}, (2, 1))
