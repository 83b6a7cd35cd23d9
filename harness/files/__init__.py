"""The one way in which a file that a tester wrote becomes a model, or one clear list of problems."""

from harness.files.document import Document
from harness.files.nearest import did_you_mean, nearest
from harness.files.output import check_outputs, write
from harness.files.problems import BadFile, Problem
from harness.files.scalars import Day, Moment, Spelt, TimeOfDay, one_of
from harness.files.table import Line, read_table
from harness.files.toml import read_toml
from harness.files.yaml import read_yaml

__all__ = [
    "BadFile",
    "Day",
    "Document",
    "Line",
    "Moment",
    "Problem",
    "Spelt",
    "TimeOfDay",
    "check_outputs",
    "did_you_mean",
    "nearest",
    "one_of",
    "read_table",
    "read_toml",
    "read_yaml",
    "write",
]
