"""How worklogs flow between Tempo and Jira (help pages; what integrators saw; the rest are assumptions of ``jiraSync``).

A change is sent to the other side and arrives there after the delay, by the world's clock; without one at once. Where both
sides changed a worklog meanwhile, the later change counts in the end, and a deletion always.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from mock_server.domain import rich_texts
from mock_server.domain.work_times import day_and_time, moment_text_of
from mock_server.moments import moment_text
from mock_server.settings import Settings
from mock_server.storage import issues, jira_day_worklogs, jira_worklogs, people, worklog_arrivals, worklogs
from mock_server.storage.issues import Issue
from mock_server.storage.jira_worklogs import APART, AS_IT_IS, IN_ITS_DAY, JiraWorklog
from mock_server.storage.store import Author, Store
from mock_server.storage.worklog_arrivals import ADD, CHANGE, REMOVE, TO_JIRA, TO_TEMPO, Arrival
from mock_server.storage.worklogs import Worklog

DELAY = "jiraSync.delaySeconds"
INTERNAL = "jiraSync.internalIssues"


class Flow:
    """What happens now in a world, told to the other side. To be used inside a transaction."""

    def __init__(self, store: Store, settings: Settings, now: datetime) -> None:
        self._store = store
        self._settings = settings
        self._now = now

    def entered_in_tempo(self, issue: Issue, worklog: Worklog) -> None:
        """A worklog was made in Tempo."""
        if issue.is_internal and self._settings[INTERNAL] == "aggregated":
            jira_worklogs.set_in_jira(self._store, worklog.id, IN_ITS_DAY)
            self._sum_up(issue, worklog.start_date)
        elif self._is_delayed(worklog.jira_id):
            jira_worklogs.set_in_jira(self._store, worklog.id, APART)
            self._send(worklog.jira_id, TO_JIRA, ADD, _to_jira(worklog))

    def changed_in_tempo(self, issue: Issue, before: Worklog, after: Worklog) -> None:
        """A worklog was changed in Tempo."""
        how = jira_worklogs.in_jira(self._store, after.id)
        if how == IN_ITS_DAY:
            for day in sorted({before.start_date, after.start_date}):
                self._sum_up(issue, day)
        elif how == APART or self._is_delayed(after.jira_id):
            if how == AS_IT_IS:
                jira_worklogs.set_in_jira(self._store, after.id, APART)
                jira_worklogs.add(self._store, _row_of(before))
            self._send(after.jira_id, TO_JIRA, CHANGE, _to_jira(after))

    def leaves_tempo(self, issue: Issue, worklog: Worklog) -> None:
        """A worklog is deleted in Tempo, which this does."""
        how = jira_worklogs.in_jira(self._store, worklog.id)
        if how == AS_IT_IS and self._is_delayed(worklog.jira_id):
            jira_worklogs.add(self._store, _row_of(worklog))
            how = APART
        worklogs.remove(self._store, worklog.id)
        if how == IN_ITS_DAY:
            self._sum_up(issue, worklog.start_date)
        elif how == AS_IT_IS:
            jira_worklogs.record_deleted(self._store, worklog.jira_id, moment_text(self._now))
        else:
            self._send(worklog.jira_id, TO_JIRA, REMOVE, {})

    def entered_in_jira(self, worklog: JiraWorklog) -> None:
        """A worklog was made in Jira."""
        state = _to_tempo(worklog) | {"issue_id": worklog.issue_id, "author_id": worklog.author_id}
        self._send(worklog.id, TO_TEMPO, ADD, state)

    def changed_in_jira(self, worklog: JiraWorklog) -> None:
        """A worklog was changed in Jira."""
        self._send(worklog.id, TO_TEMPO, CHANGE, _to_tempo(worklog))

    def removed_in_jira(self, jira_id: int) -> None:
        """A worklog was deleted in Jira."""
        self._send(jira_id, TO_TEMPO, REMOVE, {})

    def own_row(self, worklog: JiraWorklog) -> JiraWorklog:
        """A worklog as a row of Jira's own, which it becomes where Jira showed it as Tempo has it."""
        found = jira_worklogs.own(self._store, worklog.id)
        if found is not None:
            return found
        in_tempo = jira_worklogs.worklog_of(self._store, worklog.id)
        assert in_tempo is not None
        self.take_out_of_day(worklog.id)
        jira_worklogs.set_in_jira(self._store, in_tempo.id, APART)
        jira_worklogs.add(self._store, _row_of(in_tempo))
        return _row_of(in_tempo)

    def take_out_of_day(self, jira_id: int) -> None:
        """Count a worklog of Tempo's no longer within its day, because Jira, which shows it singly, rewrites or deletes it."""
        worklog = jira_worklogs.worklog_of(self._store, jira_id)
        if worklog is not None and jira_worklogs.in_jira(self._store, worklog.id) == IN_ITS_DAY:
            issue = issues.get(self._store, worklog.issue_id)
            assert issue is not None
            jira_worklogs.set_in_jira(self._store, worklog.id, APART)
            self._sum_up(issue, worklog.start_date)

    def settle(self, author: Author) -> None:
        """Let everything arrive that is due. It is this author's, at the moment it was due, whenever somebody looks."""
        while arrival := worklog_arrivals.take_first(self._store, moment_text(self._now)):
            if arrival.verb == CHANGE and worklog_arrivals.is_overtaken(self._store, arrival):
                continue
            self._store.act_as(author._replace(at=arrival.due_at))
            self._arrive(arrival)

    def was_entered_in_jira(self, jira_id: int) -> None:
        """Give Jira the row of a worklog that was entered there, and that Tempo has; for a world just seeded."""
        worklog = jira_worklogs.worklog_of(self._store, jira_id)
        assert worklog is not None
        jira_worklogs.add(self._store, _row_of(worklog)._replace(by_app=0, updated_by_app=0))

    def sum_up_every_day(self) -> None:
        """Give Jira its row for every issue and day of worklogs that are summed up; for a world just seeded."""
        for issue_id, day in jira_day_worklogs.days_in_rows(self._store):
            issue = issues.get(self._store, issue_id)
            if issue and jira_day_worklogs.of_day(self._store, issue_id, day) is None:
                whole = jira_day_worklogs.whole_day(self._store, issue_id, day)
                jira_id = self._give_day(issue, day)
                stamp = max(worklog.updated_at for worklog in whole)
                self._arrive(Arrival(0, jira_id, TO_JIRA, ADD, _to_jira_of_day(issue, whole), stamp))

    def _is_delayed(self, jira_id: int) -> bool:
        return bool(self._settings.number(DELAY)) or worklog_arrivals.last_due(self._store, jira_id) is not None

    def _send(self, jira_id: int, towards: str, verb: str, state: Mapping[str, Any]) -> None:
        try:
            due = moment_text(self._now + timedelta(seconds=self._settings.number(DELAY) or 0))
        except OverflowError:
            due = moment_text(datetime.max.replace(tzinfo=UTC))
        last = worklog_arrivals.last_due(self._store, jira_id)
        if last is None and due <= moment_text(self._now):
            self._arrive(Arrival(0, jira_id, towards, verb, dict(state), due))
        else:
            # Behind what is on its way already, whatever the delay was then.
            worklog_arrivals.send(self._store, jira_id, towards, verb, state, max(due, last or due))

    def _sum_up(self, issue: Issue, day: str) -> None:
        whole = jira_day_worklogs.whole_day(self._store, issue.id, day)
        jira_id = jira_day_worklogs.of_day(self._store, issue.id, day)
        if whole and jira_id is None:
            self._send(self._give_day(issue, day), TO_JIRA, ADD, _to_jira_of_day(issue, whole))
        elif whole and jira_id is not None:
            self._send(jira_id, TO_JIRA, CHANGE, _to_jira_of_day(issue, whole))
        elif jira_id is not None:
            jira_day_worklogs.set_day(self._store, issue.id, day, None)
            self._send(jira_id, TO_JIRA, REMOVE, {})

    def _give_day(self, issue: Issue, day: str) -> int:
        jira_id = worklogs.next_jira_id(self._store)
        jira_day_worklogs.set_day(self._store, issue.id, day, jira_id)
        return jira_id

    def _arrive(self, arrival: Arrival) -> None:
        verbs = {
            (TO_JIRA, ADD): self._add_to_jira,
            (TO_JIRA, CHANGE): self._change_in_jira,
            (TO_JIRA, REMOVE): self._remove_from_jira,
            (TO_TEMPO, ADD): self._add_to_tempo,
            (TO_TEMPO, CHANGE): self._change_in_tempo,
            (TO_TEMPO, REMOVE): self._remove_from_tempo,
        }
        verbs[arrival.towards, arrival.verb](arrival)

    def _add_to_jira(self, arrival: Arrival) -> None:
        state, at = arrival.state, arrival.due_at
        issue = issues.get(self._store, state["issue_id"])
        if issue is not None:
            row = JiraWorklog(
                arrival.jira_id, issue.id, issue.project_id, state["author_id"], 1, state["author_id"], 1, state["started"],
                "UTC", state["start_date"], state["time_spent"], _document(state["text"]), 0, None, None, at, at,
            )  # fmt: skip
            jira_worklogs.add(self._store, row)

    def _change_in_jira(self, arrival: Arrival) -> None:
        state, row = arrival.state, jira_worklogs.own(self._store, arrival.jira_id)
        if row is not None:
            comment = row.comment
            if _text(row) != state["text"]:
                # Marks that Tempo does not know stay as long as the words do.
                comment = _document(state["text"])
            changed = row._replace(
                updated_by_app=1, updater_id=state["author_id"], started=state["started"], start_date=state["start_date"],
                time_spent=state["time_spent"], comment=comment, updated_at=arrival.due_at,
            )  # fmt: skip
            jira_worklogs.change(self._store, changed)

    def _remove_from_jira(self, arrival: Arrival) -> None:
        if jira_worklogs.own(self._store, arrival.jira_id) is not None:
            jira_worklogs.remove(self._store, arrival.jira_id)
            jira_worklogs.record_deleted(self._store, arrival.jira_id, arrival.due_at)

    def _add_to_tempo(self, arrival: Arrival) -> None:
        state = arrival.state
        issue, author = issues.get(self._store, state["issue_id"]), people.get(self._store, state["author_id"])
        if issue is None or author is None:
            return
        day, time = day_and_time(state["started"], author.time_zone)
        spent, at = state["time_spent"], arrival.due_at
        worklog = Worklog(
            0, arrival.jira_id, issue.id, issue.project_id, author.id, day, time, spent, 0 if issue.is_internal else spent,
            state["text"], at, at, author.account_id, author.time_zone,
        )  # fmt: skip
        worklogs.add(self._store, worklog, entered_in_jira=True)

    def _change_in_tempo(self, arrival: Arrival) -> None:
        state, worklog = arrival.state, jira_worklogs.worklog_of(self._store, arrival.jira_id)
        if worklog is None:
            return
        day, time = day_and_time(state["started"], worklog.time_zone)
        spent = state["time_spent"]
        # All of it billable stays all of it; an amount that somebody chose stays as it is.
        billable = spent if worklog.billable == worklog.time_spent else worklog.billable
        changed = worklog._replace(
            start_date=day, start_time=time, time_spent=spent, billable=billable, description=state["text"],
            updated_at=arrival.due_at,
        )  # fmt: skip
        worklogs.change(self._store, changed)

    def _remove_from_tempo(self, arrival: Arrival) -> None:
        worklog = jira_worklogs.worklog_of(self._store, arrival.jira_id)
        if worklog is not None:
            worklogs.remove(self._store, worklog.id)


