"""The sinks of a run, from the configuration to the exit code, at a fake behind a socket."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from .sites import BOB, DAVID, ERICA, FRED, HR2, LAURA, Home
from .sites import fake_url as fake_url
from .sites import home as home
from .sites import new_home as new_home

MESSAGE = "Away; ask [coverer]."
OLAF = "712020:1c8f62d3-88bb-4e1f-8e54-7a2a1d3b0f22"


def template(issue: str = "HR-1", coverers: tuple[str, ...] = (ERICA,), message: str = MESSAGE, more: str = "") -> str:
    return f'[[template]]\nissue = "{issue}"\ncoverers = {json.dumps(list(coverers))}\nmessage = "{message}"\n{more}\n'


def moves(told: dict[str, Any]) -> list[tuple[str, str | None, bool, bool]]:
    return [(h["issueKey"], h["to"], bool(h["message"]), h["problem"] is not None) for h in told["handovers"]]


def keys(told: dict[str, Any]) -> list[str]:
    return [h["issueKey"] for h in told["handovers"]]


def test_issues_are_previewed_handed_over_and_left_alone_then(home: Home) -> None:
    home.configure(template(), "jira = true")
    home.plan(BOB)
    found_keys = sorted(key for key in ("CLOUD-3", "CLOUD-7") if home.assignee(key) == BOB)
    code, told = home.absences()
    assert (code, moves(told)) == (2, [(key, ERICA, True, False) for key in keys(told)])
    assert sorted(keys(told)) == found_keys
    assert [home.assignee(key) for key in found_keys] == [BOB, BOB]
    text = home.run("absences")
    assert "Issues of people who are away:" in text[1]
    assert "2 issues to hand over" in text[1]
    code, told = home.absences("--apply")
    assert code == 0
    assert {(o["action"], o["sink"], o["target"], o["error"]) for o in told["outcomes"] if o["sink"] == "jira"} == {
        ("assign", "jira", key, None) for key in found_keys
    }
    assert [home.assignee(key) for key in found_keys] == [ERICA, ERICA]
    for key in found_keys:
        (paragraphs,) = home.comments(key)
        assert paragraphs[0] == "Away; ask Erica Jefferson."
        assert paragraphs[1].startswith("(tempo-sync rule ")
    assert home.absences() == (0, {**home.absences()[1], "handovers": [], "outcomes": []})
    # Given back by hand it stays: once for an issue and a rule.
    home.give("CLOUD-3", BOB)
    assert home.absences("--apply")[1]["handovers"] == []
    assert (home.assignee("CLOUD-3"), len(home.comments("CLOUD-3"))) == (BOB, 1)


def test_nothing_goes_to_jira_unless_it_is_chosen(home: Home) -> None:
    home.configure(template())
    home.plan(BOB)
    code, told = home.absences("--apply")
    assert (code, told["handovers"]) == (0, [])
    assert home.assignee("CLOUD-3") == BOB
    assert home.comments("CLOUD-3") == []


def test_done_issues_and_those_of_others_stay(home: Home) -> None:
    home.configure(template(), "jira = true")
    home.give("CLOUD-2", BOB)
    home.plan(BOB)
    assert home.absences("--apply")[0] == 0
    assert home.assignee("CLOUD-2") == BOB
    assert home.assignee("CLOUD-4") == DAVID


@pytest.mark.parametrize("scope", ["CLOUD", "key = CLOUD-3", "status = 'In Progress' ORDER BY key"])
def test_only_issues_in_the_scope_go(home: Home, scope: str) -> None:
    home.configure(template(more=f'scope = "{scope}"'), "jira = true")
    home.give("CLOUD-7", BOB if scope == "CLOUD" else DAVID)
    home.plan(BOB)
    wanted = ["CLOUD-3", "CLOUD-7"] if scope == "CLOUD" else ["CLOUD-3"]
    assert sorted(keys(home.absences("--apply")[1])) == wanted
    assert home.absences()[1]["handovers"] == []


def test_a_scope_that_is_no_jql_hides_nothing_else(home: Home) -> None:
    home.configure(template(more='scope = "colour = red"') + template("HR-2", more='name = "Ill"'), "jira = true")
    home.plan(BOB)
    home.plan(DAVID, HR2)
    assert home.absences("--apply")[0] == 7
    assert home.assignee("CLOUD-4") == ERICA
    assert home.assignee("CLOUD-3") == BOB
    assert "colour" in home.run("absences")[2]


def test_a_message_alone_is_posted_and_no_message_is_no_comment(home: Home) -> None:
    home.configure(template(coverers=(), message="Back soon.") + template("HR-2", message=""), "jira = true")
    home.give("CLOUD-7", None)
    home.plan(BOB)
    home.plan(DAVID, HR2)
    assert home.absences("--apply")[0] == 0
    assert home.assignee("CLOUD-3") == BOB
    assert [paragraphs[0] for paragraphs in home.comments("CLOUD-3")] == ["Back soon."]
    assert home.assignee("CLOUD-4") == ERICA
    assert home.comments("CLOUD-4") == []


def test_a_coverer_who_is_away_is_covered_in_turn_and_everybody_away_is_an_error(home: Home) -> None:
    chain = template(coverers=(DAVID,)) + template("HR-2", coverers=(ERICA,), message="")
    home.configure(chain, "jira = true")
    home.give("CLOUD-7", None)
    home.plan(BOB)
    home.plan(DAVID, HR2)
    assert home.absences("--apply")[0] == 0
    assert home.assignee("CLOUD-3") == ERICA
    assert home.comments("CLOUD-3")[0][1] == "Covered by Erica Jefferson."
    listed = {rule["accountId"]: rule for rule in home.rules() if rule["status"] == "Active"}
    assert (listed[BOB]["coverers"], listed[BOB]["coveredBy"]) == ([DAVID], ERICA)
    home.plan(ERICA, HR2)
    home.give("CLOUD-6", DAVID)
    code, told = home.absences("--apply")
    assert code == 7
    assert ("CLOUD-6", None, False, True) in moves(told)
    errors = [outcome["error"] for outcome in told["outcomes"] if outcome["target"] == "CLOUD-6"]
    assert "away" in errors[0]
    listed = {rule["accountId"]: rule for rule in home.rules() if rule["status"] == "Active"}
    assert listed[BOB]["coveredBy"] is None
    assert "away" in listed[BOB]["notCovered"]


def test_one_refusal_hides_no_other_and_is_tried_again(home: Home) -> None:
    # Olaf was deactivated: nobody can give him anything.
    home.configure(template(coverers=(OLAF,)) + template("HR-2", coverers=(FRED,)), "jira = true")
    home.plan(BOB)
    home.plan(DAVID, HR2)
    code, told = home.absences("--apply")
    failed = {o["target"]: o["error"] for o in told["outcomes"] if o["error"]}
    assert code == 7
    assert set(failed) == {"CLOUD-3", "CLOUD-7"}
    assert "cannot be assigned issues" in failed["CLOUD-3"]
    assert home.assignee("CLOUD-4") == FRED
    assert home.comments("CLOUD-3") == []
    code, told = home.absences("--apply")
    assert (code, {o["target"] for o in told["outcomes"] if o["error"]}) == (7, {"CLOUD-3", "CLOUD-7"})


def test_files_tell_what_the_rules_command_tells(home: Home) -> None:
    home.configure(template(), 'calendar = "feeds"\njson = "told/rules.json"')
    home.connect(date(2030, 5, 1))
    home.plan(BOB)
    home.plan(LAURA, days=(3, 3))
    assert home.absences("--apply")[0] == 0
    told = json.loads((home.folder / "told" / "rules.json").read_text(encoding="utf-8"))["rules"]
    assert told == home.rules()
    assert {rule["status"] for rule in told} == {"Scheduled", "Active"}
    feeds = {path.name for path in (home.folder / "feeds").iterdir()}
    assert {f"person-{BOB}.ics", f"person-{LAURA}.ics", "token.ics", "team-1.ics"} <= feeds
    before = {path: path.stat().st_mtime_ns for path in home.folder.rglob("*.ics")}
    assert home.absences("--apply")[0] == 0
    assert before == {path: path.stat().st_mtime_ns for path in home.folder.rglob("*.ics")}


def test_files_that_cannot_be_written_hide_nothing_else(home: Home) -> None:
    home.configure(template(), 'calendar = "feeds"\njson = "feeds"\njira = true')
    home.plan(BOB)
    assert home.absences("--apply")[0] == 7
    assert len(home.rules()) == 2
    assert home.assignee("CLOUD-3") == ERICA
    (home.folder / "feeds").unlink()
    (home.folder / "feeds").mkdir()
    code, _, errors = home.run("absences", "--apply")
    assert code == 7
    assert "feeds cannot be written" in errors
    assert (home.folder / "feeds" / "token.ics").exists()


def test_one_rule_that_the_database_refuses_hides_no_other(home: Home) -> None:
    home.configure(template(), 'json = "rules.json"\njira = true')
    home.plan(BOB)
    home.plan(LAURA, days=(1, 2))
    with closing(sqlite3.connect(home.folder / "tempo-sync.db")) as connection:
        connection.execute(
            f"CREATE TRIGGER full BEFORE INSERT ON rules WHEN NEW.account_id = '{BOB}' BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    code, told = home.absences("--apply")
    assert code == 7
    errors = [
        (outcome["rule"][0], outcome["error"] is not None) for outcome in told["outcomes"] if outcome["sink"] == "database"
    ]
    assert sorted(errors) == sorted([(BOB, True)] * 2 + [(LAURA, False)] * 2)
    assert {rule["accountId"] for rule in home.rules()} == {LAURA}
    # Nothing is done in Jira for a rule that is not there.
    assert {o["error"] for o in told["outcomes"] if o["sink"] == "jira"} == {"its rule could not be kept"}
    assert home.assignee("CLOUD-3") == BOB
    with closing(sqlite3.connect(home.folder / "tempo-sync.db")) as connection:
        connection.execute("DROP TRIGGER full")
    assert home.absences("--apply")[0] == 0
    assert sorted({rule["accountId"] for rule in home.rules()}) == sorted([BOB, LAURA])


def test_rules_that_were_edited_by_hand_are_told_and_are_no_failure(home: Home) -> None:
    home.configure(template())
    home.plan(BOB)
    home.absences("--apply")
    with closing(sqlite3.connect(home.folder / "tempo-sync.db")) as connection, connection:
        connection.execute("UPDATE rules SET message = 'Mine'")
    for arguments in ((), ("--apply",)):
        code, told = home.absences(*arguments)
        assert (code, len(told["changes"]["kept"])) == (0, len(home.rules()))
        assert "kept as edited" in home.run("absences", *arguments)[1]
    assert {rule["message"] for rule in home.rules()} == {"Mine"}


def test_a_comment_that_was_refused_is_made_up_for(home: Home) -> None:
    """What is known is that it was begun: the issue is the coverer's already, the comment may be there or not."""
    home.configure(template(), "jira = true")
    home.give("CLOUD-7", None)
    home.plan(BOB)
    assert home.absences("--apply")[0] == 0
    with closing(sqlite3.connect(home.folder / "tempo-sync.db")) as connection, connection:
        connection.execute("UPDATE handovers SET is_done = 0")
    code, told = home.absences()
    assert (code, keys(told)) == (2, ["CLOUD-3"])
    assert home.absences("--apply")[0] == 0
    assert len(home.comments("CLOUD-3")) == 1
    # Without any memory the marker alone says that the comment is there.
    home.give("CLOUD-3", BOB)
    with closing(sqlite3.connect(home.folder / "tempo-sync.db")) as connection, connection:
        connection.execute("DELETE FROM handovers")
    assert home.absences("--apply")[0] == 0
    assert (home.assignee("CLOUD-3"), len(home.comments("CLOUD-3"))) == (ERICA, 1)
