"""Files are read as they were written; what cannot be read is told in one sentence."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import os
import sys
import tempfile
import tracemalloc
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqclf.datasets.files import lines
from seqclf.datasets.files.tables import Table, is_table_path, open_table
from seqclf.errors import DataError, SeqclfError, UsageError

_SHARED = Path(os.environ.get("SEQCLF_TEST_DATA") or Path(__file__).parents[2] / "shared/data")

TEXT = st.text(st.characters(codec="utf-8"), max_size=20) | st.text('a,;|\t"\r\n \x00', max_size=8)


def put(name: str, content: str | bytes, packed: bool = False) -> Path:
    """Write a file in the test's folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(content, 1) if packed else content)
    return path


def rows(table: Table) -> list[dict[str, Any]]:
    return [row for _, row in table.rows()]


def cells(table: Table) -> list[list[Any]]:
    return [list(row.values()) for row in rows(table)]


def complaint(path: Path, **options: Any) -> str:
    """Give the sentence and hint of the error that opening or reading a file ends with."""
    with pytest.raises(SeqclfError) as raised:
        rows(open_table(path, **options))
    said = str(raised.value)
    assert "\n" not in said
    return said


# Delimited files


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "~", "é"])
@given(
    table=st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(TEXT, min_size=width, max_size=width), max_size=6)
    ),
    packed=st.booleans(),
    mark=st.booleans(),
    every=st.booleans(),
    quote=st.sampled_from("\"'"),
)
@settings(max_examples=30, deadline=None)
def test_what_csv_writes_is_read_back(
    delimiter: str, table: list[list[str]], packed: bool, mark: bool, every: bool, quote: str
) -> None:
    names = [f"column {number}" for number in range(len(table[0]) if table else 2)]
    with tempfile.TemporaryDirectory() as folder:
        written = io.StringIO(newline="")
        quoting = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
        writer = csv.writer(written, delimiter=delimiter, quotechar=quote, quoting=quoting)
        writer.writerows([names, *table])
        content = written.getvalue().encode("utf-8-sig" if mark else "utf-8")
        path = put(f"{folder}/table.csv", content, packed)
        found = open_table(path, delimiter=delimiter, quote=quote, header=True)
        assert found.columns == tuple(names)
        assert cells(found) == table
        assert cells(found) == table  # they stream again


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@given(table=st.lists(st.tuples(TEXT, TEXT), max_size=6))
@settings(max_examples=30, deadline=None)
def test_delimiter_and_header_are_found(delimiter: str, table: list[tuple[str, str]]) -> None:
    table = [row for row in table if not {"text", "label"} & set(row)]
    with tempfile.TemporaryDirectory() as folder:
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=delimiter).writerows([("text", "label"), *table])
        found = open_table(put(f"{folder}/table.csv", written.getvalue()))
        assert found.columns == ("text", "label")
        assert cells(found) == [list(row) for row in table]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
@pytest.mark.parametrize("mark", [False, True])
def test_encodings_with_and_without_a_mark(encoding: str, mark: bool) -> None:
    body = 'text,label\n"naïve, 你好",1\n'
    plain = {"utf-16": "utf-16-be", "utf-32": "utf-32-be"}.get(encoding, encoding)
    path = put("table.csv", (("\ufeff" if mark else "") + body).encode(plain))
    assert cells(open_table(path, encoding=encoding)) == [["naïve, 你好", "1"]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_tells_the_encoding(encoding: str) -> None:
    path = put("table.csv", "text,label\nnaïve,1\n".encode(encoding), packed=True)
    assert rows(open_table(path)) == [{"text": "naïve", "label": "1"}]


def test_a_place_is_the_line_the_record_begins_in() -> None:
    path = put("t.csv", 'text,label\r\n\r\n"two\r\nlines\n\n",1\r\n\r\nnext,2\r\n   \r\nlast,3')
    table = open_table(path)
    assert [place for place, _ in table.rows()] == [3, 8, 10]
    assert rows(table)[0]["text"] == "two\r\nlines\n\n"
    assert table.at(8) == "t.csv line 8"
    assert table.unit == "line"


def test_lines_may_end_as_on_old_macs() -> None:
    assert cells(open_table(put("t.csv", "text,label\ra,1\rb,2\r"))) == [["a", "1"], ["b", "2"]]


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("text;topic\nyes, it, is;a\nno;b\n", ("text", "topic")),
        ("sentence\tlabel\na, b\t1\n", ("sentence", "label")),
        ("1|a, b, c|x\n2|d|x\n", ("1", "2", "3")),
        ('"never talk, ever",3\n"I am proud",2\n"I am proud",3\n', ("1", "2")),
        ("hello, you;pos\nhow, then;neg\nwell, yes;pos\n", ("1", "2")),
        ("great film,pos\nbad film,neg\nfair film,pos\n", ("1", "2")),
        ("12 5 99,pos\n7 7,neg\n", ("1", "2")),
        ("Klage,Thema\nIst kaputt,Gerät\nGeht nicht,Netz\n", ("Klage", "Thema")),
        (",text,label\n0,a,pos\n1,b,neg\n", ("1", "text", "label")),
        ("0,1,label\n0,4,a\n1,3,b\n", ("0", "1", "label")),
        (" text , label\na,b\n", ("text", "label")),
        ("text\nhello, you\nwell, yes, or no\n", ("text",)),
        ("kommentare\nhallo du\nna gut\n", ("kommentare",)),
        ("hello there\nwell then\n", ("1",)),
        ("hello\nthere\n", ("1",)),
        ("text,label\n", ("text", "label")),
    ],
)
def test_what_is_guessed(content: str, columns: tuple[str, ...]) -> None:
    table = open_table(put("t.csv", content))
    assert table.columns == columns
    lines_there = len(content.splitlines())
    headless = columns[0] == "1" and not content.startswith(",")
    assert len(rows(table)) == lines_there - (not headless)
    assert "(guessed)" in table.form


