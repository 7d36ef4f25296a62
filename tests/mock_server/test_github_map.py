"""The map file of GitHub: what is written, what is read, and what each wrong row is told."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.github_map import COLUMNS, MOST_BYTES, MOST_MESSAGES, Holder, Line, Pair, read, write
from mock_server.domain.matching import folded
from mock_server.errors import Invalid

HEADER = "tempo_account_id,display_name,email,github_username"
PEOPLE = ("5b10a1", "557058:f58131cb", "=sum", "5e10")
LOGINS = ("octocat", "Mona-Lisa", "-dash", "@at")
LINE = "5b10a1,Fred Winston,fred@example.org,octocat"
FORMULAS = "=+-@\t\r"


def messages(data: str | bytes, taken: dict[str, Holder] | None = None) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read(data.encode() if isinstance(data, str) else data, PEOPLE, LOGINS, taken)
    return caught.value.messages


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (f"{HEADER}\n{LINE}\n", [("5b10a1", "octocat")]),
        (f"{HEADER}\n{LINE}", [("5b10a1", "octocat")]),
        (f"{HEADER}\r\n{LINE}\r\n", [("5b10a1", "octocat")]),
        (f"{HEADER}\r{LINE}\r", [("5b10a1", "octocat")]),
        (f"\ufeff{HEADER}\r\n{LINE}\r\n", [("5b10a1", "octocat")]),
        (f"{HEADER}\n{LINE}\n".replace(",", ";"), [("5b10a1", "octocat")]),
        (f"\ufeff{HEADER}\r\n{LINE}\r\n".replace(",", ";"), [("5b10a1", "octocat")]),
        (f"{HEADER.upper()}\n{LINE}", [("5b10a1", "octocat")]),
        (f'"{HEADER.replace(",", chr(34) + "," + chr(34))}"\n"5b10a1","Winston, Fred","","octocat"', [("5b10a1", "octocat")]),
        (f'{HEADER}\n5b10a1,"Fred\nWinston",,octocat\n557058:f58131cb,,,mona-lisa',
         [("5b10a1", "octocat"), ("557058:f58131cb", "Mona-Lisa")]),
        (f"{HEADER}\n\n,,,\n{LINE}\n\n", [("5b10a1", "octocat")]),
        (f"{HEADER}\n 5b10a1 ,,, OCTOCAT ", [("5b10a1", "octocat")]),
        (f"{HEADER},,\n{LINE},,", [("5b10a1", "octocat")]),
        (f"{HEADER}\n5b10a1,=cmd(),+1,octocat", [("5b10a1", "octocat")]),
        (f"{HEADER}\n'=sum,x,x,'-dash", [("=sum", "-dash")]),
        (f"{HEADER}\n5b10a1,Зоя 名,,octocat", [("5b10a1", "octocat")]),
    ],
)  # fmt: skip
def test_an_upload_is_read_however_a_spreadsheet_saves_it(text: str, pairs: list[tuple[str, str]]) -> None:
    assert read(text.encode(), PEOPLE, LOGINS) == [Pair(*pair) for pair in pairs]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("nobody,,,octocat", "Row 2: nobody has the Tempo account id nobody."),
        ("5.57E+23,,,octocat", "Row 2: nobody has the Tempo account id 5.57E+23. A spreadsheet has made a number of it"),
        ("5b10a1,,,hubert", "Row 2: GitHub has no user hubert that the app has access to."),
        ("5b10a1,,,", "Row 2: github_username is empty."),
        ("5b10a1,,,   ", "Row 2: github_username is empty."),
        (",Fred,,octocat", "Row 2: tempo_account_id is empty."),
        ("5b10a1,,,=HYPERLINK(1)", "Row 2: github_username looks like a formula: =HYPERLINK(1)."),
        ("5b10a1,,,@octocat", "Row 2: github_username looks like a formula: @octocat."),
        ("=1+1,,,octocat", "Row 2: tempo_account_id looks like a formula: =1+1."),
        (f"{LINE}\n5b10a1,,,mona-lisa", "Row 3: 5b10a1 is in row 2 already."),
        (f"{LINE}\n5e10,,,OctoCat", "Row 3: the GitHub user OctoCat is in row 2 already."),
        ("5b10a1,octocat", "Row 2: there are 2 cells, and there must be 4"),
        ("5b10a1,a,b,octocat,c", "Row 2: there are 5 cells, and there must be 4"),
        (f"\n{LINE}\nnobody,,,mona-lisa", "Row 4: nobody has the Tempo account id nobody."),
        ('5b10a1,"Fred\nW",,octocat\n5e10,,,who', "Row 3: GitHub has no user who"),
        ("5b10a1,\"Fred,,octocat", "Row 2: a quotation mark is not closed"),
        (f"5b10a1,{'x' * 200_000},,octocat", "Row 2: a quotation mark is not closed, or a cell is too long"),
        ("", "Row 2: there is nobody in the file."),
        ("\n,,,\n", "Row 2: there is nobody in the file."),
        ("5b10a1,,,oct\0cat", "Row 2: this is no text."),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_by_its_number(rows: str, message: str) -> None:
    (told,) = messages(f"{HEADER}\n{rows}")
    assert told.startswith(message)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", "nothing"),
        ("tempo_account_id,github_username", "tempo_account_id,github_username"),
        ("id,name,mail,login", "id,name,mail,login"),
        ("github_username,email,display_name,tempo_account_id", "github_username,email,display_name,tempo_account_id"),
        (LINE, LINE),
        ("<script>", "<script>"),
    ],
)
def test_another_header_is_refused(header: str, found: str) -> None:
    assert messages(f"{header}\n{LINE}") == [f"Row 1: the header must be {HEADER}, and there is {found}."]


def test_an_empty_file_has_no_header() -> None:
    assert messages(b"")[0].startswith("Row 1: the header must be")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16"])
def test_other_encodings_are_told_with_the_row(encoding: str) -> None:
    (told,) = messages(f"{HEADER}\n{LINE}\n5e10,Jörg Müller,,mona-lisa".encode(encoding))
    row = 1 if encoding == "utf-16" else 3
    assert told.startswith(f"Row {row}: this is no UTF-8. Save it as CSV UTF-8")


def test_all_wrong_rows_are_told_at_once_and_no_row_is_taken() -> None:
    told = messages(f"{HEADER}\n{LINE}\nnobody,,,octocat\n5e10,,,\n557058:f58131cb,,,hubert")
    assert [message.partition(":")[0] for message in told] == ["Row 3", "Row 4", "Row 5"]


def test_very_many_wrong_rows_are_told_up_to_a_number() -> None:
    told = messages(f"{HEADER}\n" + "\n".join(f"nobody{n},,,octocat{n}" for n in range(1234)))
    assert len(told) == MOST_MESSAGES + 1
    assert told[-1] == "1,134 more rows are wrong."


def test_a_file_of_ten_megabytes_is_refused() -> None:
    (told,) = messages(f"{HEADER}\n{LINE}\n".encode() + b"," * 10_000_000)
    assert f"the most that is read are {MOST_BYTES:,}" in told


def test_a_login_of_somebody_else_is_refused_and_ones_own_again_is_not() -> None:
    data = f"{HEADER}\n{LINE}"
    (told,) = messages(data, {"Octocat": Holder("5e10", "Jörg", False)})
    assert told.startswith("Row 2: the GitHub user octocat is connected to Jörg. Give them another user in this file, too")
    assert read(data.encode(), PEOPLE, LOGINS, {"Octocat": Holder("5b10a1", "Fred", False)}) == [Pair("5b10a1", "octocat")]


def test_the_file_has_exactly_the_lines_in_their_order() -> None:
    lines = [Line("5b10a1", "Fred Winston", "fred@example.org"), Line("5e10", "Winston, Jörg", "")]
    written = write(lines)
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode("utf-8-sig") == f'{HEADER}\r\n5b10a1,Fred Winston,fred@example.org,\r\n5e10,"Winston, Jörg",,\r\n'


@pytest.mark.parametrize("begin", [*FORMULAS, "＝", "＠", "a;=", "a,+", "a\t-", "a\n@"])  # noqa: RUF001
def test_nothing_of_it_runs_in_a_spreadsheet(begin: str) -> None:
    text = write([Line("5e10", f"{begin}cmd|' /C calc'!A0", f"{begin}x")]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), strict=True):
        for cell in row:
            for end in ';,\t\n"':
                parts = cell.split(end)
                assert not any(part.startswith((*FORMULAS, "＝", "＠")) for part in parts if part), cell  # noqa: RUF001


# Spaces around an id or a login are nobody's, and no text of a world holds half a character or a NUL.
_TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
_DANGEROUS = st.text(st.sampled_from("=+-@\t\r\n';,\"|a"), max_size=8)
_CELLS = _TEXT | _DANGEROUS
_NAMES = _CELLS.filter(lambda text: text.strip(" \u00a0") == text != "" and text.strip() != "")


@given(
    st.lists(st.tuples(_NAMES, _CELLS, _CELLS, _NAMES), min_size=1, unique_by=(lambda row: row[0], lambda row: folded(row[3])))
)
def test_what_is_written_is_read_again(rows: list[tuple[str, str, str, str]]) -> None:
    lines = [Line(*row) for row in rows]
    data = write(lines)
    logins = [line.login for line in lines]
    assert read(data, {line.account_id for line in lines}, logins) == [Pair(line.account_id, line.login) for line in lines]
    saved = io.StringIO(newline="")
    csv.writer(saved, delimiter=";").writerows(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(read(saved.getvalue().encode(), {line.account_id for line in lines}, logins)) == len(rows)


@given(st.lists(st.tuples(_CELLS, _CELLS, _CELLS, _CELLS), max_size=5))
def test_no_cell_begins_a_formula(rows: list[tuple[str, str, str, str]]) -> None:
    text = write([Line(*row) for row in rows]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), strict=True):
        assert len(row) == len(COLUMNS)
        assert not any(cell.startswith(tuple(FORMULAS)) for cell in row)


@given(st.binary(max_size=300) | st.builds(lambda rows: f"{HEADER}\n{rows}".encode(), _TEXT))
def test_any_bytes_are_read_or_told_with_a_row(data: bytes) -> None:
    told: list[str] = []
    try:
        read(data, PEOPLE, LOGINS)
    except Invalid as wrong:
        told = wrong.messages
    assert all(message.startswith("Row ") for message in told)
