"""Worklogs between Tempo and Jira: how what is entered on one side stands on the other, when, and who logged it there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

BOB = "5b10a2844c20165700ede223"
APP = "557058:295406f3-a1fc-4733-b906-dd15d021bd79"
KEY, ISSUE, INTERNAL = "CLOUD-3", 10202, 10240
PATH = f"issue/{KEY}/worklog"
NOON = datetime(2013, 11, 15, 12, tzinfo=UTC)
BEGIN = "2013-11-14"


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


@pytest.fixture
def both(jira_cloud: Any) -> Any:
    """Both sides of a world at noon of 15 November 2013; its clock stands still until a test moves it."""
    jira_cloud.world.site.clock.set(NOON)
    jira_cloud.world.site.clock.freeze()
    return jira_cloud


def after(both: Any, seconds: int) -> None:
    both.world.site.clock.advance(timedelta(seconds=seconds))


def tempo(both: Any, method: str, path: str = "", who: str = "bob", **body: Any) -> Any:
    """A call of Tempo's worklogs."""
    sent = {"json": {"authorAccountId": BOB, "startDate": BEGIN, "timeSpentSeconds": 3600, **body}} if body else {}
    answer = both.world.cloud(method, who, f"worklogs{path}", **sent)
    assert answer.status in (200, 204), answer.text
    return answer.json if answer.status == 200 else None


def in_jira(both: Any, key: str = KEY) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = both.get("bob", f"issue/{key}/worklog").json["worklogs"]
    return found


def in_tempo(both: Any, issue: int = ISSUE) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tempo(both, "GET", f"/issue/{issue}")["results"]
    return found


def log_in_jira(both: Any, **body: Any) -> dict[str, Any]:
    made = both.post("bob", PATH, {"timeSpentSeconds": 3600, "started": "2013-11-14T09:00:00.000+0000", **body})
    assert made.status == 201, made.text
    found: dict[str, Any] = made.json
    return found


def document(text: str) -> dict[str, Any]:
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]}


@pytest.mark.parametrize(("description", "comment"), [("second coat", "second coat"), ("", "Working on issue CLOUD-3")])
def test_what_is_entered_in_tempo_is_the_apps_in_jira(both: Any, description: str, comment: str) -> None:
    store = both.world.site.store
    with store.transaction():
        store.run("UPDATE people SET time_zone = 'America/New_York' WHERE name = 'bob'")
    made = tempo(both, "POST", issueId=ISSUE, startTime="20:30:00", description=description)
    (worklog,) = in_jira(both)
    author = worklog["author"]
    assert author == worklog["updateAuthor"]
    assert (author["accountId"], author["accountType"]) == (APP, "app")
    assert author["displayName"] == "Timesheets by Tempo - Jira Time Tracking"
    assert worklog["comment"] == document(comment)
    assert worklog["started"] == "2013-11-14T20:30:00.000-0500", "the author's evening is no other day"
    assert worklog["timeSpentSeconds"] == 3600
    pairs = both.world.cloud("POST", "bob", "worklogs/tempo-to-jira", {"tempoWorklogIds": [made["tempoWorklogId"]]}).json
    assert [str(pair["jiraWorklogId"]) for pair in pairs["results"]] == [worklog["id"]]


def test_the_name_of_the_app_changes_on_old_worklogs_too_and_its_id_is_known(both: Any) -> None:
    tempo(both, "POST", issueId=ISSUE)
    both.world.site.settings.update({"jiraCloud.tempoAppName": "Tempo Timesheets"})
    assert in_jira(both)[0]["author"]["displayName"] == "Tempo Timesheets"
    assert both.get("fred", f"user?accountId={APP}").json["displayName"] == "Tempo Timesheets"
    assert [one["accountType"] for one in both.get("fred", f"user/bulk?accountId={APP}").json["values"]] == ["app"]
    both.world.site.settings.update({"jiraCloud.tempoAppId": "557058:another"})
    assert in_jira(both)[0]["author"]["accountId"] == "557058:another"
    assert both.get("fred", f"user?accountId={APP}").status == 404
    assert both.get("fred", "user?accountId=557058:another").json["accountType"] == "app"
    for wrong in ("", " ", "x" * 129, ["x"]):
        assert both.world.put(None, "/_mock/settings", {"jiraCloud.tempoAppId": wrong}).status == 400