@pytest.mark.parametrize(
    ("first", "names", "columns"),
    [
        ("v1,v2,,,", ["v2"], ("v1", "v2", "3", "4", "5")),
        ("\ufeffv1,v2", ["v2", "v1"], ("v1", "v2")),
        ("Wie geht es dir?,Stimmung", ["Stimmung"], ("Wie geht es dir?", "Stimmung")),
        ("1,2,3", ["2"], ("1", "2", "3")),
        ("v1,v2,,,", ["v3"], ("1", "2", "3", "4", "5")),
        ("x,2,,x", ["x"], ("x", "2", "3", "4")),
        ("2,,2", [], ("1", "2", "3")),
    ],
)
def test_a_first_line_that_holds_a_column_asked_for_is_the_header(
    first: str, names: list[str], columns: tuple[str, ...]
) -> None:
    width = first.count(",") + 1
    body = "".join(f"{',' * (width - 1)}\n" for _ in range(3))
    table = open_table(put("t.csv", f"{first}\n{body}"), names=names)
    assert table.columns == columns
    assert len(rows(table)) == (4 if columns[0] == "1" else 3)
    assert table.header is (columns[0] != "1")


def test_columns_of_the_same_name_are_told_apart() -> None:
    table = open_table(put("t.csv", "text,2,,text,label\na,b,c,d,e\n"))
    assert table.columns == ("text", "2", "3", "4", "label")
    assert table.renamed == {"4": "text"}
    assert rows(table) == [dict(zip(table.columns, "abcde", strict=True))]
    table = open_table(put("t.csv", "2,,text,2\na,b,c,d\n"))
    assert table.columns == ("2", "column 2", "text", "4")


@pytest.mark.parametrize("sep", ["sep=;", '"sep=;"'])
def test_the_first_line_of_excel_names_the_delimiter(sep: str) -> None:
    path = put("t.csv", f'\ufeff{sep}\r\ntext;label\r\n"one, two\r\n";1\r\nb, c;2\r\n')
    table = open_table(path)
    assert [place for place, _ in table.rows()] == [3, 5]
    assert cells(table) == [["one, two\r\n", "1"], ["b, c", "2"]]
    assert table.form == "split at semicolons, the first line is the header (guessed)"
    assert "t.csv line 6 has 1 field" in complaint(put("t.csv", path.read_bytes() + b"x\r\n"))
    quoted = complaint(put("t.csv", path.read_bytes() + b'\r\n"x\r\ny" z;'))
    assert "t.csv line 8: text goes on after a closing quote (in line 9)" in quoted


