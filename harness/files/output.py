"""Writing what a tester asked for, or one clear word on why it cannot be written."""

from collections.abc import Mapping
from pathlib import Path

from harness.files.problems import BadFile, Problem


def write(path: Path, content: bytes) -> None:
    """Writes a file and the folders above it; raises BadFile."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as fault:
        raise BadFile([Problem(path, 0, 0, "", f"cannot be written: {fault.strerror}")]) from fault


def check_outputs(*, folders: Mapping[str, Path | None], files: Mapping[str, Path | None]) -> None:
    """Raises BadFile where what an option names cannot become a folder or a file; asked before the work is done."""
    wanted = [(option, path, True) for option, path in folders.items() if path]
    wanted += [(option, path, False) for option, path in files.items() if path]
    problems = [
        Problem(Path(option), 0, 0, "", told, "name another")
        for option, path, as_folder in wanted
        if (told := _in_the_way(path, as_folder=as_folder))
    ]
    if problems:
        raise BadFile(problems)


def _in_the_way(path: Path, *, as_folder: bool) -> str:
    """What stands there already and will not do; empty when nothing does."""
    if path.is_dir():
        return "" if as_folder else f"{path} is a folder; a file is wanted"
    if as_folder and path.exists():
        return f"{path} is a file; a folder is wanted"
    above = next((folder for folder in path.parents if folder.exists()), None)
    return f"{above} is a file; a folder is wanted" if above and not above.is_dir() else ""
