"""What people who try the commands for the first time run into: each says what is wrong and what to do, and none is silent."""

from __future__ import annotations

from typing import Any

import pytest

from integration.doubts import believes

from .conftest import TEMPLATES, Command, Site, token_of
from .sites import BOB, FRED, LAURA, Home
from .sites import fake_url as fake_url
from .sites import new_home as new_home


@pytest.fixture
def ready(connected: Command) -> Command:
    assert connected("issues", "--select", "HR-1", "HR-2").code == 0
    return connected


@pytest.fixture
def kept(ready: Command) -> Command:
    assert ready("absences", "--apply").code == 0
    return ready


class TestNoIssue:
    def test_none_ends_the_rules(self, kept: Command) -> None:
        held = len(kept("rules", "--json").json["rules"])
        told = kept("issues", "--none")
        assert f"0 rules begin and {held} end" in told.out
        said = kept("absences", "--apply", "--allow-mass-change")
        assert said.code == 0, said.err
        assert kept("rules", "--json").json["rules"] == []
        assert "HR-1 Paid time off" in said.out, "rules are told by the key of their issue"
        assert kept("absences").code == 0

    def test_the_guard_says_how_to_allow_it(self, kept: Command) -> None:
        assert kept("issues", "--none").code == 0
        path = kept.folder / "tempo-sync.toml"
        path.write_text(path.read_text() + "\n[guard]\ncount = 0\n")
        said = kept("absences", "--apply")
        assert said.code == 3
        assert "--allow-mass-change" in said.err

    def test_nothing_was_selected_yet(self, connected: Command) -> None:
        said = connected("absences")
        assert said.code == 5
        assert "tempo-sync issues" in said.err


class TestScopes:
    @pytest.mark.parametrize(
        ("path", "words"), [("/4/workload-schemes", "schemes"), ("/4/holiday-schemes", "schemes"), ("/4/teams", "teams")]
    )
    def test_a_token_that_lacks_a_scope_is_not_good(self, connected: Command, site: Site, path: str, words: str) -> None:
        site.control("POST", "/faults", {"path": path, "status": 403})
        said = connected("connect", "--days", "9", "--json")
        if words == "teams":
            # Runs go without teams; calendars and the doctor do not.
            assert said.code == 0
            assert "teams" in said.json["warning"]
            return
        assert (said.code, said.json["verdict"]) == (4, "no-schemes-scope")
        assert words in said.json["sentence"]


class TestMessages:
    def test_who_refused(self, ready: Command) -> None:
        ready.use_jira("wrong")
        said = ready("absences")
        assert said.code == 4
        assert "Jira at " in said.err
        assert "/rest/api/3/" in said.err
        assert "jira_user" in said.err
        assert "Tempo" not in said.err.replace("tempo-sync", "")

    @pytest.mark.parametrize("command", ["issues", "absences"])
    def test_an_expired_token(self, ready: Command, command: str) -> None:
        ready.use("expired")
        said = ready(command)
        assert said.code == 4
        assert "Tempo at " in said.err
        assert " to GET /" in said.err
        assert "tempo-sync connect" in said.err
        assert ".." not in said.err

    def test_forbidden(self, ready: Command) -> None:
        ready.use("no_scopes")
        said = ready("absences")
        assert said.code == 4
        assert "403 to GET /4/plans" in said.err
        assert "tempo-sync connect" in said.err


class TestTyping:
    @pytest.fixture
    def rotating(self, connected: Command, site: Site) -> Command:
        token = connected.folder / "token"
        token.write_text(token_of("absences"))
        token.chmod(0o600)
        connected.configure(site.url, '[token]\ntempo = "file:token"\n')
        assert connected("connect", "--days", "9").code == 0
        return connected

    def test_ctrl_d_in_place_of_a_token(self, rotating: Command, monkeypatch: pytest.MonkeyPatch) -> None:
        def nothing(prompt: str) -> str:
            raise EOFError

        monkeypatch.setattr("getpass.getpass", nothing)
        said = rotating("connect", "--rotate", "--days", "9", at_terminal=True)
        assert (said.code, "no new token" in said.err) == (5, True)

    def test_a_day_is_asked_for_again(self, connected: Command) -> None:
        said = connected("connect", "--purpose", "x", typed="2027-13-01\nsoon\n9\n", at_terminal=True)
        assert said.code == 0
        assert said.err.count("is neither a day") == 2

    def test_a_day_is_not_asked_for_without_end(self, connected: Command) -> None:
        said = connected("connect", "--purpose", "x", typed="2027-13-01\nsoon\n", at_terminal=True)
        assert said.code == 5


