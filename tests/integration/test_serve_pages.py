"""The pages of the sync against a fake: connect with every trouble by its name, choose, preview, apply, look."""

from __future__ import annotations

import logging
import stat
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.settings import read_settings
from integration.store import Store

from .conftest import TEMPLATES, Command, Site, token_of
from .page_visitor import Visitor, words

NAMED = {"use": "absences", "end": "days", "days": "365"}


@pytest.fixture
def visitor(connected: Command) -> Visitor:
    """Somebody who was let in to the pages of a sync that is configured and has no token yet."""
    (connected.folder / "tempo-sync.toml").chmod(0o600)
    connected.drop_token()
    return Visitor(connected.folder / "tempo-sync.toml")


def connect(visitor: Visitor, who: str, **form: str) -> Any:
    visitor.get("/connection")
    return visitor.post("/connection", {**NAMED, "token": token_of(who), **form})


def choose(visitor: Visitor, *keys: str) -> str:
    """Choose issues; what it would do is answered, then it is saved."""
    visitor.get("/issues")
    told = words(visitor.post("/issues", {"step": "look", "issue": keys}))
    visitor.sent("/issues", {"step": "save", "issue": keys})
    return told


def apply(visitor: Visitor) -> str:
    page = visitor.get("/run?preview=yes").text
    return words(visitor.sent("/run", {"shown": page.partition('name="shown" value="')[2].partition('"')[0]}))


@pytest.mark.parametrize(
    ("who", "title", "says"),
    [
        ("nobody", "Wrong token", "knows no such token"),
        ("expired", "Expired token", "The token expired on 2025-11-30"),
        ("no_scopes", "No scope to view plans", "was made without the scope to view plans"),
        ("greta", "Its owner sees nobody", "its owner sees no plans of others and no team"),
    ],
)
def test_four_troubles_have_four_messages(visitor: Visitor, who: str, title: str, says: str) -> None:
    # Tempo answers an expired token as it does a wrong one: the end that is told makes the difference.
    answer = connect(visitor, who, **({"end": "day", "day": "2025-11-30"} if who == "expired" else {}))
    assert answer.status_code == 422
    assert title in words(answer)
    assert says in words(answer)
    page = words(visitor.get("/connection"))
    assert "Not connected yet" in page
    assert not list(visitor.config.parent.glob("tempo-token*")), "kept before it was verified"


def test_a_token_that_works_is_kept_for_its_owner_alone(visitor: Visitor, connected: Command) -> None:
    answer = connect(visitor, "absences", purpose="leave of all")
    assert answer.status_code == 303
    page = words(visitor.get("/connection"))
    for part in ("plans of 10 of 11 people are seen", "ends in 365 days", "reads plans, schemes, teams", "leave of all"):
        assert part in page
    kept = connected.folder / "tempo-token"
    assert kept.read_text() == token_of("absences") + "\n"
    if sys.platform != "win32":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(visitor.config.stat().st_mode) == 0o600
    assert read_settings(visitor.config).secrets["tempo"] == "file:tempo-token"
    assert connected("issues").code == 0, "the command line does not find the token"


def test_rotation_keeps_the_old_token_until_another_works(visitor: Visitor, connected: Command) -> None:
    connect(visitor, "absences")
    answer = connect(visitor, "nobody")
    assert "The token that was there stays in use" in words(answer)
    assert connected("issues").code == 0
    assert connect(visitor, "fred", days="10").status_code == 303
    assert (connected.folder / "tempo-token").read_text().strip() == token_of("fred")
    page = words(visitor.get("/connection"))
    assert "The token ends in 10 days" in page, "fourteen days before its end it is to be warned of"
    assert "tempo-sync connect --rotate" in words(visitor.get("/rules"))


def test_verifying_again_needs_no_token(visitor: Visitor) -> None:
    visitor.get("/connection")
    answer = visitor.post("/connection", {**NAMED, "token": ""})
    assert "TEMPO_TOKEN" in words(answer)
    connect(visitor, "absences")
    assert visitor.post("/connection", {"use": "absences", "end": "kept", "token": ""}).status_code == 303
    assert "ends in 365 days" in words(visitor.get("/connection"))


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"end": "days", "days": "0"}, "no number of days from 1 to 36500"),
        ({"end": "day", "day": "2027-02-30"}, "neither a day such as"),
        ({"end": "day", "day": ""}, "neither a day such as"),
        ({"end": "day", "day": "2001-01-01"}, "2001-01-01 is past, but the token works"),
        ({"end": "kept"}, "another token"),
        ({"end": ""}, "Say when the token ends"),
        ({"use": "nothing"}, "which sync"),
        ({"token": "ä b"}, "signs that no token has"),
    ],
)
def test_a_form_that_cannot_be_saved(visitor: Visitor, form: dict[str, str], says: str) -> None:
    answer = connect(visitor, "absences", **form)
    assert answer.status_code == 422
    assert says in words(answer)
    assert "Not connected yet" in words(visitor.get("/connection"))
    assert token_of("absences") not in visitor.seen