@pytest.mark.parametrize(
    ("name", "record", "told"),
    [
        ("t.tsv", '"So\t1\nlate\t0\n"yes', (3, 3)),
        ("t.tsv", '"two\nlines"', None),
        ("t.tsv", '"a\ttab"', None),
        ("t.csv", '"so,1\nlate,0\nyes"', (3, 3)),
        ("t.csv", '"Dear all, again\nwell, so\nyes"', None),
        ("t.csv", '"1,5 metres\nlong"', None),
        ("t.csv", '"a,b\nwith,two,of them\nyes"', None),
    ],
)
def test_quotes_that_swallow_rows_are_noted(
    name: str, record: str, told: tuple[int, int] | None
) -> None:
    sign = "\t" if name.endswith("tsv") else ","
    record = record if record.endswith('"') else f'{record}"'
    record = record.replace('"yes"', 'yes"')
    path = put(
        name, f"text{sign}label\nfine{sign}1\n{record}{sign}0\nfine{sign}1\n{record}{sign}1\n"
    )
    table = open_table(path)
    assert table.notes == []
    assert len(rows(table)) == len(rows(table)) == 4
    what = "tabs" if sign == "\t" else "commas"
    assert (
        table.notes == []
        if told is None
        else [
            f"{name} line {told[0]}: a quoted text runs over {told[1]} lines and holds {what} "
            "(2 such texts); --quote none takes quotes as they stand"
        ]
    )


def test_one_column_is_not_split() -> None:
    path = put("t.csv", 'text\nhello, you\n"well, yes"\n""\n')
    assert cells(open_table(path)) == [["hello, you"], ["well, yes"], [""]]


def test_tsv_prefers_the_tab() -> None:
    content = "a,b\t1,5\nc,d\t2,5\n"
    assert cells(open_table(put("t.tsv.gz", content, packed=True)))[0] == ["a,b", "1,5"]
    assert cells(open_table(put("t.csv", content)))[0] == ["a", "b\t1", "5"]


def test_what_is_asked_for_goes_before_what_is_guessed() -> None:
    path = put("t.csv", "text,label\n'a;b',1\n")
    assert open_table(path, header=False).columns == ("1", "2")
    assert open_table(path, delimiter=";").columns == ("text,label",)
    assert cells(open_table(path, quote="'")) == [["a;b", "1"]]
    assert open_table(put("n.csv", "1,2\n3,4\n"), header=True).columns == ("1", "2")
    assert cells(open_table(put("t.txt", "a\tb\n"), delimiter="tab")) == [["a", "b"]]


def test_without_quotes_a_quote_is_a_character() -> None:
    path = put("t.tsv", 'sentence\tlabel\n"Hi" he said\t1\n"open\t2\n')
    assert cells(open_table(path, quote=None)) == [['"Hi" he said', "1"], ['"open', "2"]]


def test_zero_bytes_are_characters() -> None:
    assert cells(open_table(put("t.csv", b"text,label\na\x00b,1\n"))) == [["a\x00b", "1"]]


def test_long_fields_are_read() -> None:
    long = "word " * 60_000
    csv.field_size_limit(131_072)
    assert cells(open_table(put("t.csv", f"text,label\n{long},1\n"))) == [[long, "1"]]


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (
            "a,b,c,d\n" + "1,2,3,4\n" * 15 + "1,2\n",
            {},
            "t.csv line 17 has 2 fields, but there are 4",
        ),
        (
            "text,label\n\nalone\n",
            {},
            "t.csv line 3 has 1 field, but there are 2 columns; complete",
        ),
        ("text,label\na, b, c,1\n", {}, "line 2 has 4 fields, but there are 2 columns; put texts"),
        ("text\ta\nx\ty\tz\n", {"quote": None}, "line 2 has 3 fields, but there are 2 columns; no"),
        ("text\na,b\n", {"delimiter": ","}, "t.csv line 2 has 2 fields, but there is 1 column"),
        ('text,label\na,1\n"b\nc,1\n', {}, "t.csv line 3: a quote is opened here and never closed"),
        ('text,a\n"b\n" c,1\n', {}, "line 2: text goes on after a closing quote (in line 3)"),
        ("", {}, "t.csv is empty"),
        ("\n  \n\n", {"delimiter": ","}, "t.csv is empty"),
        ("\n\r\n\n", {}, "t.csv is empty"),
        ("\ufeff", {}, "t.csv is empty"),
        ("a,b\n", {"delimiter": ";;"}, "the delimiter must be one character, not ';;'; a tab is"),
        ("a,b\n", {"delimiter": "\n"}, "the delimiter must be one character"),
        ("a,b\n", {"quote": ""}, "the quote must be one character, not ''"),
        ("a,b\n", {"quote": "|", "delimiter": "|"}, "delimiter and quote cannot both be '|'"),
    ],
)
def test_what_is_wrong_with_a_delimited_file(
    content: str, options: dict[str, Any], said: str
) -> None:
    assert said in complaint(put("t.csv", content), **options)


def test_too_few_fields_are_told_even_in_the_first_lines() -> None:
    assert "line 2 has 1 field, but there are 2" in complaint(put("t.csv", "text,label\nb\nc,1\n"))


