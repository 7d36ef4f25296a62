"""Alerts that arrive once, at a real command, a real webhook and a real server of mail; and those that do not arrive."""

from __future__ import annotations

import json
import os
import shlex
import socket
import sys
from email import message_from_string, policy
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from integration.alarm import KeptAlarm
from integration.clients import alerts
from integration.clients.alerts import NotTold, send
from integration.fallback import MOST_PENDING, QUIET, Alert
from integration.records import Reason
from integration.store import Store
from integration.worklog_settings import Alerts

from .scripted import Answer, Scripted

CAUSE = Reason("unauthorized", "Tempo refuses the token")
SINCE = "2026-03-02T09:00:00+00:00"
ENTERED = Alert("entered", CAUSE, SINCE, SINCE, ("command",))
HOOK = """
import json, os, sys
names = ("ALERT", "CAUSE", "SENTENCE", "SINCE")
told = {name: os.environ["TEMPO_SYNC_" + name] for name in names}
print("this would stand in the JSON")
told["tokens"] = sorted(name for name in os.environ if name in ("TEMPO_TOKEN", "JIRA_TOKEN"))
with open(sys.argv[1], "a") as file:
    file.write(json.dumps(told) + "\\n")
sys.exit(int(sys.argv[2]))
"""


@pytest.fixture
def hook(tmp_path: Path) -> str:
    """A command that writes what it was told into ``told``."""
    script = tmp_path / "a hook.py"
    script.write_text(HOOK)
    return shlex.join([sys.executable, str(script), str(tmp_path / "told"), "0"])