def test_what_is_entered_in_jira_reaches_tempo_with_its_author(both: Any) -> None:
    store = both.world.site.store
    with store.transaction():
        store.run("UPDATE people SET time_zone = 'America/New_York' WHERE name = 'bob'")
    made = log_in_jira(both, started="2013-11-15T01:30:59.999+0000", comment=document("review"))
    (worklog,) = in_tempo(both)
    assert worklog["author"]["accountId"] == BOB
    assert (worklog["startDate"], worklog["startTime"]) == ("2013-11-14", "20:30:59")
    assert (worklog["timeSpentSeconds"], worklog["billableSeconds"]) == (3600, 3600)
    assert (worklog["description"], worklog["attributes"]["values"]) == ("review", [])
    pairs = both.world.cloud("POST", "bob", "worklogs/jira-to-tempo", {"jiraWorklogIds": [int(made["id"])]}).json["results"]
    assert [pair["tempoWorklogId"] for pair in pairs] == [worklog["tempoWorklogId"]]


def test_edits_and_deletions_in_jira_reach_tempo(both: Any) -> None:
    made = log_in_jira(both, comment=document("review"))
    (before,) = in_tempo(both)
    after(both, 10)
    changed = {"timeSpent": "2h", "started": "2013-11-13T10:00:00.000+0000", "comment": document("two\u00a0h")}
    assert both.call("PUT", "bob", f"{PATH}/{made['id']}", changed).status == 200
    (worklog,) = in_tempo(both)
    assert worklog["tempoWorklogId"] == before["tempoWorklogId"]
    assert (worklog["timeSpentSeconds"], worklog["billableSeconds"], worklog["startDate"]) == (7200, 7200, "2013-11-13")
    assert worklog["description"] == "two\u00a0h"
    assert worklog["updatedAt"] > before["updatedAt"]
    assert both.call("DELETE", "bob", f"{PATH}/{made['id']}").status == 204
    assert in_tempo(both) == []


def test_edits_and_deletions_in_tempo_reach_jira_whose_author_stays(both: Any) -> None:
    made = log_in_jira(both)
    (worklog,) = in_tempo(both)
    after(both, 10)
    number = worklog["tempoWorklogId"]
    tempo(both, "PUT", f"/{number}", timeSpentSeconds=7200, startDate="2013-11-12", startTime="07:00:00", description="moved")
    (found,) = in_jira(both)
    assert (found["id"], found["author"]["accountId"], found["updateAuthor"]["accountId"]) == (made["id"], BOB, BOB)
    assert (found["timeSpentSeconds"], found["comment"]) == (7200, document("moved"))
    assert found["started"].startswith("2013-11-12T07:00:00.000")
    assert found["updated"] > made["updated"]
    tempo(both, "DELETE", f"/{number}")
    assert in_jira(both) == []
    after(both, 60)
    assert [str(one["worklogId"]) for one in both.get("bob", "worklog/deleted").json["values"]] == [made["id"]]


def test_marks_that_tempo_does_not_know_stay_as_long_as_the_words_do(both: Any) -> None:
    bold = document("important")
    bold["content"][0]["content"][0]["marks"] = [{"type": "strong"}]
    log_in_jira(both, comment=bold)
    number = in_tempo(both)[0]["tempoWorklogId"]
    tempo(both, "PUT", f"/{number}", timeSpentSeconds=7200, description="important")
    assert in_jira(both)[0]["comment"] == bold
    tempo(both, "PUT", f"/{number}", timeSpentSeconds=7200, description="not so")
    assert in_jira(both)[0]["comment"] == document("not so")