def test_a_token_for_worklogs_alone(visitor: Visitor) -> None:
    answer = connect(visitor, "viewer", use="worklogs")
    assert answer.status_code == 303
    page = words(visitor.get("/connection"))
    assert "for worklogs" in page
    assert "reads worklogs" in page
    connect(visitor, "viewer", use="worklogs", purpose="tempo-sync: plans become out-of-office rules")
    assert "Purpose tempo-sync: worklogs become time accounts" in words(visitor.get("/connection")), "as the form was filled"
    assert connect(visitor, "viewer").status_code == 422, "it may not view plans"


def test_choosing_shows_what_begins_and_ends_before_it_is_kept(visitor: Visitor, connected: Command) -> None:
    connect(visitor, "absences")
    page = words(visitor.get("/issues"))
    for issue in ("HR-1 Paid time off", "HR-2 Sick leave", "HR-3 Training", "HR-4 Personal time off"):
        assert issue in page
    told = words(visitor.post("/issues", {"step": "look", "issue": ["HR-1", "HR-2"]}))
    assert "Nothing is kept yet" in told
    assert "0 selected now" in words(visitor.get("/issues"))
    dry = connected("issues", "--select", "HR-1", "HR-2", "--dry-run", "--json").json
    assert f"{len(dry['begin'])} rules begin and 0 end" in told
    visitor.sent("/issues", {"step": "save", "issue": ["HR-1", "HR-2"]})
    selected = [issue["key"] for issue in connected("issues", "--json").json["issues"] if issue["selected"]]
    assert selected == ["HR-1", "HR-2"]
    assert "HR-99 is no internal issue" in words(visitor.post("/issues", {"step": "save", "issue": "HR-99"}))


def test_preview_and_apply_do_what_the_command_does(visitor: Visitor, connected: Command) -> None:
    connect(visitor, "absences")
    choose(visitor, "HR-1", "HR-2", "HR-3", "HR-4")
    preview = visitor.get("/run?preview=yes")
    told = connected("absences", "--json").json
    assert f"{len(told['changes']['create'])} to create, 0 to update, 0 to delete" in words(preview)
    for left in told["leftOut"]:
        assert left["reason"] in words(preview)
    assert not connected("rules", "--json").json["rules"], "a preview wrote"
    assert f"Applied: {len(told['changes']['create'])} created" in apply(visitor)
    assert connected("absences").code == 0
    held = connected("rules", "--json").json["rules"]
    page = words(visitor.get("/rules"))
    assert f"{len(held)} rules" in page
    assert "Scheduled" in page
    begun = held[-1]["begin"][:7]
    assert held[-1]["issueKey"] in words(visitor.get(f"/calendar?month={begun}&person={held[-1]['accountId']}"))


def test_what_changed_after_the_preview_is_not_applied(visitor: Visitor, connected: Command, site: Site) -> None:
    connect(visitor, "absences")
    choose(visitor, "HR-1", "HR-2", "HR-3", "HR-4")
    page = visitor.get("/run?preview=yes").text
    shown = page.partition('name="shown" value="')[2].partition('"')[0]
    day = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
    plan = {"assigneeId": "5b10a2844c20165700ede21f", "assigneeType": "USER", "planItemId": "10240", "planItemType": "ISSUE",
            "startDate": day, "endDate": day, "plannedSecondsPerDay": 28800, "includeNonWorkingDays": True}  # fmt: skip
    site.tempo("POST", "/4/plans", plan, who="fred")
    answer = visitor.post("/run", {"shown": shown})
    assert answer.status_code == 409
    assert "nothing was applied" in words(answer)
    assert not connected("rules", "--json").json["rules"]
    assert "Applied" in apply(visitor)


def test_the_guard_refuses_until_somebody_says_otherwise(visitor: Visitor, connected: Command, site: Site) -> None:
    connected.configure(site.url, "\n[guard]\ncount = 1\nshare = 0.1\n" + TEMPLATES)
    connect(visitor, "absences")
    choose(visitor, "HR-1", "HR-2", "HR-3", "HR-4")
    apply(visitor)
    choose(visitor)
    page = visitor.get("/run?preview=yes")
    assert "Change as much as this all the same" in words(page)
    assert "then allow it here, for this once" in words(page)
    assert "--allow" not in page.text, "a page has no options"
    assert 'name="shown"' not in page.text, "what is refused has a button"
    told = words(visitor.sent("/run", {"shown": digest_of(connected)}))
    assert "Nothing was changed" in told
    assert "--allow" not in told
    held = len(connected("rules", "--all", "--json").json["rules"])
    page = visitor.get("/run?preview=yes&allow=yes").text
    form = {"shown": page.partition('name="shown" value="')[2].partition('"')[0], "allow": "yes"}
    assert "deleted" in words(visitor.sent("/run", form))
    assert len(connected("rules", "--all", "--json").json["rules"]) < held


