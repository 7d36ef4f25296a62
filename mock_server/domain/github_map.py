"""The map file of GitHub: who of Tempo is whom on GitHub, told by hand where connecting found nobody.

Published are the clicks, and that the file holds the Tempo account id and the GitHub account; the columns are assumption
staff.githubMap. A file is read as a whole or not at all. Knows no store.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mock_server.domain.matching import folded
from mock_server.errors import Invalid

COLUMNS = ("tempo_account_id", "display_name", "email", "github_username")
"""The header. Of an upload the first and the last column are read; the others are there for whoever fills it in."""

MOST_BYTES = 5_000_000
"""A larger file is not read: one of 20,000 people has a tenth of that."""

MOST_MESSAGES = 100
"""Messages that one refusal holds; how many more there are is said in a last one."""

_WAY_OUT = "Save it as CSV UTF-8 and upload it again."
# What spreadsheets take for the beginning of a formula, also after what they may take for the end of a cell.
_RUNS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_ENDS = ',;|\t\r\n"'
_TO_GUARD = re.compile(rf"(?:\A|(?<=[{_ENDS}]))(?='*[{_RUNS}])")
_GUARDED = re.compile(rf"(?:\A|(?<=[{_ENDS}]))'(?='*[{_RUNS}])")
_FORMULA = re.compile(rf"\A[{_RUNS}]")
_NUMBER = re.compile(r"\A[0-9]+([.,][0-9]+)?(E[+-]?[0-9]+)?\Z", re.IGNORECASE)


class Line(NamedTuple):
    """A row of the file: a person of Tempo, and the login on GitHub, empty as long as nobody has told it."""

    account_id: str
    display_name: str
    email: str
    login: str = ""


class Pair(NamedTuple):
    """Who is whom: an accountId and a login as GitHub spells it."""

    account_id: str
    login: str


class Holder(NamedTuple):
    """Who is connected to a login: accountId and display name, and whether they connected themselves."""

    account_id: str
    name: str
    is_own: bool


class _Row(NamedTuple):
    number: int
    cells: Sequence[str]


def write(lines: Iterable[Line]) -> bytes:
    """The file to download: UTF-8 with a byte order mark, so that spreadsheets read the names right, commas, CRLF.

    Nothing in it runs when a spreadsheet opens it: an apostrophe stands before what would.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_TO_GUARD.sub("'", cell.replace("\0", "")) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig", errors="replace")


def read(
    data: bytes, account_ids: Collection[str], logins: Iterable[str], taken: Mapping[str, Holder] | None = None
) -> list[Pair]:
    """Who is whom in an upload, in the order of its rows.

    ``account_ids`` are the people there are, ``logins`` the accounts there are on GitHub, ``taken`` who is connected to a login
    already: it goes to another person only when the file gives its holder another login, and they did not connect themselves.
    Byte order mark, commas or semicolons, and the ends of lines of any system are read, and empty rows left out. Raises
    ``Invalid`` with a message for each row that is wrong, which begins with its number as a spreadsheet counts, from 1 on for
    the header.
    """
    rows = _rows(_text(data))
    _check_header(next(rows, None))
    checking = _Checking(account_ids, {folded(login): login for login in logins}, taken or {})
    for row in rows:
        checking.take(row)
    checking.finish()
    if not checking.pairs and not checking.messages:
        raise Invalid("Row 2: there is nobody in the file. Fill in a row for each person and upload it again.")
    if checking.messages:
        shown, rest = checking.messages[:MOST_MESSAGES], len(checking.messages) - MOST_MESSAGES
        more = (f"{rest:,} more rows are wrong.",) if rest > 0 else ()
        raise Invalid(shown[0], further=(*shown[1:], *more))
    return checking.pairs


