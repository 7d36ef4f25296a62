"""Show everybody's hours: logged, required, and the balance of both, from the database that `tempo-sync worklogs` keeps.

Nothing is asked of Tempo or Jira. What nobody can know is told as not known and never as zero; where Jira stands in for Tempo,
or something is missing, it stands in the first line, and the exit code says so, too. With required = "schedules" what is
required comes from Tempo's schemes, else from the contracts of the configuration.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from integration.balances import Balances
    from integration.chart import Chart
    from integration.exits import Exit

STDOUT = "-"
COLUMNS = (100, 24)
"""Of a terminal that does not tell."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync balances``."""
    parser.add_argument("--from", dest="first", type=_day, metavar="DATE", help="the first day (the first of that month)")
    parser.add_argument("--to", dest="last", type=_day, metavar="DATE", help="the last day, itself included (today)")
    choices = ("person", "team", "account", "issue", "day", "week", "month")
    parser.add_argument("--by", choices=choices, default="person", help="what a row is for (person)")
    parser.add_argument("--person", nargs="+", action="extend", metavar="WHO", help="of these only, by accountId or name")
    parser.add_argument("--csv", metavar="FILE", help="write the table as CSV in UTF-8; - is the standard output")
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="write the table as a workbook for spreadsheets")
    parser.add_argument(
        "--svg", type=Path, metavar="FOLDER", help="write a chart of each person, by week, in more than three months by month"
    )
    parser.add_argument("--chart", action="store_true", help="show these charts in the terminal, too")


def run(options: argparse.Namespace) -> int:
    """Answers the exit code; raises ``Mistaken``, ``Unusable`` and ``Unreadable``."""
    from integration.balances import charts
    from integration.balances_asked import found as asked_for
    from integration.balances_asked import period_of
    from integration.settings import Mistaken, read_settings

    if options.json and (options.csv == STDOUT or options.chart):
        raise Mistaken("--json has the standard output to itself: leave out --chart, and let --csv write a file.")
    if options.csv == STDOUT and options.chart:
        raise Mistaken("--csv - has the standard output to itself: leave out --chart, or let --csv write a file.")
    settings = read_settings(options.config)
    period, said = period_of(options.first, options.last, date.today(), ("--from", "--to"))
    found, ledger, people, code = asked_for(settings, period, options.by, options.person)
    drawn = charts(ledger, people, options.by) if options.svg or options.chart else ()
    # What cannot be written is to be told before anything is.
    _write(options, found, drawn)
    _tell(options, found, said, code, drawn)
    return int(code)


def _tell(options: argparse.Namespace, found: Balances, said: str, code: Exit, drawn: Sequence[Chart]) -> None:
    from integration import balances_report, sheets

    if options.json:
        json.dump(balances_report.as_json(found, int(code)), sys.stdout, indent=2, ensure_ascii=False)
        print()
        return
    if options.csv == STDOUT:
        for line in balances_report.loud(found):
            print(f"tempo-sync: {line}", file=sys.stderr)
        # Line ends are those of CSV everywhere, and so are letters.
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", newline="")
        sys.stdout.write(sheets.as_csv(balances_report.sheet(found)))
        return
    print("\n".join(balances_report.lines(found, said)))
    if options.chart:
        from integration import terminal_chart

        columns = shutil.get_terminal_size(COLUMNS).columns
        for chart in drawn:
            print("\n".join(("", *terminal_chart.lines(chart, columns, getattr(sys.stdout, "encoding", None)))))


def _write(options: argparse.Namespace, found: Balances, drawn: Sequence[Chart]) -> None:
    """Raises ``Mistaken`` where a file cannot be written."""
    from integration import balances_report, sheets
    from integration.private_files import write, write_bytes
    from integration.settings import Mistaken

    table = balances_report.sheet(found)
    if options.csv not in (None, STDOUT):
        file = Path(options.csv)
        _written(file, lambda: write(file, sheets.as_csv(table)))
    if options.xlsx is not None:
        try:
            content = sheets.as_xlsx([table, balances_report.about(found)])
        except ModuleNotFoundError as error:
            if error.name != "xlsxwriter":
                raise
            raise Mistaken(
                "xlsxwriter is missing; pip install 'tempo-mock-server[sheets]' brings it, and --csv needs nothing."
            ) from None
        except sheets.TooLong as error:
            raise Mistaken(str(error)) from None
        _written(options.xlsx, lambda: write_bytes(options.xlsx, content))
    if options.svg is not None:
        from integration.chart import svg

        _written(options.svg, lambda: options.svg.mkdir(parents=True, exist_ok=True))
        for name, chart in zip(_names([one.account_id for one in drawn]), drawn, strict=True):
            text = svg(chart)
            _written(options.svg / name, lambda name=name, text=text: write(options.svg / name, text))  # type: ignore[misc]


def _written(path: Path, write: Callable[[], object]) -> None:
    from integration.settings import Mistaken

    try:
        write()
    except (OSError, ValueError) as error:
        # A ValueError is a path that cannot be one of a file, such as "." itself.
        raise Mistaken(f"{path} cannot be written ({getattr(error, 'strerror', None) or error}); name another.") from None


def _names(people: Sequence[str]) -> list[str]:
    """A file for each accountId; accountIds have a colon, which not every file system likes."""
    found: list[str] = []
    taken: set[str] = set()
    for person in people:
        plain = re.sub(r"[^A-Za-z0-9_-]", "-", person)[:100] or "nobody"
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.casefold())
        found.append(f"{name}.svg")
    return found


def _day(text: str) -> date:
    from integration.balances_asked import day_of

    try:
        return day_of(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day such as 2026-03-31") from None
