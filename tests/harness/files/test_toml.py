import pytest

from harness.files import read_toml

PROFILE = '''name = "x"
text = """
fake = 1
[fake]
"""
[words]
a.b = 1   # [no] = table
"c d" = [
  "e = 1", # "
  "]",
]
[[rule]]
name = 'x'
[[rule]]
name = "y"
  [rule.inner]
  deep = {k = 1}
[rule.inner.more]
last = "\\""
'''


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        (("name",), (1, 1)),
        (("words",), (6, 2)),
        (("words", "a", "b"), (7, 3)),
        (("words", "c d"), (8, 1)),
        (("words", "c d", 1), (8, 1)),
        (("rule",), (12, 3)),
        (("rule", 0, "name"), (13, 1)),
        (("rule", 1), (14, 1)),
        (("rule", 1, "name"), (15, 1)),
        (("rule", 1, "inner", "deep"), (17, 3)),
        (("rule", 1, "inner", "deep", "k"), (17, 3)),
        (("rule", 1, "inner", "more", "last"), (19, 1)),
        (("fake",), (1, 1)),
    ],
)
def test_each_key_has_its_place(write, loc, place) -> None:
    assert read_toml(write(PROFILE)).where(loc) == place


def test_values_keep_their_types(write) -> None:
    assert read_toml(write("a = 1\nb = true\nc = 'x'\n")).content == {"a": 1, "b": True, "c": "x"}


QUOTE = "a quote that is opened is never closed; close it"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = 1\nb = 2\na = 3\n", ["3:1: a: this is given twice; first in line 1; keep one of them"]),
        ("[a]\n[b]\n[a]\n", ["3:1: a: this is given twice; first in line 1; keep one of them"]),
        ("[a]\nb.c = 1\nb.c = 2\n", ["3:1: a.b.c: this is given twice; first in line 2; keep one of them"]),
        ("a = 1\n[a.b]\n", ["2:5: this key or table is given twice; keep one of them"]),
        ("a = strict\n", ["1:5: this is not a value; put text between quotes"]),
        ("a = 'x\n", [f"2:1: {QUOTE}"]),
        ('a = "x\n', ["1:7: a character that is not allowed here; text goes between quotes, on one line"]),
        ("a = 1 2\n", ["1:7: something follows the value; begin a new line; put text between quotes"]),
        ("a b = 1\n", ["1:3: a key without ' = value'"]),
        ("a = [1\nb = 2\n", ["2:1: a '[' is never closed, or a ',' is missing"]),
        ("[a\n", ["1:3: a ']' is missing after the name of a table"]),
        ("= 1\n", ["1:1: neither 'key = value' nor '[table]'"]),
        ("a = " + "[" * 100, ["1:37: nested deeper than 32 levels"]),
        ("a = [\n" + "b." * 100, ["2:66: nested deeper than 32 levels"]),
        ("a = 1\nb = " + "9" * 5000, ["2:5: a number with too many digits; put it between quotes"]),
    ],
)
def test_a_slip_is_told_with_its_place_and_its_cure(write, told, text: str, lines: list[str]) -> None:
    path = write(text, "x.toml")

    assert told(lambda: read_toml(path)) == [f"x.toml:{line}" for line in lines]