class TestTemplates:
    @pytest.mark.parametrize("wrong", ["[retrun date]", "[Return date]", "[]", "[coverers]"])
    def test_an_unknown_place_holder(self, sync: Command, site: Site, wrong: str) -> None:
        sync.configure(site.url, f'[[template]]\nissue = "HR-1"\nmessage = "Back on {wrong}, [coverer]."\n')
        said = sync("rules")
        assert said.code == 5
        assert wrong in said.err
        assert "[return date]" in said.err

    @pytest.mark.parametrize("message", ["[return date] [coverer]", "a ] b", "no brackets", "10 [ 20"])
    def test_others_are_no_place_holders(self, sync: Command, site: Site, message: str) -> None:
        sync.configure(site.url, f'[[template]]\nissue = "HR-1"\nmessage = "{message}"\n')
        assert sync("rules").code == 0

    def test_people_whom_nobody_knows(self, ready: Command, site: Site) -> None:
        more = '\n[[template]]\nissue = "HR-1"\nperson = "nosuchperson"\ncoverers = ["5b10NOBODY"]\napprover = "noone"\n'
        ready.configure(site.url, TEMPLATES + more)
        for command in ("absences", "doctor"):
            said = ready(command)
            for name in ("nosuchperson", "5b10NOBODY", "noone"):
                assert f"{name!r}" in said.err, (command, name)

    def test_an_issue_that_is_not_selected(self, ready: Command, site: Site) -> None:
        ready.configure(site.url, TEMPLATES + '\n[[template]]\nissue = "HR-9"\nmessage = "a"\n')
        said = ready("absences")
        assert "HR-9" in said.err
        assert "HR-3" in said.err, "a template of an issue that is not selected does nothing"

    def test_a_selected_issue_without_one(self, ready: Command, site: Site) -> None:
        ready.configure(site.url, '[[template]]\nissue = "HR-2"\nmessage = "a"\n')
        said = ready("absences")
        assert "HR-1 is selected and has no template" in said.err
        assert "HR-2 is" not in said.err


class TestJson:
    @pytest.mark.parametrize("arguments", [["absences"], ["issues"], ["absences", "--apply"], ["doctor"], ["rules"]])
    def test_a_failure_is_told_as_json(self, connected: Command, arguments: list[str]) -> None:
        (connected.folder / "tempo-sync.toml").write_text("[site]\n")
        said = connected(*arguments, "--json")
        assert said.code == 5
        assert said.json == {"exitCode": 5, "error": said.json["error"], "kind": "usage"}
        assert said.json["error"] in said.err

    def test_a_source_that_cannot_be_read(self, ready: Command) -> None:
        ready.use("expired")
        said = ready("absences", "--json")
        assert (said.code, said.json["exitCode"], said.json["kind"]) == (4, 4, "unauthorized")

    @pytest.mark.parametrize("arguments", [["--json", "connect"], ["--config", "x", "rules"]])
    def test_where_an_option_goes(self, connected: Command, arguments: list[str]) -> None:
        said = connected(*arguments)
        assert said.code == 5
        assert "after the command" in said.err


class TestFewer:
    def test_of_one_person(self, new_home: Any) -> None:
        home: Home = new_home()
        home.configure('[[template]]\nissue = "HR-1"\nmessage = "a"\n', more="[guard]\ncount = 1000")
        plans = {person: home.plan(person) for person in (FRED, LAURA, BOB)}
        assert home.absences("--apply")[0] == 0
        for person in (LAURA, BOB):
            home.tempo("DELETE", f"plans/{plans[person]}")
        code, out, _ = home.run("absences", "--apply")
        assert code == 7
        assert f"--accept-fewer {LAURA}" in out
        assert home.absences("--apply", "--accept-fewer", LAURA)[0] == 7
        held = {rule["accountId"] for rule in home.rules() if rule["status"] != "Expired"}
        assert held == {FRED, BOB}
        assert home.absences("--apply", "--accept-fewer")[0] == 0
        assert {rule["accountId"] for rule in home.rules() if rule["status"] != "Expired"} == {FRED}

    def test_several(self, kept: Command) -> None:
        assert kept("absences", "--accept-fewer", LAURA, "--accept-fewer", BOB).code == 0

    def test_nobody_of_that_name(self, kept: Command) -> None:
        said = kept("absences", "--accept-fewer", "nobody-at-all")
        assert said.code == 5
        assert "nobody-at-all" in said.err


