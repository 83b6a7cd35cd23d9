"""From a path to text: everything that can be wrong before the first line is read."""

import difflib
import errno
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from harness.files.problems import BadFile, Problem, place_of

LARGEST_KB = 256
"""The YAML reader takes seconds for a megabyte; no file of ours comes near this."""

NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")

OS_WORDS: Mapping[int, tuple[str, str]] = {
    errno.EACCES: ("you may not read this file", "change its permissions"),
    errno.EPERM: ("you may not read this file", "change its permissions"),
    errno.ENAMETOOLONG: ("this name is too long for a file", ""),
    errno.ELOOP: ("this link leads back to itself", ""),
}


def read_text(path: Path) -> str:
    """The file's text with lines that end in a line feed; raises BadFile for all that is no such file."""
    try:
        return _decoded(path, _bytes_of(path))
    except (FileNotFoundError, NotADirectoryError):
        raise _absent(path) from None
    except OSError as failure:
        raise _refused(path, *OS_WORDS.get(failure.errno or 0, (f"cannot be read: {failure.strerror}", ""))) from None
    except ValueError:  # the path itself holds a NUL or half a character
        raise _refused(path, "this cannot be the name of a file") from None


def _bytes_of(path: Path) -> bytes:
    """All bytes of a regular file of a bounded size; a pipe would make us wait, a device would never end."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise _refused(path, "this is a folder; a file is needed", _names_in(path))
    if not stat.S_ISREG(status.st_mode):
        raise _refused(path, "this is a device or a pipe; a file is needed")
    if status.st_size > LARGEST_KB * 1024:
        raise _too_large(path, status.st_size)
    with path.open("rb") as file:
        raw = file.read(LARGEST_KB * 1024 + 1)  # some files of the system say that they are empty
    if len(raw) > LARGEST_KB * 1024:
        raise _too_large(path, len(raw))
    return raw


def _decoded(path: Path, raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(path, "this file is saved as UTF-16", _as_utf_8(path))
    if b"\x00" in raw:
        raise _refused(path, "this is not a text file but a binary one, such as an image or a spreadsheet")
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as failure:
        before = raw[: failure.start].decode("utf-8-sig")
        message = f"byte 0x{raw[failure.start]:02x} is not UTF-8 text"
        place = place_of(before, len(before))
        raise BadFile([Problem(path, *place, "", message, _as_utf_8(path))]) from None
    if found := NOT_TEXT.search(text):
        message = f"the control character U+{ord(found[0]):04X} is not allowed"
        raise BadFile([Problem(path, *place_of(text, found.start()), "", message, "remove it")])
    return text


def _as_utf_8(path: Path) -> str:
    if path.suffix.lower() == ".csv":
        return "save it as UTF-8: in Excel, 'Save As' with the type 'CSV UTF-8'"
    return "save it as UTF-8"


def _refused(path: Path, message: str, hint: str = "") -> BadFile:
    return BadFile([Problem(path, 0, 0, "", message, hint)])


def _too_large(path: Path, size: int) -> BadFile:
    return _refused(
        path, f"{size // 1024 + 1} KB is too large; at most {LARGEST_KB} KB are read", "remove what is not needed"
    )


def _absent(path: Path) -> BadFile:
    if path.is_symlink():
        return _refused(path, "this link leads to nothing")
    folder = path.parent
    if not folder.is_dir():
        return _refused(path, f"no such file: the folder '{folder}' does not exist")
    where = "the current folder" if str(folder) == "." else f"the folder '{folder}'"
    return _refused(path, f"no such file in {where}", _names_near(path.name, folder))


def _names_near(name: str, folder: Path) -> str:
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return ""
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else ""


def _names_in(folder: Path) -> str:
    """A few names to choose from, when a folder was given for a file."""
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.suffix in (".yaml", ".yml", ".toml"))
    except OSError:
        return ""
    return f"it holds {', '.join(map(repr, names[:5]))}" if names else ""