# Encodings, gzip, and files that cannot be had


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("before", [0, 100_000])
def test_bytes_that_are_no_text(packed: bool, before: int) -> None:
    start = b"text,label\r\n" + "né,1\r\n".encode() * before
    path = put("t.csv", start + b"caf\xe9,1\r\n", packed)
    assert complaint(path) == (
        f"t.csv line {before + 2} is not UTF-8: byte 0xe9 at byte offset {len(start) + 3} of the "
        f"{'unpacked file' if packed else 'file'}; "
        "read it with --encoding latin-1, or save it as UTF-8"
    )
    content = (start + b"caf\xe9,1\r\n").decode("latin-1")
    assert len(rows(open_table(path, encoding="latin-1"))) == content.count("\n") - 1


@given(good=st.lists(TEXT, max_size=30), bad=st.sampled_from([b"\xff", b"\xc3(", b"\xed\xa0\x80"]))
@settings(max_examples=50, deadline=None)
@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_the_offset_and_the_line_are_right(suffix: str, good: list[str], bad: bytes) -> None:
    if suffix == "csv":
        written = io.StringIO(newline="")
        csv.writer(written, quoting=csv.QUOTE_ALL).writerows([text] for text in good)
        start = written.getvalue()
        line = start.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    else:
        start = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in good)
        line = len(good) + 1
    content = start.encode() + b'{"text": "' + bad
    with tempfile.TemporaryDirectory() as folder:
        path = put(f"{folder}/t.{suffix}", content)
        options = {"delimiter": ",", "quote": '"'} if suffix == "csv" else {}
        said = complaint(path, **options)
    assert f"line {line} is not UTF-8" in said
    assert f"at byte offset {len(start.encode()) + 10} of" in said


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (b"text,a\ncaf\x93e\x94,1\n", "utf-8", "read it with --encoding cp1252"),
        (b"text,a\ncaf\x81\xe9,1\n", "utf-8", "read it with --encoding latin-1"),
        (
            "text,a\ncafé,1\n".encode(),
            "ascii",
            "t.csv line 2 is not ascii: byte 0xc3 at byte offset",
        ),
        ("text,a\ncafé,1\n".encode(), "ascii", "read it with --encoding utf-8"),
        ("text,a\ncafé,1\n".encode("utf-16-le"), "utf-8", "as in UTF-16; read it with --encoding"),
        (b"text,a\ncaf\xc3", "utf-8", "line 2 is not UTF-8: the file ends inside a character"),
        ("text,a\nb,1\n".encode("utf-16")[:-1], "utf-16", "line 2 is not UTF-16: the file ends"),
        (
            "text,a\nb,1\n\ud800,1".encode("utf-16", "surrogatepass"),
            "utf-16",
            "at byte offset 24 of",
        ),
    ],
)
def test_what_is_said_of_an_encoding(content: bytes, encoding: str, said: str) -> None:
    assert said in complaint(put("t.csv", content), encoding=encoding)


@pytest.mark.parametrize("name", ["latn-1", "base64", "rot13", "idna", "", "utf-8\x00"])
@pytest.mark.parametrize("file", ["t.csv", "t.parquet", "folder"])
def test_an_unknown_encoding(name: str, file: str) -> None:
    put("t.csv", "text\na\n")
    put("folder/a/1.txt", "a")
    with pytest.raises(UsageError, match="there is no encoding"):
        open_table(Path("folder" if file == "folder" else "t.csv"), encoding=name)


def test_gzip_is_known_by_its_content() -> None:
    content = "text,label\n" + "hello,1\n" * 20_000
    assert len(rows(open_table(put("t.csv", content, packed=True)))) == 20_000
    assert len(rows(open_table(put("t.csv.gz", content)))) == 20_000


