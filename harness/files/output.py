"""Writing what a tester asked for, or one clear word on why it cannot be written."""

from pathlib import Path

from harness.files.problems import BadFile, Problem


def write(path: Path, content: bytes) -> None:
    """Writes a file and the folders above it; raises BadFile."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as fault:
        raise BadFile([Problem(path, 0, 0, "", f"cannot be written: {fault.strerror}")]) from fault