def digest_of(connected: Command) -> str:
    """What the form of a refused run would hold, were it there."""
    import hashlib
    import json

    told = connected("absences", "--json").json
    found = {name: told["changes"][name] for name in ("create", "update", "delete")}
    return hashlib.sha256(json.dumps([found, told["handovers"]], sort_keys=True).encode()).hexdigest()


@pytest.mark.parametrize("sync_name", ["absences", "worklogs"])
def test_a_sync_that_is_switched_off_does_nothing_anywhere(visitor: Visitor, connected: Command, sync_name: str) -> None:
    connect(visitor, "absences")
    choose(visitor, "HR-1")
    page = words(visitor.sent(f"/connection/switch/{sync_name}", {"state": "off"}))
    assert f"sync of {sync_name} is switched off" in page
    said = connected(sync_name, "--json")
    assert said.code == 8
    assert said.json["kind"] == "off"
    assert f"tempo-sync switch {sync_name} on" in said.err
    if sync_name == "absences":
        assert "switched off since" in words(visitor.get("/run"))
        assert visitor.get("/run?preview=yes").status_code == 409
        assert visitor.post("/run", {"shown": "x"}).status_code == 409
        assert any("switched off" in note for note in connected("doctor", "--json").json["notes"])
    assert connected("switch", sync_name, "on").code == 0
    assert connected(sync_name).code != 8
    assert "off" not in connected("switch").out.replace("off-", "").replace("office", "")


def test_access_of_each_person(visitor: Visitor, connected: Command) -> None:
    connect(visitor, "absences")
    choose(visitor, "HR-1", "HR-2")
    assert "Check everybody" in words(visitor.get("/access"))
    page = words(visitor.get("/access?person=Greta+Lind"))
    assert "Add them to an appropriate Tempo team." in page
    assert "0 has" in page.replace("1 lacks", "")
    everybody = words(visitor.get("/access?everybody=yes"))
    for one in connected("doctor", "--json").json["people"]:
        assert one["name"] in everybody
    answer = visitor.get("/access?person=Nobody+At+All")
    assert answer.status_code == 422
    assert "'Nobody At All' is neither" in words(answer)


def test_access_on_the_last_day_of_a_token(visitor: Visitor, site: Site) -> None:
    today = datetime.now(UTC).date()
    connect(visitor, "absences", end="day", day=today.isoformat())
    choose(visitor, "HR-1", "HR-2")
    page = words(visitor.get("/access?person=David+Carsen"))
    assert f"Its end ends today, on {today}" in page
    assert "The token ends today" in page, "it is warned of"
    assert "The template for HR-3 does nothing" in page
    assert "The template for HR-3 does nothing" in words(visitor.get("/run?preview=yes"))
    token = next(one for one in site.control("GET", "/tokens?person=fred") if "Office" in one["name"])
    site.control("DELETE", f"/tokens/{token['id']}?person=fred")
    page = words(visitor.get("/access?person=David+Carsen"))
    assert f"The token expired on {today}" in page
    assert "The token ends today" not in page


def test_no_token_is_in_any_page_or_line(visitor: Visitor, connected: Command, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [token_of(who) for who in ("absences", "nobody", "expired", "no_scopes", "greta")]
    for who in ("nobody", "expired", "no_scopes", "greta", "absences"):
        connect(visitor, who)
    choose(visitor, "HR-1")
    apply(visitor)
    for path in ("/connection", "/issues", "/access?everybody=yes", "/run?preview=yes", "/rules", "/calendar"):
        assert visitor.get(path).status_code == 200
    with closing(Store(connected.folder / "tempo-sync.db")) as store:
        kept = repr(store.rows("SELECT * FROM facts"))
    for told in (visitor.seen, caplog.text, kept, connected.everything):
        for secret in (*secrets, "demo-jira-token-of-fred-not-a-secret"):
            assert secret not in told


def test_names_are_no_markup(visitor: Visitor, connected: Command, site: Site) -> None:
    connect(visitor, "absences", purpose="<script>alert(1)</script>")
    assert "<script" not in visitor.get("/connection").text
    answer = visitor.get("/access?person=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in answer.text


def test_a_run_beside_the_pages_leaves_each_rule_once(visitor: Visitor, connected: Command) -> None:
    connect(visitor, "absences")
    choose(visitor, "HR-1", "HR-2", "HR-3", "HR-4")
    wanted = len(connected("absences", "--json").json["changes"]["create"])
    other = Visitor(visitor.config)
    form = visitor.get("/run?preview=yes").text.partition('name="shown" value="')[2].partition('"')[0]
    other.get("/run?preview=yes")
    runs = [threading.Thread(target=one.post, args=("/run", {"shown": form})) for one in (visitor, other)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    held = connected("rules", "--all", "--json").json["rules"]
    keys = {(rule["accountId"], rule["issueId"], rule["begin"]) for rule in held}
    assert len(held) == len(keys) == wanted
    assert connected("absences").code == 0