def test_broken_gzip() -> None:
    text = "".join(f"text {number},{number * number}\n" for number in range(30_000))
    content = gzip.compress(text.encode())
    cut = complaint(put("t.csv.gz", content[:-9]))
    assert cut.startswith("t.csv.gz is a gzip file that ends too early; it may have been cut off")
    spoilt = content[: len(content) // 2] + b"\xff\x00" * 50 + content[len(content) // 2 + 100 :]
    assert complaint(put("t.csv.gz", spoilt)).startswith("t.csv.gz is a broken gzip file")
    assert "broken gzip file" in complaint(put("t.jsonl.gz", b"\x1f\x8bno gzip at all"))
    assert "ends too early" in complaint(put("t.txt", content[:5]))
    assert "gzip twice" in complaint(put("t.csv.gz", gzip.compress(content), packed=False))
    assert "t.csv.gz is empty" in complaint(put("t.csv.gz", b"", packed=True))


def test_files_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    put("data/Tickets.csv", "text\na\n")
    assert complaint(Path("data/tickts.csv")) == (
        "there is no file data/tickts.csv; did you mean data/Tickets.csv?"
    )
    assert complaint(Path("data/zzz")) == "there is no file data/zzz"
    put("data/test.csv", "text\na\n")
    put("data/rest.tsv", "text\na\n")
    assert complaint(Path("data/train.csv")) == "there is no file data/train.csv"
    assert complaint(Path("data/test.tsv")).endswith("did you mean data/rest.tsv?")
    assert complaint(Path("data/test.cs")).endswith("did you mean data/test.csv?")
    assert complaint(Path("dta/t.csv")) == "there is no file dta/t.csv; there is no folder dta"
    assert complaint(Path("data/Tickets.csv/t.csv")).startswith(
        "data/Tickets.csv is a file, not a folder"
    )
    os.mkfifo("pipe.csv")
    assert complaint(Path("pipe.csv")).startswith("pipe.csv is not a regular file")

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "is_dir", refuse)
        assert complaint(Path("data/Tickets.csv")).startswith("data/Tickets.csv may not be read")
    monkeypatch.setattr(Path, "open", refuse)
    assert complaint(Path("data/Tickets.csv")).startswith("data/Tickets.csv may not be read")


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "txt", "json"])
def test_a_line_without_end_is_not_read_into_memory(
    suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST", 2**20)
    begin = {
        "csv": "text,label\nfine,1\n",
        "jsonl": '{"text": "fine"}\n\n',
        "txt": "__label__a fine\n\n__label__b ",
        "json": '[{"text": "',
    }[suffix]
    path = put(f"t.{suffix}", begin)
    os.truncate(path, 2**31)
    tracemalloc.start()
    said = complaint(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 * 2**20
    line = "t.json is one JSON array of more than 1,048,576 bytes"
    if suffix != "json":
        line = f"t.{suffix} line 3 is longer than 1,048,576 characters"
    assert said.startswith(line)


@pytest.mark.parametrize("field", ["one\n", 'one\n","'])
def test_a_record_without_end_is_not_read_into_memory(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST", 10_000)
    path = put("t.csv", "text,label\nfine,1\n" + '"' + field * 10_000)
    assert complaint(path, delimiter=",").startswith(
        "t.csv line 3: the record that begins here is longer than 10,000 characters; "
        "a quote is not closed"
    )


def test_a_table_of_many_lines_may_be_longer_than_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 20)
    assert len(rows(open_table(put("t.csv", "text,label\n" + '"a\nb",1\n' * 50)))) == 50
    assert len(rows(open_table(put("t.jsonl", '{"text": "a"}\n' * 50)))) == 50


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"PK\x03\x04", "an Excel workbook or a zip archive, not a table; save it as CSV"),
        (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
        (b"%PDF-1.7", "a PDF file"),
        (b"BZh9", "compressed with bzip2"),
        (b"\xfd7zXZ\x00", "compressed with xz"),
        (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
        (b"SQLite format 3\x00", "an SQLite database"),
    ],
)
def test_files_of_other_kinds(start: bytes, said: str) -> None:
    assert complaint(put("t.csv", start)).startswith(f"t.csv is {said}")


# JSON

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(
    items=st.lists(
        st.dictionaries(st.text(max_size=3), VALUES, max_size=3), min_size=1, max_size=6
    ),
    packed=st.booleans(),
    mark=st.booleans(),
    blank=st.sampled_from(["", "\n", " \t\n"]),
    suffix=st.sampled_from(["jsonl", "ndjson", "json", "array"]),
)
@settings(max_examples=60, deadline=None)
def test_what_json_writes_is_read_back(
    items: list[dict[str, Any]], packed: bool, mark: bool, blank: str, suffix: str
) -> None:
    content = blank + (blank + "\n").join(map(json.dumps, items)) + blank
    if suffix == "array":
        suffix, content = "json", blank + json.dumps(items, indent=2)
    with tempfile.TemporaryDirectory() as folder:
        data = content.encode("utf-8-sig" if mark else "utf-8")
        table = open_table(put(f"{folder}/t.{suffix}", data, packed))
        keys = dict.fromkeys(key for item in items for key in item)
        assert table.columns == tuple(keys)
        assert rows(table) == [{**dict.fromkeys(keys), **item} for item in items]
        assert all(isinstance(place, int) for place, _ in table.rows())


def test_json_text_may_hold_every_character() -> None:
    text = "\x85\u2028\u2029\x1c\x0b\x0c \ud83d"
    assert cells(open_table(put("t.jsonl", json.dumps({"text": text}) + "\r\n"))) == [[text]]
    body = json.dumps({"text": text[:-1]}, ensure_ascii=False)
    assert cells(open_table(put("t.jsonl", body + "\n" + body))) == [[text[:-1]]] * 2


def test_a_key_that_comes_late_stays_in_its_row() -> None:
    path = put("t.jsonl", '{"text": "a"}\n' * 1000 + '{"text": "b", "late": 1}\n{}\n')
    table = open_table(path)
    assert table.columns == ("text",)
    assert rows(table)[1000:] == [{"text": "b", "late": 1}, {"text": None}]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.jsonl", '{"a": 1}\n\n{"a": 1,}\n', "t.jsonl line 3 column 9 is not JSON: "),
        ("t.jsonl", '{"a": 1}\n  [1]\n', "t.jsonl line 2 column 3 is an array, not an object"),
        ("t.jsonl", '"text"\n', "t.jsonl line 1 column 1 is a string, not an object"),
        ("t.jsonl", '{"a": 1}\nnull\n', "line 2 column 1 is null, not an object; write one object"),
        ("t.jsonl", '{"a": 1}\n1.5\n', "line 2 column 1 is a number, not"),
        ("t.jsonl", '{"a": ' + "9" * 5000 + "}\n", "t.jsonl line 1 is not JSON: exceeds the limit"),
        ("t.jsonl", '{"a":' + "[" * 200_000 + "\n", "t.jsonl line 1 is not JSON: it is nested too"),
        ("t.json", '{\n  "a": 1\n}\n', "t.json is one JSON document over several lines, not one"),
        (
            "t.json",
            '\n{"data": [\n  {"a": 1}\n]}\n',
            "; write one object a line, such as with pandas'",
        ),
        ("t.jsonl", "[\n{}\n", "t.jsonl line 3 column 1 is not JSON: expecting"),
        ("t.jsonl", '{"a": 1}\n{"a": \n', "t.jsonl line 2 column 7 is not JSON: expecting"),
        ("t.json", '[{"a": 1},\n {"a" 2}]\n', "t.json line 2 column 7 is not JSON: expecting"),
        ("t.json", "[" * 200_000, "t.json is not JSON: it is nested too deep"),
        ("t.json", '[{"a": 1}, true]', "t.json row 2 is true, not an object"),
        ("t.json", " \n\n", "t.json is empty"),
        ("t.json", "", "t.json is empty"),
    ],
)
def test_what_is_wrong_with_json(name: str, content: str, said: str) -> None:
    assert said in complaint(put(name, content))


