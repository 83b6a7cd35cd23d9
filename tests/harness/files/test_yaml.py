import pytest

from harness.files import read_yaml


def test_every_scalar_is_text(write) -> None:
    document = read_yaml(write("asid: 012345670123\nat: 10:30\non: no\nods: 12E45\nnone: ~\nempty:\n'quoted': 'x'\n"))

    assert document.content == {
        "asid": "012345670123", "at": "10:30", "on": "no", "ods": "12E45", "none": "~", "empty": "", "quoted": "x",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        ((), (1, 1)),
        (("steps",), (2, 1)),
        (("steps", 0), (3, 5)),
        (("steps", 0, "by"), (3, 18)),
        (("steps", 1, "to"), (5, 5)),
        (("suppliers", 1), (6, 21)),
        (("steps", 0, "patient"), (3, 5)),
        (("steps", 7, "patient"), (2, 1)),
        (("nothing",), (1, 1)),
    ],
)
def test_each_key_and_entry_has_its_place_or_that_of_its_parent(write, loc, place) -> None:
    document = read_yaml(
        write("id: x\nsteps:\n  - {do: invite, by: hub}\n  - do: choose\n    to: x\nsuppliers: [strict, emis]\n")
    )

    assert document.where(loc) == place


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: 1\nb: 2\na: 3\n", ["3:1: a: this key is given twice; first in line 1; keep one of them"]),
        (
            "a:\n  -b: 1\n  -b: 2\n",
            ["3:3: a.-b: this key is given twice; first in line 2; an entry of a list begins with '- ', with a space"],
        ),
        ("a: &x 1\n", ["1:4: a: the anchor '&x' is not allowed; put text between quotes"]),
        ("a: *x\n", ["1:4: a: the alias '*x' is not allowed; write out what it stands for"]),
        ("*x : 1\n", ["1:1: the alias '*x' is not allowed; write out what it stands for"]),
        ("a: !x 1\n", ["1:4: a: the tag '!x' is not allowed; put text that begins with '!' between quotes"]),
        ("a: 1\n---\nb: 1\n", ["2:1: a second document begins here; a file holds one: remove the '---'"]),
        ("# only words\n", ["1:1: the file is empty"]),
        ("[a]: 1\n", ["1:1: a key must be a word, not a list or keys of its own; put it between quotes"]),
        ("a: 1\nb: [" + "[" * 40, ["2:36: b.0.0: nested deeper than 32 levels"]),
        ("{" * 500, ["1:2: a key must be a word, not a list or keys of its own; put it between quotes"]),
        ('a: "\\ud800"\n', ["1:4: a: this escape is half a character; write the character itself"]),
        (
            "a: 1\na: 2\nb: [\n",
            [
                "2:1: a: this key is given twice; first in line 1; keep one of them",
                "4:1: a value is missing here; put text that begins with a sign between quotes",
            ],
        ),
    ],
)
def test_what_this_project_does_not_write_is_refused_with_its_place(write, told, text: str, lines: list[str]) -> None:
    path = write(text)

    assert told(lambda: read_yaml(path)) == [f"x.yaml:{line}" for line in lines]


COLON = "a ':' that YAML does not expect; write 'key: value', indent alike, quote text with a ': '"
UNCLOSED = "a quote that is opened here is never closed; close it"
ESCAPE = r"'\' begins an escape here; use single quotes, or write '\\'"
SIGN = "'*', '&' and '!' begin no plain text; put it between quotes"
DIRECTIVE = "a line that begins with '%' is not allowed; remove it"
TEXT = "text where a new key should begin; indent alike; put the whole text between quotes"
MISFIT = "this line fits no line above it; indent what belongs together alike"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a:\n\tb: 1\n", "2:1: a tab stands here; indent with spaces"),
        ("a: @b\n", "1:4: a value cannot begin with @; put it between quotes"),
        ("a: {b}c: 1}\n", f"1:7: {TEXT}"),
        ("title: One: two\n", f"1:11: {COLON}"),
        ("a: 1\n  b: 2\n", f"2:4: {COLON}"),
        ("a: 'x\nb: 1\n", f"1:4: {UNCLOSED}"),
        ('a: "x\nb: 1\n', f"1:4: {UNCLOSED}"),
        ("a: [1, 2\nb: 3\n", "1:4: a ']' or ',' is missing in what opens here; close it, or part the entries"),
        ("a: {b: 1\nc: 3\n", "1:4: a '}' or ',' is missing in what opens here; close it, or part the entries"),
        ("a: ]\n", "1:4: a value is missing here; put text that begins with a sign between quotes"),
        ("a:\n    b: 2\n  c: 3\n", f"3:3: {MISFIT}"),
        ("a: 1\n- b\n", f"2:1: {MISFIT}"),
        ("a: 'it's'\n", f"1:8: {TEXT}"),
        ("a: 1\nb\nc: 2\n", "2:1: this line is neither 'key: value' nor '- entry'; was a ':' forgotten?"),
        ('a: "C:\\Users"\n', f"1:9: {ESCAPE}"),
        ('a: "\\q"\n', f"1:6: {ESCAPE}"),
        ('b: 1\na: "\\U00110000"\n', "2:5: this escape stands for no character; write the character itself"),
        ('b: 1\na: "\\UFFFFFFFF"\n', "2:5: this escape stands for no character; write the character itself"),
        ("a: *\n", f"1:5: {SIGN}"),
        ("a: !x!y z\n", f"1:4: {SIGN}"),
        ("%YAML 3.0\n---\na: 1\n", f"1:1: {DIRECTIVE}"),
        ("%x\na: 1\n", f"2:1: {DIRECTIVE}"),
    ],
)
def test_a_slip_of_syntax_is_told_with_its_place_and_its_cure(write, told, text: str, line: str) -> None:
    path = write(text)

    assert told(lambda: read_yaml(path)) == [f"x.yaml:{line}"]


@pytest.mark.parametrize(("text", "key"), [("pilot: x\nid: y\n", "pilot"), ("- a\n", ""), ("words\n", ""), ("{}", "")])
def test_the_first_key_tells_the_kind_of_file(write, text: str, key: str) -> None:
    assert read_yaml(write(text)).first_key == key