def test_the_apps_worklog_is_nobodys_own_in_jira(both: Any) -> None:
    tempo(both, "POST", issueId=ISSUE)
    (worklog,) = in_jira(both)
    path = f"{PATH}/{worklog['id']}"
    for method, sent in (("PUT", {"json": {"timeSpent": "2h"}}), ("DELETE", {})):
        assert both.call(method, "bob", path, **sent).status == 400
    both.grant("EDIT_ALL_WORKLOGS")
    both.grant("DELETE_ALL_WORKLOGS")
    changed = both.call("PUT", "bob", path, {"timeSpent": "2h"}).json
    assert (changed["author"]["accountId"], changed["updateAuthor"]["accountId"]) == (APP, BOB)
    assert in_tempo(both)[0]["timeSpentSeconds"] == 7200
    assert both.call("DELETE", "bob", path).status == 204
    assert in_tempo(both) == []


def test_work_on_an_internal_issue_is_one_worklog_for_each_day(both: Any) -> None:
    made = [tempo(both, "POST", issueId=INTERNAL, startTime=f"{hour:02}:00:00") for hour in (13, 8)]
    tempo(both, "POST", who="bob", issueId=INTERNAL, startDate="2013-11-13")
    found = in_jira(both, "HR-1")
    assert [(one["started"][:10], one["timeSpentSeconds"]) for one in found] == [("2013-11-14", 7200), ("2013-11-13", 3600)]
    assert {one["author"]["accountId"] for one in found} == {APP}
    assert {one["comment"]["content"][0]["content"][0]["text"] for one in found} == {"Working on issue HR-1"}
    ids = [one["tempoWorklogId"] for one in made]
    assert both.world.cloud("POST", "bob", "worklogs/tempo-to-jira", {"tempoWorklogIds": ids}).json["results"] == []
    tempo(both, "PUT", f"/{ids[0]}", startDate="2013-11-13", timeSpentSeconds=600)
    assert sorted((one["started"][:10], one["timeSpentSeconds"]) for one in in_jira(both, "HR-1")) == [
        ("2013-11-13", 4200), ("2013-11-14", 3600)
    ]  # fmt: skip
    tempo(both, "DELETE", f"/{ids[1]}")
    assert [one["started"][:10] for one in in_jira(both, "HR-1")] == ["2013-11-13"]
    after(both, 60)
    assert [value["worklogId"] for value in both.get("bob", "worklog/deleted").json["values"]] == [int(found[0]["id"])]


def test_each_by_itself_where_the_site_says_so(both: Any) -> None:
    both.world.site.settings.update({"jiraSync.internalIssues": "single"})
    for _ in range(2):
        tempo(both, "POST", issueId=INTERNAL)
    assert len(in_jira(both, "HR-1")) == 2


def test_with_a_delay_either_side_learns_later(both: Any) -> None:
    both.world.site.settings.update({"jiraSync.delaySeconds": 90})
    made = tempo(both, "POST", issueId=ISSUE)
    own = log_in_jira(both)
    asked = {"tempoWorklogIds": [made["tempoWorklogId"]]}
    after(both, 89)
    assert [one["id"] for one in in_jira(both)] == [own["id"]]
    assert [one["tempoWorklogId"] for one in in_tempo(both)] == [made["tempoWorklogId"]]
    assert both.world.cloud("POST", "bob", "worklogs/tempo-to-jira", asked).json["results"] == []
    assert both.get("bob", f"issue/{KEY}?fields=timespent").json["fields"]["timespent"] == 3600
    after(both, 1)
    assert (len(in_jira(both)), len(in_tempo(both))) == (2, 2)
    assert len(both.world.cloud("POST", "bob", "worklogs/tempo-to-jira", asked).json["results"]) == 1
    after(both, 60)
    times = {value["worklogId"]: value["updatedTime"] for value in both.get("bob", "worklog/updated").json["values"]}
    arrived = next(one for one in in_jira(both) if one["id"] != own["id"])
    assert times[int(arrived["id"])] == int((NOON + timedelta(seconds=90)).timestamp() * 1000), "a poller must not miss it"
    tempo(both, "DELETE", f"/{made['tempoWorklogId']}")
    assert len(in_jira(both)) == 2
    after(both, 90)
    assert [one["id"] for one in in_jira(both)] == [own["id"]]