def test_places_in_json() -> None:
    lined = open_table(put("t.jsonl", '\n{"a": 1}\n\n{"a": 2}'))
    assert [lined.at(place) for place, _ in lined.rows()] == ["t.jsonl line 2", "t.jsonl line 4"]
    array = open_table(put("t.json", '[{"a": 1}, {"a": 2}]'))
    assert [array.at(place) for place, _ in array.rows()] == ["t.json row 1", "t.json row 2"]
    assert rows(open_table(put("none.json", "[]"))) == []


# Parquet


def write_parquet(path: str, columns: dict[str, list[Any]], **options: Any) -> Path:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), path, **options)
    return Path(path)


@given(
    table=st.lists(
        st.tuples(
            st.none() | st.text(st.characters(codec="utf-8"), max_size=9),
            st.none() | st.integers(-(2**62), 2**62),
            st.lists(st.floats(allow_nan=False), max_size=3),
        ),
        min_size=1,
        max_size=30,
    ),
    group=st.integers(1, 30),
    name=st.sampled_from(["t.parquet", "t", "t.csv"]),
)
@settings(max_examples=30, deadline=None)
def test_what_pyarrow_writes_is_read_back(
    table: list[tuple[Any, ...]], group: int, name: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        columns = dict(
            zip(("text", "count", "steps"), map(list, zip(*table, strict=True)), strict=True)
        )
        found = open_table(write_parquet(f"{folder}/{name}", columns, row_group_size=group))
        assert found.columns == ("text", "count", "steps")
        assert [tuple(row) for row in cells(found)] == table
        assert [place for place, _ in found.rows()] == list(range(1, len(table) + 1))
        assert found.at(3) == f"{name} row 3"


def test_parquet_in_more_than_a_batch() -> None:
    path = write_parquet("t.parquet", {"text": [str(number) for number in range(2500)]})
    found = list(open_table(path).rows())
    assert found == [(number + 1, {"text": str(number)}) for number in range(2500)]


def test_what_is_wrong_with_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"a text of its own {number * number}" for number in range(5000)]
    path = write_parquet("t.parquet", {"text": texts}, use_dictionary=False)
    content = path.read_bytes()
    assert "cut.parquet is not a whole Parquet file: " in complaint(
        put("cut.parquet", content[:-99])
    )
    assert "not a whole Parquet file" in complaint(put("cut", content[:2000]))
    assert complaint(put("c.parquet", "text,label\ná,1\n")).startswith(
        "c.parquet is no Parquet file but text; give it the suffix that fits"
    )
    assert "not a whole Parquet file" in complaint(put("n.parquet", b"a\0,\xff\n"))
    spoilt = content[:100] + b"\xff" * 30_000 + content[30_100:]
    assert "not a whole Parquet file" in complaint(put("s.parquet", spoilt))
    assert "t.parquet.gz is a Parquet file within gzip; unpack it" in complaint(
        put("t.parquet.gz", content, packed=True)
    )
    assert "is empty" in complaint(put("e.parquet", b""))
    assert rows(open_table(write_parquet("zero.parquet", {"text": []}))) == []
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="reading Parquet needs pyarrow; pip install 'seqclf"):
        open_table(path)


