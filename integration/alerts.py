"""Telling somebody that Tempo cannot be read, or can be again: a command, a webhook, an e-mail. No secret is told."""

from __future__ import annotations

import os
import shlex
import smtplib
import subprocess
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

import requests

PATIENCE = 30.0
"""Seconds that a command, a server of webhooks or of mail is waited for."""

_KEPT_BACK = ("TEMPO_TOKEN", "JIRA_TOKEN")


class Targets(NamedTuple):
    """Whom to tell; "" for none. command: a line as for a shell, run without one. webhook: an address that takes JSON.

    email: to whom, through ``smtp``, host and port, from ``sender``.
    """

    command: str = ""
    webhook: str = ""
    email: str = ""
    smtp: str = ""
    sender: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are configured."""
        return tuple(name for name in _SENDERS if getattr(self, name))


class Alert(NamedTuple):
    """What is told. what: "entered" or "left". kind, sentence: the cause. since, at: UTC, ISO 8601."""

    what: str
    kind: str
    sentence: str
    since: str
    at: str

    @property
    def headline(self) -> str:
        """One line for people."""
        if self.what == "left":
            return f"Tempo can be read again; it could not since {self.since}"
        return f"Tempo cannot be read since {self.since}: {self.sentence}"


class NotTold(Exception):  # noqa: N818
    """An alert that did not arrive. The text is a sentence without any secret."""


def send(name: str, targets: Targets, alert: Alert) -> None:
    """Tell one target, by its name of ``Targets.names``. Raises ``NotTold``."""
    _SENDERS[name](targets, alert)


def _command(targets: Targets, alert: Alert) -> None:
    told = {
        "TEMPO_SYNC_ALERT": alert.what,
        "TEMPO_SYNC_ALERT_CAUSE": alert.kind,
        "TEMPO_SYNC_ALERT_SENTENCE": alert.headline,
        "TEMPO_SYNC_ALERT_SINCE": alert.since,
    }
    environment = {name: value for name, value in os.environ.items() if name not in _KEPT_BACK}
    try:
        # What it prints would stand within the JSON of a run.
        ended = subprocess.run(
            shlex.split(targets.command), env={**environment, **told}, timeout=PATIENCE, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotTold(f"the command of [alerts] did not end within {PATIENCE:g} s") from None
    except (OSError, ValueError, IndexError) as error:
        # An error of the system may name the command, and a command may hold a secret.
        why = error.strerror if isinstance(error, OSError) else "it is no command line"
        raise NotTold(f"the command of [alerts] cannot be run ({why})") from None
    if ended.returncode:
        raise NotTold(f"the command of [alerts] ended with {ended.returncode}")


def _webhook(targets: Targets, alert: Alert) -> None:
    # The whole address is a secret where such servers are concerned; its host is not.
    host = _host(targets.webhook)
    body = {"text": alert.headline, "alert": alert.what, "cause": alert.kind, "sentence": alert.sentence}
    session = requests.Session()
    session.trust_env = False
    try:
        answer = session.post(
            targets.webhook, json={**body, "since": alert.since, "at": alert.at}, timeout=PATIENCE, allow_redirects=False
        )
    except (requests.exceptions.RequestException, ValueError) as error:
        raise NotTold(f"the webhook of [alerts] at {host} cannot be reached ({type(error).__name__})") from None
    finally:
        session.close()
    if not 200 <= answer.status_code < 300:
        raise NotTold(f"the webhook of [alerts] at {host} answered {answer.status_code}")


def _email(targets: Targets, alert: Alert) -> None:
    host, _, port = targets.smtp.rpartition(":") if ":" in targets.smtp else (targets.smtp, "", "25")
    message = EmailMessage()
    message["Subject"] = "tempo-sync: Tempo can be read again" if alert.what == "left" else "tempo-sync: Tempo cannot be read"
    message["From"] = targets.sender or targets.email
    message["To"] = targets.email
    message.set_content(f"{alert.headline}.\n\nCause: {alert.kind}\nSince: {alert.since}\nTold at: {alert.at}\n")
    try:
        with smtplib.SMTP(host, int(port), timeout=PATIENCE) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls()
            server.send_message(message)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        raise NotTold(f"the mail of [alerts] does not go out at {host} ({type(error).__name__})") from None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "its address"
    except ValueError:
        return "its address"


_SENDERS: Mapping[str, Callable[[Targets, Alert], None]] = MappingProxyType(
    {"command": _command, "webhook": _webhook, "email": _email}
)
