"""Connecting to a real server on a socket: every trouble by its name, nothing saved before it works, no token told."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from integration.store import Connection, Store

from .conftest import Answers, Command, Site, token_of

TODAY = date.today()
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}


def saved(sync: Command) -> Connection | None:
    store = Store(sync.folder / "tempo-sync.db")
    try:
        return store.connection()
    finally:
        store.close()


def test_a_good_token_is_remembered_with_end_and_purpose(connected: Command, site: Site) -> None:
    said = connected("connect", "--days", "365", "--purpose", "leave of everybody")
    assert said.code == 0
    assert "plans of 10 of 11 people" in said.out
    assert "leave of everybody" in said.out
    found = saved(connected)
    assert found is not None
    assert (found.url, found.purpose) == (site.url, "leave of everybody")
    assert found.expires is not None
    assert 364 <= (found.expires - TODAY).days <= 366
    assert token_of("absences") not in (connected.folder / "tempo-sync.db").read_bytes().decode("latin-1")


@pytest.mark.parametrize(
    ("who", "kind", "words"),
    [
        ("nobody", "wrong-token", "no such token"),
        ("expired", "wrong-token", "or it has expired"),
        ("viewer", "no-plans-scope", "`tempo-sync connect --for worklogs`"),
        ("no_scopes", "no-plans-scope", "scope"),
        ("greta", "sees-nobody", "View Plans"),
    ],
)
def test_troubles(connected: Command, who: str, kind: str, words: str) -> None:
    connected.use(who)
    said = connected("connect", "--expires", "unknown")
    assert said.code == 4
    assert words in said.err
    assert said.err.count("\n") == 1
    assert saved(connected) is None
    told = connected("connect", "--expires", "unknown", "--json")
    assert (told.code, told.json["verdict"], told.json["connected"]) == (4, kind, False)
    assert saved(connected) is None


def test_an_end_that_is_past_tells_expired_from_wrong(connected: Command) -> None:
    connected.use("expired")
    day = (TODAY - timedelta(days=370)).isoformat()
    told = connected("connect", "--expires", day, "--json")
    assert told.json["verdict"] == "expired"
    assert day in told.json["sentence"]


def test_an_end_that_is_past_of_a_token_that_works_is_a_mistake(connected: Command) -> None:
    said = connected("connect", "--expires", (TODAY - timedelta(days=2)).isoformat())
    assert said.code == 5
    assert "works" in said.err
    assert saved(connected) is None


def test_nobody_is_seen_but_somebody_insists(connected: Command) -> None:
    connected.use("greta")
    said = connected("connect", "--expires", "unknown", "--even-so")
    assert said.code == 0
    assert "View Plans" in said.err
    assert saved(connected) is not None


def test_the_end_must_be_told_where_nobody_can_be_asked(connected: Command) -> None:
    said = connected("connect")
    assert said.code == 5
    assert "--expires" in said.err
    assert connected("connect", "--days", "9").code == 0
    before = saved(connected)
    # Of the same token it is known by now.
    assert connected("connect").code == 0
    after = saved(connected)
    assert before is not None
    assert after is not None
    assert after.expires == before.expires


@pytest.mark.parametrize(
    "wrong",
    [
        ["--expires", "soon"], ["--expires", "2026-13-01"], ["--days", "0"], ["--days", "-1"], ["--days", "99999"],
        ["--days", "1", "--expires", "unknown"], ["--nope"], ["--keep", "env", "--days", "1"], ["--rotate", "--days", "1"],
    ],
)  # fmt: skip
def test_a_mistake_on_the_command_line_is_5(connected: Command, wrong: list[str]) -> None:
    said = connected("connect", *wrong)
    assert said.code == 5
    assert said.err
    assert saved(connected) is None


def _answering(status: int, headers: dict[str, str], body: bytes) -> Answers:
    return lambda method, path: (status, headers, body)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (_answering(200, HTML, b"<html>Log in</html>"), "text/html"),
        (_answering(302, {"Location": "https://login.example.org/"}, b""), "login.example.org"),
        (_answering(404, JSON, b'{"message":"null for uri: /4/plans","status-code":404}'), "404"),
        (_answering(404, JSON, b'{"detail":"Not Found"}'), "404"),
        (_answering(200, JSON, b'{"plans":[]}'), "metadata is missing"),
        (_answering(200, JSON, b"[]"), "not an object"),
        (_answering(403, JSON, b'{"error":"Failed to parse Connect Session Auth Token"}'), "Connect Session"),
    ],
)
def test_not_a_tempo(sync: Command, canned: Callable[[Answers], str], site: Site, answers: Answers, words: str) -> None:
    sync.configure(canned(answers), jira_url=site.url)
    told = sync("connect", "--days", "9", "--json")
    assert (told.code, told.json["verdict"]) == (4, "not-tempo")
    assert words in told.json["sentence"]
    assert saved(sync) is None


def test_a_page_that_says_expired(sync: Command, canned: Callable[[Answers], str], site: Site) -> None:
    sync.configure(canned(_answering(401, HTML, b"<html>The token has expired</html>")), jira_url=site.url)
    assert sync("connect", "--expires", "unknown", "--json").json["verdict"] == "expired"


def test_nobody_answers(sync: Command, site: Site) -> None:
    sync.configure("http://127.0.0.1:9", jira_url=site.url)
    told = sync("connect", "--days", "9", "--json")
    assert (told.code, told.json["verdict"]) == (4, "unreachable")


def test_jira_refuses(connected: Command) -> None:
    connected.use_jira("wrong")
    told = connected("connect", "--days", "9", "--json")
    assert (told.code, told.json["verdict"]) == (4, "jira-refuses")
    assert saved(connected) is None


def test_the_host_of_another_region(connected: Command, site: Site, fake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two worlds stand for two regions: a token of one is not known in the other."""
    other = Site(fake)
    monkeypatch.setattr("integration.probe.REGIONS", ("http://127.0.0.1:9", site.url, other.url))
    made = other.control("POST", "/tokens", {"person": "fred", "name": "There only"})["token"]
    connected.use_text(made)
    told = connected("connect", "--days", "9", "--json")
    other.end()
    assert told.json["verdict"] == "wrong-region"
    assert other.url in told.json["sentence"]
    assert made not in connected.everything