# fastText


@pytest.mark.parametrize("name", ["t.txt", "t.train", "t.txt.gz", "t"])
def test_fasttext_lines(name: str) -> None:
    content = (
        "\ufeff__label__fault __label__urgent It broke,\x85 again\r\n\n"
        "__label__praise\tthanks  a lot \n"
        "__label__a in the __label__b middle __label__c\n"
        "__label__only\n"
        "__label__a no__label__here\n"
    )
    table = open_table(put(name, content, packed=name.endswith("gz")))
    assert table.columns == ("text", "labels")
    assert list(table.rows()) == [
        (1, {"text": "It broke,\x85 again", "labels": ["fault", "urgent"]}),
        (3, {"text": "thanks  a lot", "labels": ["praise"]}),
        (4, {"text": "in the middle", "labels": ["a", "b", "c"]}),
        (5, {"text": "", "labels": ["only"]}),
        (6, {"text": "no__label__here", "labels": ["a"]}),
    ]


def test_fasttext_lines_without_labels() -> None:
    path = put("t.txt", "__label__a one\n\ntwo\n")
    assert complaint(path) == (
        "t.txt line 3 has no label; begin it with __label__name; --drop-missing leaves such lines "
        "out"
    )
    assert cells(open_table(path, labels_required=False)) == [["one", ["a"]], ["two", []]]
    assert "t.txt line 2 has an empty label" in complaint(put("t.txt", "__label__a b\n__label__ c"))


# Folders


def test_a_folder_with_one_folder_a_class() -> None:
    put("mails/spam/2.txt", "Win\r\nnow\r\n")
    put("mails/spam/10.txt.gz", "a prize\n\n", packed=True)
    put("mails/spam/.hidden.txt", "no")
    put("mails/spam/notes.md", "no")
    put("mails/ham/Ü.TXT", "Grüße".encode("utf-8-sig"))
    put("mails/.git/x.txt", "no")
    put("mails/README.txt", "no")
    table = open_table(Path("mails"))
    assert (table.columns, table.unit) == (("text", "label", "file"), "file")
    assert list(table.rows()) == [
        (1, {"text": "Grüße", "label": "ham", "file": "ham/Ü.TXT"}),
        (2, {"text": "a prize\n", "label": "spam", "file": "spam/10.txt.gz"}),
        (3, {"text": "Win\r\nnow", "label": "spam", "file": "spam/2.txt"}),
    ]
    assert table.at(2) == str(Path("mails/spam/10.txt.gz"))


def test_files_of_a_folder_that_do_not_end_in_txt() -> None:
    for name in ("alt/1", "alt/2.html", "sci/53.eml", "sci/.DS_Store", "sci/Thumbs.db"):
        put(f"news/{name}", name)
    put("news/__MACOSX/alt/1", "no")
    Path("news/sci/below").mkdir()
    table = open_table(Path("news"))
    assert [row["text"] for row in rows(table)] == ["alt/1", "alt/2.html", "sci/53.eml"]
    assert table.notes == ["news: no file ends in .txt, so every file is taken for a text"]
    put("news/alt/a.txt", "a text")
    put("news/sci/b.txt", "a text")
    table = open_table(Path("news"))
    assert cells(table) == [["a text", "alt", "alt/a.txt"], ["a text", "sci", "sci/b.txt"]]
    assert table.notes == ["news: 3 files that do not end in .txt are left out"]


