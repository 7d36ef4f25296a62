"""A client of Tempo Cloud that bears what goes wrong. Python 3.11 or later, with requests.

with Tempo("http://localhost:8090/4", token) as tempo:
    rows = tempo.worklogs("2013-08-01", "2013-11-30")
"""

import json
import time
from urllib.parse import urlsplit

import requests

WAITS_AFTER_ERRORS = (5, 10, 15)
MOST_REFUSALS_BY_RATE = 10
HINTS = {401: "the token is unknown or expired", 403: "the token is good and lacks a scope, or its owner a permission"}


class TempoError(Exception):
    """A call that did not succeed; status is that of the answer, 0 where none came."""

    def __init__(self, method, url, status, text):
        super().__init__("; ".join(filter(None, [f"{method} {url}: {status or 'no answer'}", text[:200], HINTS.get(status)])))
        self.status = status


class IncompleteError(Exception):
    """Tempo shows less than there was: a gap to report, never a reason to delete."""


class Tempo:
    """base: with /4. pause: waits so many seconds. between: seconds after each answer; 0.25 is four calls a second at most."""

    def __init__(self, base, token, *, pause=time.sleep, between=0.25, limit=1000):
        self.base, self.pause, self.between, self.limit = base, pause, between, limit
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session.close()

    def call(self, method, path, body=None):
        """One call; waits and repeats where that is safe. Answers JSON, None for 204; raises TempoError."""
        waits = [] if method == "POST" else list(WAITS_AFTER_ERRORS)
        by_rate = MOST_REFUSALS_BY_RATE
        while True:
            status, text, retry_after = self._ask(method, path, body)
            if status == 429 and by_rate:
                by_rate -= 1
                self.pause(max(1, int(retry_after)) if retry_after.isdigit() else 1)
            elif (status == 0 or status >= 500) and waits:
                self.pause(waits.pop(0))
            elif 200 <= status < 300:
                return json.loads(text) if text else None
            else:
                raise TempoError(method, self.base + path, status, text)

    def _ask(self, method, path, body):
        try:
            answer = self.session.request(method, self.base + path, json=body, timeout=60)
            return answer.status_code, answer.text, answer.headers.get("Retry-After", "")
        except requests.RequestException as error:  # refused, cut, or silent: nobody knows whether it was carried out
            return 0, str(error), ""
        finally:
            time.sleep(self.between)

    def list(self, path):
        """All rows of a list, each once. Links are followed by their query alone, so that no other host gets the token."""
        rows, asked = {}, path
        while asked:
            page = self.call("GET", asked)
            rows |= {row["tempoWorklogId"]: row for row in page["results"]}
            following = page["metadata"].get("next")
            asked = following and f"{path.partition('?')[0]}?{urlsplit(following).query}"
        return rows

    def worklogs(self, first, last):
        """Everybody's worklogs of some days, by id."""
        return self.list(f"/worklogs?from={first}&to={last}&limit={self.limit}")

    def refresh(self, copy, first, last):
        """Make a copy of these days, rows by id, what Tempo has now. Deletes only what is gone by its own id too.

        Answers (deleted, overlooked): ids that are gone, and ids that are there although the list was without them.
        Raises TempoError when not all could be read, IncompleteError when somebody is missing altogether; the copy is then
        as it was.
        """
        rows = self.worklogs(first, last)
        missing = people(copy) - people(rows)
        if missing:
            raise IncompleteError(f"no worklogs any more of {', '.join(sorted(missing))}")
        lost = {key: self._if_there(key) for key in copy.keys() - rows.keys()}
        overlooked = {key: row for key, row in lost.items() if row}
        copy.clear()
        copy.update(rows | overlooked)
        return lost.keys() - overlooked.keys(), set(overlooked)

    def _if_there(self, key):
        try:
            return self.call("GET", f"/worklogs/{key}")
        except TempoError as error:
            if error.status != 404:
                raise
            return None

    def book(self, wanted, *, preview=False):
        """Log those of the wanted worklogs that are not there yet; answers them. A preview writes nothing."""
        lacking = [one for one in wanted if not any(is_same(row, one) for row in self._of_day(one).values())]
        return lacking if preview else [self.call("POST", "/worklogs", one) for one in lacking]

    def _of_day(self, worklog):
        person, day = worklog["authorAccountId"], worklog["startDate"]
        return self.list(f"/worklogs/user/{person}?from={day}&to={day}&limit={self.limit}")


def people(rows):
    """Whose worklogs these are."""
    return {row["author"]["accountId"] for row in rows.values()}


def is_same(row, wanted):
    """Whether a row of Tempo is this worklog."""
    return (row["issue"]["id"], row["timeSpentSeconds"]) == (wanted["issueId"], wanted["timeSpentSeconds"])
