from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.files import BadFile, read_yaml

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Put text or bytes into a file of a folder of its own."""

    def written(content: str | bytes, name: str = "x.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


@pytest.fixture
def told(tmp_path: Path) -> Callable[[Callable[[], object]], list[str]]:
    """The problems that a call finds, without the name of the folder."""

    def problems(call: Callable[[], object]) -> list[str]:
        with pytest.raises(BadFile) as caught:
            call()
        return str(caught.value).replace(f"{tmp_path}/", "").splitlines()

    return problems


@pytest.fixture
def yaml_problems(write: Write, told: Callable[[Callable[[], object]], list[str]]) -> Callable[[str, Any], list[str]]:
    """The problems of a YAML text that should become a model."""

    def problems(text: str, model: Any) -> list[str]:
        path = write(text)
        return told(lambda: read_yaml(path).parse(model))

    return problems