def test_what_is_wrong_with_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    put("flat/1.txt", "a")
    assert complaint(Path("flat")).startswith("flat is a folder without folders in it; put the")
    put("a/spam/1.txt", "a")
    Path("a/ham").mkdir()
    assert complaint(Path("a")).startswith("a/ham has no text file; every folder is a class")
    put("a/ham/1.html", "a")
    assert "a/ham has no text file: no name in it ends with .txt" in complaint(Path("a"))
    put("a/ham/2.txt", b"ab\ncaf\xe9.")
    assert "a/ham/2.txt line 2 is not UTF-8: byte 0xe9 at byte offset 6" in complaint(Path("a"))
    put("a/ham/2.txt", gzip.compress(b"a long text")[:-3])
    assert "a/ham/2.txt is a gzip file that ends too early" in complaint(Path("a"))
    put("a/ham/2.txt", "12345678901")
    monkeypatch.setattr(lines, "LONGEST", 10)
    assert "a/ham/2.txt is longer than 10 characters" in complaint(Path("a"))


# Names, real files


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "ndjson", "json", "parquet", "CSV"])
def test_which_names_are_tables(suffix: str) -> None:
    assert is_table_path(Path(f"a/t.{suffix}"))
    assert is_table_path(Path(f"t.x.{suffix}.gz"))
    assert not is_table_path(Path(f"t.{suffix}.txt"))
    assert not is_table_path(Path(suffix))


def test_the_content_tells_where_the_name_does_not() -> None:
    assert cells(open_table(put("a.data", ' \n {"text": "a"}\n'))) == [["a"]]
    assert cells(open_table(put("b.data", '[{"text": "a"}]'))) == [["a"]]
    assert cells(open_table(put("c.data", "text,label\na,1\n"))) == [["a", "1"]]
    utf16 = codecs.BOM_UTF16_BE + "__label__x a\n".encode("utf-16-be")
    assert cells(open_table(put("d.data", utf16))) == [["a", ["x"]]]


@pytest.mark.skipif(not (_SHARED / "emojify").exists(), reason=f"no exercise at {_SHARED}/emojify")
def test_the_emoji_exercise() -> None:
    table = open_table(_SHARED / "emojify" / "train.csv")
    assert table.columns == ("1", "2")
    assert next(table.rows()) == (1, {"1": "never talk to me again", "2": "3"})
    assert len(rows(table)) == 132


@pytest.mark.skipif(not (_SHARED / "imdb").exists(), reason=f"no reviews at {_SHARED}/imdb")
def test_the_reviews() -> None:
    path = _SHARED / "imdb" / "reviews_test.csv.gz"
    table = open_table(path)
    assert table.columns == ("text", "label")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        own = csv.DictReader(file)
        for (_, row), theirs in islice(zip(table.rows(), own, strict=True), 5000):
            assert row == theirs


def test_errors_are_of_data_or_of_use() -> None:
    with pytest.raises(DataError):
        open_table(Path("nowhere.csv"))


@given(
    content=st.binary(max_size=60)
    | st.text("\"',;\t|\r\n {}[]:_label\x00\ufeffé", max_size=60).map(str.encode),
    start=st.sampled_from([b"", b"PAR1", b"\x1f\x8b\x08", b"[", b"{", b"__label__a ", b"\xff\xfe"]),
    suffix=st.sampled_from(["csv", "tsv", "jsonl", "json", "parquet", "txt", "gz"]),
    encoding=st.sampled_from(["utf-8", "utf-16", "latin-1", "utf-7", "shift_jis", "gb18030", "hz"]),
    quote=st.sampled_from(['"', None]),
    delimiter=st.sampled_from([None, ",", "\x00", " "]),
)
@settings(max_examples=150, deadline=None)
def test_no_bytes_end_in_anything_but_a_sentence(
    content: bytes, start: bytes, suffix: str, encoding: str, quote: Any, delimiter: Any
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = put(f"{folder}/t.{suffix}", start + content)
        said = ""
        try:
            table = open_table(path, encoding=encoding, quote=quote, delimiter=delimiter)
            for _, row in table.rows():
                assert set(table.columns) <= set(row)
        except SeqclfError as error:
            said = str(error)
        assert "\n" not in said
