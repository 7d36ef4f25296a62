"""Choosing the issues that make rules: what is offered, what a choice would do, and that one choice serves everybody."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Command, Site


def selected(told: Any) -> list[str]:
    return [issue["key"] for issue in told["issues"] if issue["selected"]]


def test_all_internal_issues_are_shown(connected: Command) -> None:
    said = connected("issues")
    assert said.code == 0
    assert [line for line in said.out.splitlines() if line.startswith("[ ]")] == [
        "[ ] HR-1  Paid time off", "[ ] HR-2  Sick leave", "[ ] HR-3  Training", "[ ] HR-4  Personal time off",
    ]  # fmt: skip
    assert "0 selected" in said.out


def test_a_selection_is_kept_and_tells_which_rules_begin(connected: Command) -> None:
    told = connected("issues", "--select", "hr-2,HR-4", "--json").json
    assert selected(told) == ["HR-2", "HR-4"]
    assert {rule["issueKey"] for rule in told["begin"]} == {"HR-2", "HR-4"}
    assert not told["end"]
    assert selected(connected("issues", "--json").json) == ["HR-2", "HR-4"]
    # What was told is what the run would do.
    created = connected("absences", "--json").json["changes"]["create"]
    assert created == told["begin"]


def test_a_change_tells_which_rules_end(connected: Command) -> None:
    connected("issues", "--select", "HR-2", "HR-4")
    assert connected("absences", "--apply").code == 0
    held = connected("rules", "--json").json["rules"]
    told = connected("issues", "--select", "HR-1", "HR-4", "--json").json
    assert {rule["issueKey"] for rule in told["begin"]} == {"HR-1"}
    ended = [rule for rule in held if rule["issueKey"] == "HR-2"]
    assert [rule["begin"] for rule in told["end"]] == [rule["begin"] for rule in ended]
    assert ended
    assert told["otherChanges"] == 0
    said = connected("issues", "--select", "HR-4")
    assert "- HR-2" not in said.out, "it was left out before already"
    assert "1 other change" in said.out


def test_what_was_pending_before_does_not_begin_with_it(connected: Command) -> None:
    connected("issues", "--select", "HR-2")
    told = connected("issues", "--select", "HR-2", "HR-4", "--json").json
    assert {rule["issueKey"] for rule in told["begin"]} == {"HR-4"}
    assert told["otherChanges"] == 1


def test_none_ends_all(connected: Command) -> None:
    connected("issues", "--select", "HR-2", "HR-4")
    connected("absences", "--apply")
    held = connected("rules", "--json").json["rules"]
    said = connected("issues", "--none")
    assert said.code == 0
    assert f"0 rules begin and {len(held)} end" in said.out
    assert "Bob Johnson" in said.out, "people by name"
    assert selected(connected("issues", "--json").json) == []


def test_dry_run_keeps_the_old_selection(connected: Command) -> None:
    connected("issues", "--select", "HR-2")
    said = connected("issues", "--select", "HR-1", "--dry-run")
    assert said.code == 0
    assert "would begin" in said.out
    assert "[x] HR-1" in said.out
    assert selected(connected("issues", "--json").json) == ["HR-2"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--select", "HR-9"], "HR-1, HR-2, HR-3, HR-4"),
        (["--select", "CLOUD-1"], "no internal issue"),
        (["--jql", "project = CLOUD"], "finds no internal issue"),
        (["--jql", "nonsense ="], "JQL"),
        (["--select"], "expected at least one"),
        (["--none", "--select", "HR-1"], "not allowed with"),
    ],
)
def test_mistakes_are_5_and_change_nothing(connected: Command, arguments: list[str], words: str) -> None:
    connected("issues", "--select", "HR-2")
    said = connected("issues", *arguments)
    assert said.code == 5
    assert words in said.err
    assert selected(connected("issues", "--json").json) == ["HR-2"]


def test_by_jql_only_internal_ones(connected: Command) -> None:
    said = connected("issues", "--jql", "key in (HR-1, CLOUD-1)")
    assert said.code == 0
    assert "1 of the issues found are not internal" in said.err
    assert selected(connected("issues", "--json").json) == ["HR-1"]


class TestWithoutAListing:
    """As at Tempo itself, which publishes none."""

    @pytest.fixture
    def real(self, connected: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
        monkeypatch.setattr("integration.clients.tempo.Tempo.internal_issues", lambda self: None)
        return connected

    def test_by_key(self, real: Command) -> None:
        said = real("issues", "--select", "HR-2", "HR-1")
        assert said.code == 0
        assert "Tempo publishes no list" in said.out
        assert selected(real("issues", "--json").json) == ["HR-1", "HR-2"]
        assert real("issues", "--json").json["isListed"] is False

    def test_by_jql(self, real: Command) -> None:
        assert real("issues", "--jql", "project = HR").code == 0
        assert selected(real("issues", "--json").json) == ["HR-1", "HR-2", "HR-3", "HR-4"]

    @pytest.mark.parametrize("key", ["HR-99", "HR-1/../../x", "?a=b", "HR%201"])
    def test_a_key_that_is_none(self, real: Command, key: str) -> None:
        said = real("issues", "--select", key)
        assert said.code == 5
        assert key.upper() in said.err


def test_an_issue_that_is_not_internal_any_more_is_still_told(connected: Command, site: Site) -> None:
    connected("issues", "--select", "HR-2", "HR-3")
    site.control("DELETE", "/internal-issues/HR-3")
    said = connected("issues")
    assert "[x] HR-3  Training  (not internal any more, or not to be seen)" in said.out


def test_issues_without_a_template_are_told(connected: Command, site: Site) -> None:
    connected.configure(site.url, '\n[[template]]\nissue = "HR-2"\nperson = "ann"\nmessage = "m"\n')
    said = connected("issues", "--select", "HR-1", "HR-2")
    assert "[x] HR-1  Paid time off  (no template yet: makes no rules)" in said.out
    assert "[x] HR-2  Sick leave  (templates of some people only)" in said.out


def test_nothing_is_kept_where_plans_cannot_be_read(connected: Command) -> None:
    connected("issues", "--select", "HR-2")
    connected.use("viewer")
    assert connected("issues", "--select", "HR-1").code == 4
    connected.use("absences")
    assert selected(connected("issues", "--json").json) == ["HR-2"]