class _Checking:
    """Rows that were looked at, and what is wrong with them."""

    def __init__(self, account_ids: Collection[str], logins: Mapping[str, str], taken: Mapping[str, Holder]) -> None:
        self._rows: list[tuple[int, Pair]] = []
        self._wrong: list[tuple[int, str]] = []
        self._account_ids = account_ids
        self._logins = logins
        self._taken = {folded(login): holder for login, holder in taken.items()}
        self._rows_of_ids: dict[str, int] = {}
        self._rows_of_logins: dict[str, int] = {}

    def take(self, row: _Row) -> None:
        """Look at a row."""
        try:
            self._rows.append((row.number, self._pair(row)))
        except Invalid as wrong:
            self._wrong.append((row.number, str(wrong)))

    def finish(self) -> None:
        """Look at what only the whole file tells: whether whoever holds a login is given another one."""
        for number, pair in self._rows:
            holder = self._taken.get(folded(pair.login))
            if holder is None or holder.account_id == pair.account_id:
                continue
            way_out = "They connected themselves, and can disconnect in My Apps."
            if not holder.is_own:
                if holder.account_id in self._rows_of_ids:
                    continue
                way_out = "Give them another user in this file, too, or let them disconnect in My Apps."
            self._wrong.append((number, f"the GitHub user {_told(pair.login)} is connected to {_told(holder.name)}. {way_out}"))

    @property
    def pairs(self) -> list[Pair]:
        """Who is whom, in the order of the rows."""
        return [pair for _, pair in self._rows]

    @property
    def messages(self) -> list[str]:
        """What is wrong, in the order of the rows."""
        return [f"Row {number}: {wrong}" for number, wrong in sorted(self._wrong)]

    def _pair(self, row: _Row) -> Pair:
        cells = list(row.cells)
        while len(cells) > len(COLUMNS) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(COLUMNS):
            raise Invalid(f"there are {len(cells)} cells, and there must be {len(COLUMNS)}: {', '.join(COLUMNS)}.")
        account_id, given = _value(cells[0], COLUMNS[0]), _value(cells[-1], COLUMNS[-1])
        first = self._rows_of_ids.setdefault(account_id, row.number)
        if first != row.number:
            raise Invalid(f"{_told(account_id)} is in row {first} already. Keep one row for each person.")
        first = self._rows_of_logins.setdefault(folded(given), row.number)
        if first != row.number:
            raise Invalid(f"the GitHub user {_told(given)} is in row {first} already. An account belongs to one person.")
        if account_id not in self._account_ids:
            reason = " A spreadsheet has made a number of it: format the column as text." if _NUMBER.match(account_id) else ""
            raise Invalid(f"nobody has the Tempo account id {_told(account_id)}.{reason}")
        login = self._logins.get(folded(given))
        if login is None:
            raise Invalid(f"GitHub has no user {_told(given)} that the app has access to.")
        return Pair(account_id, login)


def _value(cell: str, column: str) -> str:
    text = cell.strip(" \u00a0")
    if not text:
        raise Invalid(f"{column} is empty. Fill it in, or take the row out.")
    if _FORMULA.match(text):
        raise Invalid(f"{column} looks like a formula: {_told(text)}. Write it without the first character.")
    return _GUARDED.sub("", text)


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Invalid(f"The file has {len(data):,} bytes; the most that is read are {MOST_BYTES:,}. Upload it in parts.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"Row {_row_at(data[: error.start])}: this is no UTF-8. {_WAY_OUT}") from None
    if "\0" in text:
        raise Invalid(f"Row {_row_at(data.partition(bytes(1))[0])}: this is no text. {_WAY_OUT}")
    return text


def _row_at(before: bytes) -> int:
    return len(re.findall(rb"\r\n|\r|\n", before)) + 1


def _rows(text: str) -> Iterator[_Row]:
    first = text.partition("\n")[0].partition("\r")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
    )
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Invalid(f"Row {number}: a quotation mark is not closed, or a cell is too long. {_WAY_OUT}") from None
        if number == 1 or any(cell.strip() for cell in cells):
            yield _Row(number, cells)


def _check_header(row: _Row | None) -> None:
    found = [cell.strip().lower() for cell in row.cells] if row else []
    while len(found) > len(COLUMNS) and not found[-1]:
        found.pop()
    if found != list(COLUMNS):
        what = f"{_told(','.join(row.cells))}" if row and any(row.cells) else "nothing"
        raise Invalid(f"Row 1: the header must be {','.join(COLUMNS)}, and there is {what}.")


def _told(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