class Mail:
    """A server of mail that keeps what it takes, and refuses recipients when told."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refuses = False
        mail = self

        class Handler(StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 here\r\n")
                for line in self.rfile:
                    word = line.split(b":")[0].split()[0].upper()
                    if word == b"DATA":
                        self.wfile.write(b"354 go on\r\n")
                        lines: list[bytes] = []
                        while (part := self.rfile.readline()) != b".\r\n":
                            lines.append(part)
                        mail.taken.append(b"".join(lines).decode())
                    refused = mail.refuses and word == b"RCPT"
                    self.wfile.write(b"550 nobody\r\n" if refused else b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
                    if word == b"QUIT":
                        return

        self.server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.address = f"127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def mail() -> object:
    made = Mail()
    yield made
    made.server.shutdown()
    made.server.server_close()


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def told_to(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "told").read_text().splitlines()]


def test_a_command(hook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TEMPO_TOKEN", "secret")
    monkeypatch.setenv("JIRA_TOKEN", "secret")
    send("command", Alerts(command=hook), ENTERED)
    (told,) = told_to(tmp_path)
    assert told == {
        "ALERT": "entered",
        "CAUSE": "unauthorized",
        "SENTENCE": f"Tempo cannot be read since {SINCE}: Tempo refuses the token",
        "SINCE": SINCE,
        "tokens": [],
    }
    assert capfd.readouterr() == ("", "")
    assert os.environ["TEMPO_TOKEN"] == "secret"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("/nowhere/hook --key s3cret", "cannot be run (No such file or directory)"),
        ("hook 'that never ends s3cret", "cannot be run (it is no command line)"),
        (" ", "cannot be run (it is no command line)"),
        (f"{shlex.quote(sys.executable)} -c 'import sys; sys.exit(3)' s3cret", "ended with 3"),
    ],
)
def test_a_command_that_fails(command: str, sentence: str) -> None:
    with pytest.raises(NotTold) as caught:
        send("command", Alerts(command=command), ENTERED)
    assert sentence in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_command_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "PATIENCE", 0.2)
    endless = shlex.join([sys.executable, "-c", "import threading; threading.Event().wait()"])
    with pytest.raises(NotTold, match=r"did not end within 0\.2 s"):
        send("command", Alerts(command=endless), ENTERED)


def test_a_webhook(server: Scripted) -> None:
    server.script = [Answer(204, b"")]
    send("webhook", Alerts(webhook=f"{server.url}/hooks/s3cret"), ENTERED)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/hooks/s3cret")
    assert json.loads(asked.body) == {
        "text": f"Tempo cannot be read since {SINCE}: Tempo refuses the token",
        "alert": "entered",
        "cause": "unauthorized",
        "sentence": "Tempo refuses the token",
        "since": SINCE,
        "at": SINCE,
    }
    assert "Authorization" not in asked.headers


@pytest.mark.parametrize("answer", [Answer(404), Answer(500), Answer(302, headers={"Location": "/elsewhere"})])
def test_a_webhook_that_does_not_take_it(server: Scripted, answer: Answer) -> None:
    server.script = [answer]
    with pytest.raises(NotTold) as caught:
        send("webhook", Alerts(webhook=f"{server.url}/hooks/s3cret"), ENTERED)
    assert f"answered {answer.status}" in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/s3cret", "s3cret", "http://[s3cret", "ftp://x/s3cret"])
def test_a_webhook_that_is_not_there(url: str) -> None:
    with pytest.raises(NotTold) as caught:
        send("webhook", Alerts(webhook=url.format(port=closed_port())), ENTERED)
    assert "cannot be reached" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_an_email(mail: Mail) -> None:
    send("email", Alerts(email="ops@example.org", smtp=mail.address, sender="sync@example.org"), ENTERED)
    taken = message_from_string(mail.taken[0], policy=policy.default)
    assert [taken[name] for name in ("Subject", "To", "From")] == [
        "tempo-sync: Tempo cannot be read",
        "ops@example.org",
        "sync@example.org",
    ]
    assert "Tempo refuses the token.\r\n\r\nCause: unauthorized\r\n" in taken.get_content()
    left = ENTERED._replace(event="left")
    send("email", Alerts(email="ops@example.org", smtp=mail.address), left)
    assert "Subject: tempo-sync: Tempo can be read again\r\n" in mail.taken[1]


def test_an_email_that_nobody_takes(mail: Mail) -> None:
    mail.refuses = True
    with pytest.raises(NotTold, match="SMTPRecipientsRefused"):
        send("email", Alerts(email="ops@example.org", smtp=mail.address), ENTERED)
    for address in (f"127.0.0.1:{closed_port()}", "127.0.0.1:smtp"):
        with pytest.raises(NotTold, match=r"at 127\.0\.0\.1"):
            send("email", Alerts(email="ops@example.org", smtp=address), ENTERED)


@pytest.fixture
def store() -> object:
    made = Store(":memory:")
    yield made
    made.close()


def enter(alarm: KeptAlarm, store: Store, at: str, cause: Reason = CAUSE) -> None:
    with store.transaction():
        alarm.notice(cause, at)


def leave(alarm: KeptAlarm, store: Store, at: str) -> None:
    with store.transaction():
        alarm.notice(None, at)


def since(alarm: KeptAlarm) -> str | None:
    raised = alarm.now.raised
    return None if raised is None else raised.since


def test_once_on_entering_and_once_on_leaving(store: Store, hook: str, tmp_path: Path) -> None:
    alarm = KeptAlarm(store, Alerts(command=hook))
    leave(alarm, store, "0")
    assert (alarm.tell(), since(alarm)) == ([], None), "it was never on"
    for at in ("1", "2", "3"):
        enter(alarm, store, at, CAUSE._replace(kind="server-error" if at == "3" else CAUSE.kind))
        assert (alarm.tell(), since(alarm)) == ([], "1")
    assert [(told["ALERT"], told["SINCE"]) for told in told_to(tmp_path)] == [("entered", "1")]
    for at in ("4", "5"):
        leave(alarm, store, at)
        assert (alarm.tell(), since(alarm)) == ([], None)
    enter(alarm, store, "6")
    alarm.tell()
    told = [(told["ALERT"], told["SINCE"], told["CAUSE"]) for told in told_to(tmp_path)]
    assert told == [
        ("entered", "1", "unauthorized"),
        ("left", "1", "server-error"),
        ("entered", "6", "unauthorized"),
    ]


def test_what_does_not_arrive_is_tried_again_and_hinders_nobody(
    store: Store, server: Scripted, hook: str, tmp_path: Path
) -> None:
    server.script = [Answer(503), Answer(503), Answer(200, {})]
    alarm = KeptAlarm(store, Alerts(command=hook, webhook=server.url))
    enter(alarm, store, "1")
    (failed,) = alarm.tell()
    assert "answered 503; the next run tries again" in failed
    leave(alarm, store, "2")
    assert len(alarm.tell()) == 1
    assert [told["ALERT"] for told in told_to(tmp_path)] == ["entered", "left"]
    assert alarm.tell() == []
    assert [json.loads(asked.body)["alert"] for asked in server.asked] == ["entered", "entered", "entered", "left"]
    assert alarm.tell() == []
    assert len(server.asked) == 4


def test_a_target_that_is_configured_no_longer(store: Store, server: Scripted) -> None:
    server.script = [Answer(503)]
    alarm = KeptAlarm(store, Alerts(webhook=server.url))
    enter(alarm, store, "1")
    assert alarm.tell()
    without = KeptAlarm(store, Alerts())
    assert without.tell() == []
    enter(without, store, "2")
    assert alarm.tell() == [], "it is forgotten"


def test_alerts_that_never_arrive_do_not_pile_up(store: Store) -> None:
    alarm = KeptAlarm(store, Alerts(webhook=f"http://127.0.0.1:{closed_port()}/"))
    for number in range(2 * MOST_PENDING):
        enter(alarm, store, f"{number}")
        leave(alarm, store, f"{number}")
    kept = json.loads(store.fact("alarm") or "")
    assert len(kept["pending"]) == MOST_PENDING
    assert kept["pending"][-1]["at"] == f"{2 * MOST_PENDING - 1}"


@pytest.mark.parametrize("edited", ["", "[]", "{}", '{"raised": 5, "pending": []}', '{"raised": null, "pending": [7]}'])
def test_an_alarm_that_somebody_edited(store: Store, edited: str) -> None:
    with store.transaction():
        store.set_fact("alarm", edited)
    assert KeptAlarm(store, Alerts()).now == QUIET


def test_where_nobody_asks_tempo_any_more_nothing_is_told(store: Store, hook: str, tmp_path: Path) -> None:
    alarm = KeptAlarm(store, Alerts(command=hook))
    enter(alarm, store, "1")
    with store.transaction():
        alarm.rest()
    assert (alarm.tell(), since(alarm)) == ([], None)
    assert [told["ALERT"] for told in told_to(tmp_path)] == ["entered"]