@pytest.mark.parametrize(("who", "kind"), [("nobody", "wrong-token"), ("viewer", "no-plans-scope")])
def test_a_token_that_no_region_takes(
    connected: Command, site: Site, fake: str, monkeypatch: pytest.MonkeyPatch, who: str, kind: str
) -> None:
    monkeypatch.setattr("integration.probe.REGIONS", (site.url, fake))
    connected.use(who)
    assert connected("connect", "--expires", "unknown", "--json").json["verdict"] == kind


def test_a_token_is_shown_to_no_other_host(sync: Command, canned: Callable[[Answers], str], site: Site) -> None:
    """Only what one of the vendor's hosts refuses is shown to the others."""
    asked: list[str] = []

    def elsewhere(method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        asked.append(path)
        return 200, JSON, b"{}"

    sync.configure(canned(_answering(401, HTML, b"no")), jira_url=site.url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("integration.probe.REGIONS", (canned(elsewhere),))
        assert sync("connect", "--days", "9", "--json").json["verdict"] == "wrong-token"
    assert not asked


class TestRotate:
    @pytest.fixture
    def other(self, connected: Command, site: Site) -> str:
        """A second good token of fred's; the first one is connected."""
        assert connected("connect", "--days", "5", "--purpose", "leave").code == 0
        return str(site.control("POST", "/tokens", {"person": "fred", "name": "Next"})["token"])

    def test_of_the_environment(self, connected: Command, other: str) -> None:
        assert connected("issues", "--select", "HR-1").code == 0
        assert connected("absences", "--apply").code == 0
        rules = connected("rules", "--json").json["rules"]
        same = connected("connect", "--rotate", "--days", "30")
        assert same.code == 5
        assert "still holds the old token" in same.err
        connected.use_text(other)
        told = connected("connect", "--rotate", "--days", "30", "--json").json
        assert told["rotated"] is True
        assert told["token"]["purpose"] == "leave"
        # The state is what it was: the same rules, nothing to do.
        assert connected("rules", "--json").json["rules"] == rules
        assert rules
        assert connected("absences").code == 0

    def test_of_a_file(self, connected: Command, site: Site, other: str) -> None:
        path = connected.folder / "token"
        path.write_text(token_of("absences") + "\n")
        path.chmod(0o600)
        connected.configure(site.url, '\n[token]\ntempo = "file:token"\n')
        assert connected("connect", "--rotate", "--days", "30", typed="").code == 5
        wrong = connected("connect", "--rotate", "--days", "30", typed=token_of("greta"))
        assert wrong.code == 4
        assert "stays in use" in wrong.err
        before = saved(connected)
        assert path.read_text().strip() == token_of("absences")
        assert connected("connect", "--rotate", "--days", "30", typed=other + "\n").code == 0
        assert path.read_text().strip() == other
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        after = saved(connected)
        assert before is not None
        assert after is not None
        assert before.fingerprint != after.fingerprint
        assert connected("issues").code == 0
        assert other not in connected.everything

    def test_a_file_that_cannot_be_written_leaves_everything(self, connected: Command, site: Site, other: str) -> None:
        connected.configure(site.url, '\n[token]\ntempo = "file:nowhere/token"\n')
        before = saved(connected)
        said = connected("connect", "--rotate", "--days", "30", typed=other)
        assert said.code == 5
        assert "cannot be written" in said.err
        assert saved(connected) == before

    def test_nothing_to_rotate(self, connected: Command) -> None:
        said = connected("connect", "--rotate", "--days", "30")
        assert said.code == 5
        assert "nothing to rotate" in said.err


def test_keeping_it_in_a_file(connected: Command) -> None:
    said = connected("connect", "--keep", "file:token", "--days", "30", typed=token_of("absences"))
    assert said.code == 0
    assert 'tempo = "file:token"' in said.err
    assert (connected.folder / "token").read_text().strip() == token_of("absences")


def test_a_revoked_token(connected: Command, site: Site) -> None:
    made = site.control("POST", "/tokens", {"person": "fred", "name": "Short"})
    connected.use_text(made["token"])
    assert connected("connect", "--days", "30").code == 0
    site.control("DELETE", f"/tokens/{made['id']}?person=fred")
    told = connected("connect", "--json").json
    assert told["verdict"] == "revoked"


def trap(site: Site, name: str) -> None:
    site.control("POST", "/faults", {"trap": name})


def test_a_host_that_refuses_everything_is_named(connected: Command, site: Site) -> None:
    """As that of another region; at hosts that are not the vendor's nobody else is asked."""
    trap(site, "wrong-region-host")
    said = connected("connect", "--days", "9")
    assert said.code == 4
    assert site.url.partition("//")[2].partition("/")[0] in said.err
    assert "https://api.eu.tempo.io" in said.err


def test_another_address_than_the_one_connected(connected: Command, site: Site, fake: str) -> None:
    made = site.control("POST", "/tokens", {"person": "fred", "name": "Here only"})["token"]
    connected.use_text(made)
    assert connected("connect", "--days", "9").code == 0
    other = Site(fake)
    connected.configure(other.url)
    told = connected("connect", "--json").json
    other.end()
    assert told["verdict"] == "wrong-region"
    assert site.url in told["sentence"]


def test_a_site_that_was_moved(connected: Command, site: Site) -> None:
    assert connected("connect", "--days", "9").code == 0
    trap(site, "forge-migration")
    found = {connected("connect", "--json").json["verdict"] for _ in range(3)}
    assert found == {"forbidden-now", "unreachable"}


def test_no_token_is_ever_told(connected: Command, site: Site) -> None:
    for who in ("absences", "nobody", "expired", "viewer", "greta"):
        connected.use(who)
        for arguments in (
            ["connect", "--days", "9"],
            ["connect", "--days", "9", "--json"],
            ["issues"],
            ["absences"],
            ["doctor"],
        ):
            connected(*arguments)
    everything = connected.everything + (connected.folder / "tempo-sync.db").read_bytes().decode("latin-1")
    for who in ("absences", "nobody", "expired", "viewer", "greta"):
        assert token_of(who) not in everything
    assert "demo-jira-token" not in everything
    assert "Bearer" not in everything


def test_regions_are_those_of_the_vendor() -> None:
    from integration.probe import REGIONS

    assert REGIONS == ("https://api.tempo.io", "https://api.eu.tempo.io", "https://api.us.tempo.io")


class TestOnATerminal:
    @pytest.mark.parametrize(
        ("typed", "days", "purpose"),
        [("30\nleave\n", 30, "leave"), ("unknown\n\n", None, "tempo-sync: plans become out-of-office rules")],
    )
    def test_it_asks(self, connected: Command, typed: str, days: int | None, purpose: str) -> None:
        said = connected("connect", typed=typed, at_terminal=True)
        assert said.code == 0
        found = saved(connected)
        assert found is not None
        assert found.purpose == purpose
        assert (found.expires is None) is (days is None)

    @pytest.mark.parametrize("typed", ["", "soon\n", "0\n"])
    def test_what_is_no_end(self, connected: Command, typed: str) -> None:
        said = connected("connect", typed=typed, at_terminal=True)
        assert said.code == 5
        assert saved(connected) is None

    def test_nothing_is_asked_within_json(self, connected: Command) -> None:
        said = connected("connect", "--json", typed="30\nleave\n", at_terminal=True)
        assert (said.code, said.json["kind"]) == (5, "usage")

    def test_a_new_token_is_typed_unseen(self, connected: Command, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []

        def typed(prompt: str) -> str:
            asked.append(prompt)
            return f" {token_of('absences')} "

        monkeypatch.setattr("getpass.getpass", typed)
        assert connected("connect", "--keep", "file:token", "--days", "9", at_terminal=True).code == 0
        assert asked == ["New API token of Tempo: "]
        assert (connected.folder / "token").read_text().strip() == token_of("absences")