def test_a_scenario_says_where_work_was_entered(make_world: Any, jira_cloud: Any) -> None:
    jira_cloud.world = make_world()
    greta = jira_cloud.world.site.store.value("SELECT account_id FROM people WHERE name = 'greta'")
    found = jira_cloud.get("fred", "issue/CLOUD-6/worklog").json["worklogs"]
    assert [one["author"]["accountId"] for one in found] == [greta, greta]
    totals = {one["started"][:10]: one for one in jira_cloud.get("fred", "issue/HR-1/worklog").json["worklogs"]}
    assert totals
    assert {one["author"]["accountType"] for one in totals.values()} == {"app"}


@pytest.mark.parametrize("is_tempo_first", [True, False])
def test_where_changes_meet_on_the_way_the_later_one_counts(both: Any, is_tempo_first: bool) -> None:
    made = log_in_jira(both, comment=document("first"))
    number = in_tempo(both)[0]["tempoWorklogId"]
    both.world.site.settings.update({"jiraSync.delaySeconds": 90})
    writes = [
        lambda: tempo(both, "PUT", f"/{number}", timeSpentSeconds=600, description="of Tempo"),
        lambda: both.call("PUT", "bob", f"{PATH}/{made['id']}", {"timeSpent": "2h", "comment": document("of Jira")}),
    ]
    for write in writes if is_tempo_first else reversed(writes):
        write()
        after(both, 10)
    after(both, 1000)
    seconds = 7200 if is_tempo_first else 600
    assert (in_tempo(both)[0]["timeSpentSeconds"], in_jira(both)[0]["timeSpentSeconds"]) == (seconds, seconds)


@pytest.mark.parametrize("is_deleted_in_tempo", [True, False])
@pytest.mark.parametrize("is_deleted_first", [True, False])
def test_a_deletion_counts_whatever_meets_it(both: Any, is_deleted_in_tempo: bool, is_deleted_first: bool) -> None:
    made = log_in_jira(both)
    number = in_tempo(both)[0]["tempoWorklogId"]
    both.world.site.settings.update({"jiraSync.delaySeconds": 90})
    there, here = f"/{number}", f"{PATH}/{made['id']}"
    if is_deleted_in_tempo:
        writes = [lambda: tempo(both, "DELETE", there), lambda: both.call("PUT", "bob", here, {"timeSpent": "2h"})]
    else:
        writes = [lambda: both.call("DELETE", "bob", here), lambda: tempo(both, "PUT", there, timeSpentSeconds=600)]
    for write in writes if is_deleted_first else reversed(writes):
        write()
        after(both, 10)
    after(both, 1000)
    assert (in_tempo(both), in_jira(both)) == ([], [])


Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log in Tempo", "log in Jira", "log absence", "change in Tempo", "change in Jira", "delete in Tempo",
                         "delete in Jira", "wait", "set the delay"]),
        st.integers(0, 5),
        st.integers(1, 8),
    ),
    max_size=25,
)  # fmt: skip


def _take(both: Any, step: Step) -> None:
    what, which, number = step
    if what == "wait":
        after(both, number * 20)
    elif what == "set the delay":
        both.world.site.settings.update({"jiraSync.delaySeconds": (which % 3) * 45})
    elif what == "log in Tempo":
        tempo(both, "POST", issueId=ISSUE, timeSpentSeconds=60 * number, description=f"T{number}")
    elif what == "log absence":
        tempo(both, "POST", issueId=INTERNAL, timeSpentSeconds=60 * number)
    elif what == "log in Jira":
        log_in_jira(both, timeSpentSeconds=60 * number, comment=document(f"J{number}"))
    else:
        _rewrite(both, what, which, number)