def _to_jira(worklog: Worklog) -> dict[str, Any]:
    return {
        "issue_id": worklog.issue_id,
        "author_id": worklog.author_id,
        "started": moment_text_of(f"{worklog.start_date}T{worklog.start_time}", worklog.time_zone),
        "start_date": worklog.start_date,
        "time_spent": worklog.time_spent,
        "text": worklog.description,
    }


def _to_jira_of_day(issue: Issue, whole: list[Worklog]) -> dict[str, Any]:
    spent = sum(worklog.time_spent for worklog in whole)
    return _to_jira(whole[0]) | {"issue_id": issue.id, "author_id": None, "time_spent": spent, "text": ""}


def _to_tempo(worklog: JiraWorklog) -> dict[str, Any]:
    return {"started": worklog.started, "time_spent": worklog.time_spent, "text": _text(worklog)}


def _row_of(worklog: Worklog) -> JiraWorklog:
    state = _to_jira(worklog)
    return JiraWorklog(
        worklog.jira_id, worklog.issue_id, worklog.project_id, worklog.author_id, 1, worklog.author_id, 1, state["started"],
        "UTC", worklog.start_date, worklog.time_spent, _document(worklog.description), 0, None, None, worklog.created_at,
        worklog.updated_at,
    )  # fmt: skip


def _document(text: str) -> str | None:
    return json.dumps(rich_texts.of_text(text)) if text else None


def _text(worklog: JiraWorklog) -> str:
    return rich_texts.text_of(json.loads(worklog.comment)) if worklog.comment else ""
