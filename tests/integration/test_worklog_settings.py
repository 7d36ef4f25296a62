"""[worklogs], [[contract]] and [alerts]: what is understood, and a sentence for each mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from integration.settings import Mistaken, read_settings
from integration.worklog_settings import APP_ACCOUNT, Alerts, WorklogSettings
from integration.worklogs import Contract

SITE = '[site]\njira_url = "https://a.example"\n'


def read(folder: Path, content: str) -> WorklogSettings:
    path = folder / "tempo-sync.toml"
    path.write_text(SITE + content, encoding="utf-8")
    return read_settings(path).worklogs


def test_nothing_said_is_the_defaults(tmp_path: Path) -> None:
    assert read(tmp_path, "") == WorklogSettings()
    assert WorklogSettings().app_account == APP_ACCOUNT == "557058:295406f3-a1fc-4733-b906-dd15d021bd79"
    assert WorklogSettings().alerts.channels == ()


def test_everything_said(tmp_path: Path) -> None:
    content = """
[worklogs]
source = "jira"
fallback = "none"
app_account = "557058:b"
attribute = "held"
overlap_minutes = 0
window_days = 90
deletions = "window"
amount = "billable"
required = "schedules"
owner = "anna"
[[contract]]
person = "bert"
first = 2026-01-01
week = [0, 7.6, 7.6, 7.6, 7.6, 7.6, 0]
[[contract]]
person = "anna"
first = "2026-03-01"
last = "2026-03-31"
week = "[0, 8, 8, 8, 8, 8, 0]"
[alerts]
command = "notify-send tempo"
webhook = "https://hooks.example/x"
email = "anna@example.org"
from = "sync@example.org"
smtp = "mail.example.org:25"
"""
    assert read(tmp_path, content) == WorklogSettings(
        source="jira",
        fallback="none",
        app_account="557058:b",
        attribute="held",
        overlap_minutes=0,
        window_days=90,
        deletions="window",
        amount="billable",
        required="schedules",
        owner="anna",
        contracts=(
            Contract("anna", date(2026, 3, 1), date(2026, 3, 31), (0, *(28800,) * 5, 0)),
            Contract("bert", date(2026, 1, 1), None, (0, *(27360,) * 5, 0)),
        ),
        alerts=Alerts(
            "notify-send tempo", "https://hooks.example/x", "anna@example.org", "mail.example.org:25", "sync@example.org"
        ),
    )


@pytest.mark.parametrize(
    ("content", "channels"),
    [
        ('command = "x"', ("command",)),
        ('webhook = "http://localhost:1/x"', ("webhook",)),
        ('email = "a@b"\nfrom = "c@d"\nsmtp = "localhost:25"\ncommand = "x"', ("command", "email")),
        ('email = "a@b"\nfrom = "c@d"\nsmtp = "[::1]:25"', ("email",)),
    ],
)
def test_channels(tmp_path: Path, content: str, channels: tuple[str, ...]) -> None:
    assert read(tmp_path, f"[alerts]\n{content}\n").alerts.channels == channels


CONTRACT = '[[contract]]\nperson = "anna"\nfirst = 2026-01-01\nweek = [0, 8, 8, 8, 8, 8, 0]\n'
MAIL = 'email = "a@b.example"\nfrom = "c@d.example"\n'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("worklogs = 1", "[worklogs] is a table"),
        ('[worklogs]\nsource = "excel"', '[worklogs] source = \'excel\': allowed is "tempo" or "jira".'),
        ('[worklogs]\nfallback = "tempo"', 'allowed is "jira" or "none".'),
        ('[worklogs]\nattribute = "guess"', 'allowed is "no" or "held".'),
        ('[worklogs]\ndeletions = "never"', 'allowed is "auto" or "audit" or "window".'),
        ('[worklogs]\namount = "worked"', 'allowed is "spent" or "billable".'),
        ('[worklogs]\nrequired = "both"', 'allowed is "contracts" or "schedules".'),
        ("[worklogs]\noverlap_minutes = -1", "overlap_minutes = -1: allowed is 0 to 1440."),
        ('[worklogs]\noverlap_minutes = "ten"', "allowed is 0 to 1440."),
        ("[worklogs]\noverlap_minutes = true", "allowed is 0 to 1440."),
        ("[worklogs]\nwindow_days = 0", "window_days = 0: allowed is 1 to 3660."),
        ("[worklogs]\nwindow_days = 1.5", "allowed is 1 to 3660."),
        ('[worklogs]\napp_account = ""', "app_account is the accountId"),
        ('[worklogs]\napp_account = " "', "app_account is the accountId"),
        ("[worklogs]\napp_account = 5", "app_account = 5: allowed is a text."),
        ("[worklogs]\nowner = []", "owner = []: allowed is a text."),
        ("[worklogs]\nfall_back = 1", "[worklogs] knows no fall_back; it knows "),
        ("[contract]\nperson = 'anna'", "contract is written as [[contract]], once for each."),
        ("contract = [1]", "[contract 1] is a table"),
        ("[[contract]]", "[[contract]] 1: person is an accountId"),
        (CONTRACT.replace('"anna"', '""'), "[[contract]] 1: person is an accountId, not ''."),
        (CONTRACT.replace("first = 2026-01-01", ""), "[[contract]] 1 of anna: first is a day such as 2026-03-31, not None."),
        (CONTRACT.replace("01-01", "01-01T00:00:00"), "[[contract]] 1 of anna: first is a day"),
        (CONTRACT + "last = 2025-12-31", "[[contract]] 1 of anna ends on 2025-12-31 before it begins on 2026-01-01."),
        (CONTRACT.replace("[0, ", "["), "[[contract]] 1 of anna: week has 6 entries, not seven"),
        (CONTRACT.replace("[0, 8,", "[0, nan,"), "[[contract]] 1 of anna: Monday has nan, which is no number of hours."),
        (CONTRACT.replace("week", "weeks"), "[contract 1] knows no weeks; it knows first, last, person, week."),
        (CONTRACT + CONTRACT.replace("8, 0]", "0, 0]").replace("01-01", "06-01"),
         "the contracts of anna overlap: that from 2026-01-01 has no end, and another begins on 2026-06-01"),
        (CONTRACT.replace("anna", "bert") + CONTRACT.replace("[0, 8", "[0, 80"), "[[contract]] 2 of anna: Monday has 80 hours"),
        ("[alerts]\nwebhook = 'hooks.example'", "[alerts] webhook is an address that begins with https://"),
        ('[alerts]\nwebhook = "https://a\\n"', "[alerts] webhook is an address"),
        ("[alerts]\nmail = 'a@b'", "[alerts] knows no mail; it knows command, email, from, smtp, webhook."),
        ("[alerts]\nemail = 'anna'", "[alerts] email is an e-mail address, not 'anna'."),
        ('[alerts]\nemail = "a@b\\nBcc: c@d"', "[alerts] email is an e-mail address"),
        ("[alerts]\nemail = 'a@b.example'", "[alerts] from is an e-mail address, not ''."),
        (f"[alerts]\n{MAIL}", "[alerts] smtp is the server"),
        (f"[alerts]\n{MAIL}smtp = 'mail.example'", "[alerts] smtp is the server"),
        (f"[alerts]\n{MAIL}smtp = 'mail.example:0'", "[alerts] smtp is the server"),
        (f"[alerts]\n{MAIL}smtp = 'mail.example:65536'", "[alerts] smtp is the server"),
        (f"[alerts]\n{MAIL}smtp = 'https://mail.example:25'", "[alerts] smtp is the server"),
        ("[alerts]\nsmtp = 'mail.example:25'", "[alerts] has smtp or from, but no email to send to."),
        ("[alerts]\nfrom = 'a@b'", "[alerts] has smtp or from, but no email to send to."),
        ("[alerts]\ncommand = ['a']", "[alerts] command = ['a']: allowed is a text."),
    ],
)  # fmt: skip
def test_a_mistake_is_a_sentence_that_names_the_file_and_the_place(tmp_path: Path, content: str, said: str) -> None:
    # What is outside of any table stands before the first one.
    content = f"{content}\n{SITE}" if content.startswith(("worklogs", "contract")) else SITE + content
    path = tmp_path / "tempo-sync.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Mistaken) as raised:
        read_settings(path)
    assert str(raised.value).startswith(str(path))
    assert said in str(raised.value)


def test_the_address_of_a_webhook_is_not_said_again(tmp_path: Path) -> None:
    assert "hush" not in repr(read(tmp_path, '[alerts]\nwebhook = "https://hooks.example/hush"\n'))
    with pytest.raises(Mistaken) as raised:
        read(tmp_path, '[alerts]\nwebhook = "hooks.example/hush"\n')
    assert "hush" not in str(raised.value)