def _rewrite(both: Any, what: str, which: int, number: int) -> None:
    if what.endswith("Tempo"):
        known = [one["tempoWorklogId"] for one in [*in_tempo(both), *in_tempo(both, INTERNAL)]]
        if known and what.startswith("change"):
            path = f"/{known[which % len(known)]}"
            tempo(both, "PUT", path, timeSpentSeconds=60 * number, startTime=f"{number:02}:00:00", description=f"t{number}")
        elif known:
            tempo(both, "DELETE", f"/{known[which % len(known)]}")
        return
    known = [one["id"] for one in in_jira(both)]
    if known:
        path = f"{PATH}/{known[which % len(known)]}"
        body = {"timeSpentSeconds": 60 * number, "comment": document(f"j{number}")}
        answer = both.call("PUT", "bob", path, body) if what.startswith("change") else both.call("DELETE", "bob", path)
        assert answer.status in (200, 204), answer.text


def _sides(both: Any) -> tuple[list[Any], list[Any]]:
    """What Tempo has on the issue, and what Jira has, by Jira's id."""
    ours = in_tempo(both)
    asked = {"tempoWorklogIds": [one["tempoWorklogId"] for one in ours] or [0]}
    pairs = both.world.cloud("POST", "bob", "worklogs/tempo-to-jira?limit=1000", asked).json["results"]
    known = {pair["tempoWorklogId"]: str(pair["jiraWorklogId"]) for pair in pairs}
    of_tempo = [
        (known.get(one["tempoWorklogId"]), one["startDate"], one["startTime"], one["timeSpentSeconds"], one["description"])
        for one in ours
    ]
    of_jira = [
        (one["id"], one["started"][:10], one["started"][11:19], one["timeSpentSeconds"],
         one["comment"]["content"][0]["content"][0]["text"])
        for one in in_jira(both)
    ]  # fmt: skip
    return sorted(of_tempo, key=str), sorted(of_jira, key=str)


def test_in_the_end_both_sides_agree(both: Any) -> None:
    """Whatever is written on either side, with whatever delay and whenever."""
    store = both.world.site.store
    with store.transaction():
        store.run("UPDATE people SET time_zone = 'UTC'")
    both.grant("EDIT_ALL_WORKLOGS")
    both.grant("DELETE_ALL_WORKLOGS")
    both.world.site.take_snapshot("begin")

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(STEPS)
    def check(steps: list[Step]) -> None:
        both.world.site.restore_snapshot("begin", False)
        # Changes of both sides meet on the way from the first step on.
        tempo(both, "POST", issueId=ISSUE, description="T")
        log_in_jira(both, comment=document("J"))
        both.world.site.settings.update({"jiraSync.delaySeconds": 90})
        for step in steps:
            _take(both, step)
        after(both, 1000)
        of_tempo, of_jira = _sides(both)
        assert of_tempo == of_jira
        absences = sum(one["timeSpentSeconds"] for one in in_tempo(both, INTERNAL))
        assert absences == sum(one["timeSpentSeconds"] for one in in_jira(both, "HR-1"))
        logged = both.get("bob", f"issue/{KEY}?fields=timespent").json["fields"]["timespent"] or 0
        assert logged == sum(one["timeSpentSeconds"] for one in in_jira(both))
        after(both, 100)
        told = {one["worklogId"] for one in both.get("bob", "worklog/updated").json["values"]}
        gone = {one["worklogId"] for one in both.get("bob", "worklog/deleted").json["values"]}
        assert told >= {int(one["id"]) for one in in_jira(both)}
        assert not told & gone

    check()
