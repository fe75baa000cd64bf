"""Files people send: every usual one is read, every hostile one is refused with a sentence."""

import csv
import datetime
import io
import os
import struct
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from lms.core.tables import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    TableRefused,
    column_letter,
    is_slow_to_read,
    read_table,
    write_csv,
    write_workbook,
)

HEADER = ["Name", "E-mail"]
PEOPLE = [["Siân Pritchard", "sian@example.org"], ["Tomasz", "tomasz@example.org"]]
FILE = Path(__file__).parent.parent / "data" / "people_import.csv"


def text(separator=",", rows=PEOPLE, header=HEADER, newline="\r\n"):
    return newline.join(separator.join(row) for row in [header, *rows])


def values(table):
    return [list(row.values) for row in table.rows]


def xlsx(rows, *, change=None, **sheets):
    book = Workbook()
    page = book.active
    for row in rows:
        page.append(row)
    if change:
        change(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_parts(content, parts, *, without=()):
    """An XLSX file with other parts in it."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts and name not in without:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return changed.getvalue()


def code_of(content):
    with pytest.raises(TableRefused) as refusal:
        read_table(content)
    assert len(str(refusal.value.message)) > 20
    assert refusal.value.status in (413, 422)
    return refusal.value.code


# --- CSV ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_usual_separator(separator, newline):
    table = read_table(text(separator, newline=newline).encode())
    assert (list(table.header), values(table)) == (HEADER, PEOPLE)


@pytest.mark.parametrize(
    ("encoding", "is_remarked"),
    [
        ("utf-8", False),
        ("utf-8-sig", False),
        ("utf-16", False),
        ("utf-16-le", False),
        ("utf-16-be", False),
        ("utf-32", False),
        ("cp1252", True),
        ("mac_roman", True),
        ("cp850", True),
    ],
)
def test_every_usual_encoding(encoding, is_remarked):
    table = read_table(text().encode(encoding))
    assert values(table) == PEOPLE
    assert bool(table.remarks) == is_remarked


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Zoë"),
        ("cp1252", "Máire O’Brien"),
        ("cp1252", "JOSÉ GARCÍA"),
        ("cp1252", "Renée MacÉnrí-Müller"),
        ("cp1250", "Łukasz Żak"),
        ("mac_roman", "Sofía Núñez"),
    ],
)
def test_the_accents_of_one_name_tell_the_encoding(encoding, name):
    assert values(read_table(text(rows=[[name, "x@y.org"]]).encode(encoding)))[0][0] == name


def test_the_file_of_the_brief_in_another_encoding_and_separator():
    rows = list(csv.reader(io.StringIO(FILE.read_text(encoding="utf-8-sig"))))
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    table = read_table(written.getvalue().encode("utf-16"))
    same = read_table(FILE.read_bytes())
    assert table.rows == same.rows
    assert len(table.rows) == 500
    assert [row.number for row in table.rows] == list(range(2, 502))


def test_line_breaks_and_separators_inside_quotation_marks_are_text():
    table = read_table(b'Name;Note\n"Ann; Able";"one\ntwo"\nBen;\n')
    assert values(table) == [["Ann; Able", "one\ntwo"], ["Ben", ""]]
    assert [row.number for row in table.rows] == [2, 3]


def test_commas_in_a_file_of_semicolons():
    assert values(read_table(b"Name;Place\nAble, Ann;Hill, Vale\nBen;Dale\n"))[0] == [
        "Able, Ann",
        "Hill, Vale",
    ]


def test_excel_may_name_the_separator_first():
    table = read_table(b"sep=;\r\nName;E-mail\r\nAnn, Able;a@b.org\r\n")
    assert (list(table.header), values(table)) == (HEADER, [["Ann, Able", "a@b.org"]])


def test_numbers_are_those_a_spreadsheet_shows_with_titles_and_blank_rows():
    table = read_table(b"Staff of Hill School\n\nName,E-mail\n\nAnn,a@b.org\n,\nBen,b@b.org\n")
    assert [(row.number, row.values[0]) for row in table.rows] == [(5, "Ann"), (7, "Ben")]


def test_columns_without_a_name_or_with_one_twice_are_told_apart():
    table = read_table(b"Name,,Name\nAnn,x,y\n")
    assert table.header == ("Name", "Column B", "Name (column C)")


def test_a_row_may_be_shorter_or_longer_than_the_header():
    table = read_table(b"Name,E-mail\nAnn\nBen,b@b.org,,\nCai,c@b.org,more\n")
    assert values(table) == [["Ann"], ["Ben", "b@b.org"], ["Cai", "c@b.org", "more"]]


def test_marks_that_are_not_seen_are_left_out_and_spaces_stay():
    table = read_table("Name,E-mail\nAnn\u200b\xa0Able, a@b.org \n".encode())
    assert values(table) == [["Ann Able", " a@b.org "]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table_empty"),
        (b"  \r\n \r\n", "table_empty"),
        (b",,,\n,,\n", "table_empty"),
        (b"Name,E-mail\n", "table_has_no_rows"),
        (b"Name,E-mail\n,\n", "table_has_no_rows"),
        (b"Ann,ann@example.org\nBen,ben@example.org\n", "table_has_no_header"),
        (b"Name,E-mail\nAnn\0,a@b.org\n", "table_has_nul_bytes"),
        (bytes(range(256)) * 8, "table_has_nul_bytes"),
        (b"\xff\xfeN", "table_encoding_unknown"),
        (b"\x01\x02\x03\x04\x05\x06,\x0e\x0f" * 40, "not_a_table"),
        (b"%PDF-1.7\n%", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table"),
        (b"<!DOCTYPE html><table>", "not_a_table"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>", "not_a_table"),
        (b"\x1f\x8b\x08\x00", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "locked_workbook",
        ),
        (b"PK\x03\x04 not really", "damaged_workbook"),
    ],
)
def test_what_is_no_table_is_refused(content, code):
    assert code_of(content) == code


def test_sizes_that_no_list_of_people_has_are_refused():
    assert code_of(b"a" * (MAX_BYTES + 1)) == "table_too_big"
    assert code_of(b"Name,E-mail\n" + b"A,b\n" * (MAX_ROWS + 1)) == "table_too_big"
    assert len(read_table(b"Name,E-mail\n" + b"A,b\n" * MAX_ROWS).rows) == MAX_ROWS
    wide = ",".join(f"c{n}" for n in range(MAX_COLUMNS + 1))
    assert code_of(f"{wide}\n{wide}\n".encode()) == "table_too_big"
    assert code_of(b"Name,E-mail\n" + b"a" * (MAX_CELL + 1) + b",b\n") == "table_too_big"
    assert code_of(b"Name,E-mail\n" + b"\n" * 300_000 + b"A,b\n") == "table_too_big"


def test_a_quotation_mark_left_open_is_named_by_its_row():
    content = b'Name,E-mail\nAnn,a@b.org\n"Ben,b@b.org\n' + b"Cai,c@b.org\n" * 20_000
    with pytest.raises(TableRefused, match="Row 3"):
        read_table(content)


def test_a_hundred_thousand_rows_are_refused_without_reading_them_all():
    content = b"Name,E-mail\n" + b"Ann Able,ann@example.org\n" * 100_000
    began = time.monotonic()
    with pytest.raises(TableRefused, match="20,000 rows"):
        read_table(content)
    assert time.monotonic() - began < 10


# --- XLSX -----------------------------------------------------------------------------------------


def test_a_workbook_is_read_like_the_same_csv():
    table = read_table(xlsx([HEADER, *PEOPLE]))
    assert (list(table.header), values(table)) == (HEADER, PEOPLE)
    assert [row.number for row in table.rows] == [2, 3]


def test_cells_of_every_kind_come_as_text_and_formulas_are_not_evaluated():
    def change(book):
        page = book.active
        page["A2"] = '=HYPERLINK("http://example.org","x")'
        page["B2"] = datetime.date(2027, 5, 3)
        page["C2"] = datetime.datetime(2027, 5, 3, 9, 30)  # noqa: DTZ001 - a sheet knows no zones
        page["D2"] = 12.0
        page["E2"] = 0.5
        page["F2"] = True
        page["G2"] = ArrayFormula("G2:G3", "=A1:A2")
        page["H2"] = "#N/A"
        page["I2"] = datetime.time(9, 30)

    table = read_table(xlsx([[f"c{n}" for n in range(9)], ["x"] * 9], change=change))
    assert values(table) == [
        [
            '=HYPERLINK("http://example.org","x")',
            "2027-05-03",
            "2027-05-03 09:30:00",
            "12",
            "0.5",
            "TRUE",
            "=A1:A2",
            "#N/A",
            "09:30:00",
        ]
    ]


def test_merged_and_hidden_cells_and_other_sheets():
    def change(book):
        page = book.active
        page.merge_cells("A2:A3")
        page.row_dimensions[3].hidden = True
        page.column_dimensions["B"].hidden = True
        other = book.create_sheet("Other")
        other.append(["Never", "read"])

    table = read_table(xlsx([HEADER, *PEOPLE], change=change))
    assert values(table) == [PEOPLE[0], ["", "tomasz@example.org"]]
    assert "several sheets" in table.remarks[0]


def test_the_first_sheet_that_is_shown_is_read():
    def change(book):
        book.active.sheet_state = "hidden"
        shown = book.create_sheet("People", 1)
        for row in (["Name", "E-mail"], ["Ann", "a@b.org"]):
            shown.append(row)

    assert values(read_table(xlsx([["Hidden", "x"], ["no", "no"]], change=change))) == [
        ["Ann", "a@b.org"]
    ]


def test_a_workbook_s_own_size_is_not_believed():
    content = xlsx([HEADER, *PEOPLE])
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    lying = sheet.replace(b'ref="A1:B3"', b'ref="A1:A1"')
    assert lying != sheet
    assert values(read_table(with_parts(content, {"xl/worksheets/sheet1.xml": lying}))) == PEOPLE


def test_one_cell_at_the_end_of_the_sheet_is_no_million_rows():
    def change(book):
        book.active.cell(row=1_048_576, column=1, value="far")

    began = time.monotonic()
    assert code_of(xlsx([HEADER, *PEOPLE], change=change)) == "table_too_big"
    assert time.monotonic() - began < 20


def test_a_cell_at_the_right_end_costs_nothing():
    def change(book):
        book.active.cell(row=2, column=16_384, value="far")

    assert values(read_table(xlsx([HEADER, *PEOPLE], change=change))) == PEOPLE


def test_a_workbook_of_a_hundred_thousand_rows_is_refused():
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(HEADER)
    for number in range(100_000):
        page.append([f"Ann {number}", f"ann{number}@example.org"])
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(TableRefused, match="rows"):
        read_table(content.getvalue())


def test_a_zip_bomb_is_not_unpacked():
    big = b"<row/>" + b" " * (60 * 1024 * 1024)
    bomb = with_parts(xlsx([HEADER, *PEOPLE]), {"xl/worksheets/sheet1.xml": big})
    assert len(bomb) < 100_000
    began = time.monotonic()
    assert code_of(bomb) == "workbook_unpacks_too_big"
    assert time.monotonic() - began < 1


def test_a_smaller_bomb_is_known_by_its_ratio():
    bomb = with_parts(xlsx([HEADER, *PEOPLE]), {"xl/media/a.png": b"\0" * (20 * 1024 * 1024)})
    assert code_of(bomb) == "workbook_unpacks_too_big"


def test_thousands_of_parts_are_a_bomb_too():
    parts = {f"xl/media/{n}.txt": b"x" for n in range(1100)}
    assert code_of(with_parts(xlsx([HEADER, *PEOPLE]), parts)) == "workbook_unpacks_too_big"


def test_a_part_that_is_larger_than_it_says_is_damaged():
    """A bomb may lie about its size: no more is unpacked than it said."""
    content = with_parts(
        xlsx([HEADER, *PEOPLE]), {"xl/sharedStrings.xml": b"<sst>" + b" " * 30_000_000}
    )
    said = struct.pack("<I", 30_000_005)
    assert content.count(said) == 2
    assert code_of(content.replace(said, struct.pack("<I", 500))) == "damaged_workbook"


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    b'<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<si><t>&lol2;</t></si></sst>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", [0, 300_000])
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_entities_that_could_expand_are_refused_unread(encoding, before, part):
    written = LAUGHS.replace(b"<!DOCTYPE", b" " * before + b"<!DOCTYPE").decode().encode(encoding)
    content = with_parts(xlsx([HEADER, *PEOPLE]), {part: written, "xl/noise.bin": noise()})
    assert code_of(content) == "workbook_declares_entities"


def noise():
    """So that the ratio alone does not give the file away."""
    return os.urandom(50_000)


def test_the_parser_itself_refuses_entities_too(monkeypatch):
    from lms.core.tables import workbooks

    monkeypatch.setattr(workbooks, "_refuse_declarations", lambda *_: None)
    content = with_parts(xlsx([HEADER, *PEOPLE]), {"xl/worksheets/sheet1.xml": LAUGHS})
    assert code_of(content) == "damaged_workbook"


@pytest.mark.parametrize(
    ("parts", "without", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, (), "workbook_with_macros"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, (), "other_workbook"),
        ({"xl/workbook.bin": b"x"}, ("xl/workbook.xml",), "other_workbook"),
        ({"word/document.xml": b"<a/>"}, ("xl/workbook.xml",), "not_a_table"),
        ({"xl/workbook.xml": b"<nonsense"}, (), "damaged_workbook"),
        ({"xl/worksheets/sheet1.xml": b"<nonsense"}, (), "damaged_workbook"),
        ({"xl/worksheets/sheet1.xml": b"<sheetData><row r='x'/></sheetData>"}, (), "table_empty"),
    ],
)
def test_workbooks_that_are_none_or_hold_programs_are_refused(parts, without, code):
    assert code_of(with_parts(xlsx([HEADER, *PEOPLE]), parts, without=without)) == code


def test_a_locked_part_is_a_locked_workbook():
    content = bytearray(xlsx([HEADER, *PEOPLE]))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1  # the flag of encryption, in the directory
    assert code_of(bytes(content)) == "locked_workbook"


def test_half_a_workbook_is_damaged():
    content = xlsx([HEADER, *PEOPLE])
    assert code_of(content[: len(content) // 2]) == "damaged_workbook"


# --- Handing out ----------------------------------------------------------------------------------

ARMED = ["=1+1", "+44 1865", "-1", "@SUM(A1)", "\tx", "\r=x", "plain", "Siân"]


def test_no_cell_of_a_csv_we_write_is_a_formula():
    content = write_csv(["=a", *["b"] * 7], [ARMED])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0][0] == "'=a"
    assert rows[1] == [*(f"'{cell}" for cell in ARMED[:6]), "plain", "Siân"]


def test_a_workbook_we_write_holds_text_and_no_formula():
    content = write_workbook(["=a"], [[cell] for cell in [*ARMED, "bell\x07"]])
    page = load_workbook(io.BytesIO(content)).active
    cells = [cell for (cell,) in page.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[0].value == "=a"
    assert cells[1].value == "=1+1"
    assert cells[-1].value == "bell"


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_have_letters(index, letter):
    assert column_letter(index) == letter


@pytest.mark.parametrize(
    ("content", "is_slow"),
    [
        (b"Name,E-mail\n" * 100_000, False),
        (b"PK\x03\x04damaged", False),
        (xlsx([HEADER, *PEOPLE]), False),
        (xlsx([HEADER, *PEOPLE * 2000]), True),
    ],
    ids=["text", "damaged", "short workbook", "long workbook"],
)
def test_only_a_big_workbook_is_slow_to_read(content, is_slow):
    assert is_slow_to_read(content) is is_slow
