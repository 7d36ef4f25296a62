"""Telling somebody that Tempo cannot be read, or can be again: a command, a webhook, an e-mail. No secret is told."""

from __future__ import annotations

import os
import shlex
import smtplib
import subprocess
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from types import MappingProxyType
from urllib.parse import urlsplit

import requests

from integration.fallback import LEFT, Alert, sentence
from integration.worklog_settings import Alerts

PATIENCE = 30.0
"""Seconds that a command, a server of webhooks or of mail is waited for."""

_KEPT_BACK = ("TEMPO_TOKEN", "JIRA_TOKEN")


class NotTold(Exception):  # noqa: N818
    """An alert that did not arrive. The text is a sentence without any secret."""


def send(channel: str, alerts: Alerts, alert: Alert) -> None:
    """Tell it on one of ``alerts.channels``. Raises ``NotTold``."""
    _SENDERS[channel](alerts, alert)


def _command(alerts: Alerts, alert: Alert) -> None:
    told = {
        "TEMPO_SYNC_ALERT": alert.event,
        "TEMPO_SYNC_CAUSE": alert.cause.kind,
        "TEMPO_SYNC_SENTENCE": sentence(alert),
        "TEMPO_SYNC_SINCE": alert.since,
    }
    environment = {name: value for name, value in os.environ.items() if name not in _KEPT_BACK}
    try:
        # What it prints would stand within the JSON of a run.
        ended = subprocess.run(
            shlex.split(alerts.command), env={**environment, **told}, timeout=PATIENCE, check=False,
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


def _webhook(alerts: Alerts, alert: Alert) -> None:
    # The whole address is a secret where such servers are concerned; its host is not.
    host = _host(alerts.webhook)
    body = {"text": sentence(alert), "alert": alert.event, "cause": alert.cause.kind, "sentence": alert.cause.sentence}
    session = requests.Session()
    session.trust_env = False
    try:
        answer = session.post(
            alerts.webhook, json={**body, "since": alert.since, "at": alert.at}, timeout=PATIENCE, allow_redirects=False
        )
    except (requests.exceptions.RequestException, ValueError) as error:
        raise NotTold(f"the webhook of [alerts] at {host} cannot be reached ({type(error).__name__})") from None
    finally:
        session.close()
    if not 200 <= answer.status_code < 300:
        raise NotTold(f"the webhook of [alerts] at {host} answered {answer.status_code}")


def _email(alerts: Alerts, alert: Alert) -> None:
    host, _, port = alerts.smtp.rpartition(":") if ":" in alerts.smtp else (alerts.smtp, "", "25")
    message = EmailMessage()
    message["Subject"] = "tempo-sync: Tempo can be read again" if alert.event == LEFT else "tempo-sync: Tempo cannot be read"
    message["From"] = alerts.sender or alerts.email
    message["To"] = alerts.email
    message.set_content(f"{sentence(alert)}.\n\nCause: {alert.cause.kind}\nSince: {alert.since}\nTold at: {alert.at}\n")
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


_SENDERS: Mapping[str, Callable[[Alerts, Alert], None]] = MappingProxyType(
    {"command": _command, "webhook": _webhook, "email": _email}
)
