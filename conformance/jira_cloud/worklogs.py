"""What checks log on an issue of Jira Cloud and, beside it, in Tempo; removed when the check is over."""

from __future__ import annotations

import datetime
from typing import Any

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.run import GONE, Absent, Run

QUIETLY = (("adjustEstimate", "leave"), ("notifyUsers", "false"))
"""Leaves the estimate of the issue as it is, and its watchers in peace."""

FIRST = datetime.datetime(1991, 5, 6, 9, tzinfo=datetime.UTC)
Row = dict[str, Any]


def document(text: str) -> Row:
    """A comment as version 3 takes it."""
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]}


class Worklogs:
    """Logs work on the issue of the run."""

    def __init__(self, run: Run, admin: Caller, issue: int) -> None:
        self._run = run
        self._admin = admin
        self._logged = 0
        self.issue = issue
        self.path = f"rest/api/3/issue/{issue}/worklog"

    def started(self) -> str:
        """A moment of long ago, another one each time."""
        self._logged += 1
        moment = FIRST + datetime.timedelta(hours=next(self._run.numbers))
        return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")

    def text(self) -> str:
        """Words that nobody else uses; they begin with the prefix of the run."""
        return f"{self._run.prefix} {next(self._run.numbers)}"

    def body(self, **values: Any) -> Row:
        """The body of a new worklog; None leaves a member out."""
        whole = {"started": self.started(), "timeSpentSeconds": 300, "comment": document(self.text()), **values}
        return {name: value for name, value in whole.items() if value is not None}

    def make(self, body: Row, path: str = "") -> Answer:
        """POSTs a worklog and takes charge of it."""
        answer = self._admin.search(path or self.path, QUIETLY, body)
        made = answer.json_or_none() if answer.ok else None
        if isinstance(made, dict) and made.get("id"):
            self._run.ledger.add(f"worklog {made['id']} of Jira", lambda: self._remove(str(made["id"])))
        return answer

    def made(self, **values: Any) -> Row:
        """A new worklog, where the making is not what is judged."""
        return expect.json_object(expect.status(self.make(self.body(**values)), 201))

    def place(self, row: Row) -> str:
        """The path of a worklog."""
        return f"{self.path}/{row['id']}"

    def in_tempo(self) -> tuple[Caller, Row]:
        """A new worklog of the administrator's that was logged in Tempo, and who can ask Tempo. Raises Absent."""
        tempo = self._run.persona_caller("cloud", "admin")
        account = tempo.user or expect.json_object(self._admin.get("rest/api/3/myself"))["accountId"]
        body = {
            "authorAccountId": account,
            "issueId": self.issue,
            "startDate": self.started()[:10],
            "startTime": "08:00:00",
            "timeSpentSeconds": 300,
            "description": self.text(),
        }
        answer = tempo.post("4/worklogs", body)
        made = answer.json_or_none()
        if not answer.ok or not isinstance(made, dict) or not made.get("tempoWorklogId"):
            raise Absent(f"no worklog of the persona admin could be logged in Tempo ({answer.status})")
        number = made["tempoWorklogId"]
        self._run.ledger.add(f"worklog {number}", lambda: _gone(tempo.delete(f"4/worklogs/{number}")))
        return tempo, made

    def _remove(self, number: str) -> str | None:
        query = "&".join(f"{name}={value}" for name, value in QUIETLY)
        return _gone(self._admin.delete(f"{self.path}/{number}?{query}"))


def partner(tempo: Caller, path: str, sent: str, wanted: str, number: int) -> int:
    """The id of a worklog on the other side. path: `jira-to-tempo` or `tempo-to-jira`. Raises Absent until it is there."""
    content = tempo.post(f"4/worklogs/{path}", {sent: [number]}).json_or_none()
    found = content.get("results") if isinstance(content, dict) else None
    if not found:
        raise Absent("the worklog is not on the other side yet: Tempo and Jira are synchronised with a delay")
    return int(found[0][wanted])


def _gone(answer: Answer) -> str | None:
    return None if answer.ok or answer.status in GONE else f"DELETE answered {answer.status}"