@pytest.mark.parametrize(("accepted", "ann"), [(True, True), (False, False), ({"ann"}, True), ({"ben"}, False)])
def test_of_whom_it_is_believed(accepted: bool | set[str], ann: bool) -> None:
    assert believes(accepted, "ann") is ann


class TestAddresses:
    @pytest.mark.parametrize("key", ["tempo_url", "jira_url"])
    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("http://api.tempo.io", "https://"),
            ("http://API.eu.tempo.io/", "https://"),
            ("http://your-site.atlassian.net", "https://"),
            ("https://fred:hidden-word@api.tempo.io", "no name and no password"),
            ("https://hidden-word@api.tempo.io", "no name and no password"),
        ],
    )
    def test_that_would_tell_a_token(self, sync: Command, site: Site, key: str, url: str, words: str) -> None:
        sync.configure(site.url)
        path = sync.folder / "tempo-sync.toml"
        path.write_text(path.read_text().replace(f'{key} = "{site.url}"', f'{key} = "{url}"'))
        said = sync("rules")
        assert said.code == 5
        assert words in said.err
        assert "hidden-word" not in said.err
        said = sync("init", "--force", f"--{key.replace('_', '-')}", url)
        assert said.code == 5
        assert words in said.err
        assert "hidden-word" not in said.err

    def test_of_ones_own_machine(self, sync: Command) -> None:
        for url in ("http://localhost:8090", "http://tempo.example", "http://nottempo.io"):
            sync.configure(url)
            assert sync("rules").code == 0

    def test_another_path_of_the_same_host_is_no_region(self, connected: Command, site: Site) -> None:
        assert connected("connect", "--days", "9").code == 0
        connected.configure(f"{site.url}/jira", jira_url=site.url)
        said = connected("connect", "--json")
        assert said.json["verdict"] == "not-tempo"

    def test_https_where_there_is_none(self, connected: Command, site: Site) -> None:
        connected.configure(site.url.replace("http://", "https://"), jira_url=site.url)
        said = connected("connect", "--days", "9")
        assert said.code == 4
        assert "speaks no https" in said.err
        assert "later" not in said.err


class TestSelection:
    @pytest.mark.parametrize("more", [["--select", "HR-1"], ["--jql", "key = HR-1"]])
    def test_what_would_be_selected_is_told(self, connected: Command, more: list[str]) -> None:
        assert connected("issues", "--select", "HR-2").code == 0
        said = connected("issues", *more, "--dry-run")
        assert "[x] HR-1" in said.out
        assert "[ ] HR-2" in said.out
        assert "1 would be selected" in said.out
        told = connected("issues", *more, "--dry-run", "--json").json
        assert [issue["key"] for issue in told["issues"] if issue["selected"]] == ["HR-1"]
        assert told["dryRun"] is True
        assert "1 selected" in connected("issues").out


class TestDone:
    def test_what_was_done_is_told_as_done(self, ready: Command) -> None:
        to_do = ready("absences").out.splitlines()[-1]
        count = int(to_do.split()[0])
        assert to_do == f"{count} to create, 0 to update, 0 to delete"
        assert ready("absences", "--apply").out.splitlines()[-1] == f"{count} created, 0 updated, 0 deleted"
        assert ready("absences", "--apply").out.splitlines()[-1] == "0 created, 0 updated, 0 deleted"

    def test_what_was_refused_is_to_do(self, ready: Command) -> None:
        assert ready("absences", "--apply").code == 0
        assert ready("issues", "--none").code == 0
        path = ready.folder / "tempo-sync.toml"
        path.write_text(path.read_text() + "\n[guard]\ncount = 0\n")
        assert " to delete" in ready("absences", "--apply").out.splitlines()[-1]
