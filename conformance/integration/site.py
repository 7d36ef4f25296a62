"""What every site has on which an integration is judged: who it is, what is armed against it, and what it asked."""

from __future__ import annotations

import base64
from typing import Any

from conformance import expect
from conformance.calls import Credentials
from conformance.client import Caller

Row = dict[str, Any]

READER = "laura"
"""Whom the integration's tokens belong to: no administrator, may browse users in Jira, sees everybody's work by a role."""

ADMIN = Credentials("admin", "bearer", "", "demo-token-of-fred-not-a-secret", "token")
SHOWN = 20
"""So many of the last requests of a program does a failure tell."""


def jira_login(name: str, label: str) -> Credentials:
    """Somebody's of the scenario guide, for Jira. label: what reports call it."""
    return Credentials(label, "basic", f"{name}@example.org", f"demo-jira-token-of-{name}-not-a-secret", "api_token")


JIRA_ADMIN = jira_login("fred", "admin")
JIRA_READER = jira_login(READER, "reader")


class Site:
    """A site of a fake with the scenario guide. tempo_token, tempo_url: what the integration is given, for the next call."""

    def __init__(self, caller: Caller) -> None:
        """caller: anybody who calls the site."""
        self.caller = caller
        self.admin = caller.using(ADMIN)
        self.tempo_token = ""
        self.tempo_url = caller.base

    @property
    def url(self) -> str:
        """Of the site, for both Tempo and Jira."""
        return self.caller.base

    @property
    def jira_user(self) -> str:
        """The e-mail address with which the reader calls Jira."""
        return JIRA_READER.user

    @property
    def jira_token(self) -> str:
        """The reader's, for Jira."""
        return JIRA_READER.secret

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must stand nowhere: both tokens, and the one of Jira as a header holds it."""
        pair = base64.b64encode(f"{self.jira_user}:{self.jira_token}".encode()).decode("ascii")
        return tuple(secret for secret in (self.tempo_token, self.jira_token, pair.rstrip("=")) if secret)

    def token(self, *scopes: str) -> str:
        """A new token of the reader for Tempo, with Full access unless scopes are named."""
        body: Row = {"person": READER, "name": "integration", **({"scopes": scopes} if scopes else {})}
        return str(expect.json_object(self.caller.post("_mock/tokens", body))["token"])

    def arm(self, **rule: Any) -> None:
        """Requests are broken from now on (docs/faults.md); with `trap` what a trap breaks (docs/traps.md)."""
        expect.success(self.caller.post("_mock/faults", rule))

    def disarm(self) -> None:
        """Nothing is broken any more."""
        expect.success(self.caller.delete("_mock/faults"))

    def forget(self) -> None:
        """The journal begins anew."""
        expect.success(self.caller.delete("_mock/journal"))

    def asked(self) -> list[Row]:
        """What was asked of the site's APIs since `forget`, the oldest first."""
        found: list[Row] = expect.json_object(self.caller.get("_mock/journal", {"limit": 1000}))["entries"]
        return found

    def holds(self, check: Row) -> str | None:
        """None where a claim about the journal holds, else what was seen."""
        answer = self.caller.post("_mock/journal/check", [check])
        found = expect.json_object(answer)["checks"][0]
        return None if found["ok"] else str(found["sentence"])

    def told(self) -> list[str]:
        """The last requests of the program under test, for a reader; those of the suite, as other people, are left out."""
        rows = [row for row in self.asked() if self.is_programs(row)]
        left_out = [f"({len(rows) - SHOWN} before these)"] if len(rows) > SHOWN else []
        return left_out + [_line(row) for row in rows[-SHOWN:]]

    def is_programs(self, row: Row) -> bool:
        """Whether an entry of the journal may be of the program under test."""
        return row["who"] in (READER, None)

    def account(self, who: Credentials) -> str:
        """Somebody's accountId."""
        return str(expect.json_object(self.caller.using(who).get("rest/api/3/myself"))["accountId"])

    def role(self, name: str, account_id: str, *keys: str) -> int:
        """The id of a new permission role over everybody. keys: `plan.view`."""
        return int(expect.json_object(self.admin.post("4/permission-roles", role_body(name, account_id, *keys)))["id"])


def role_body(name: str, account_id: str, *keys: str) -> Row:
    """A permission role over everybody, as it is sent."""
    return {
        "name": name,
        "accessType": "GLOBAL",
        "permissionKeys": [f"permissions.{key}" for key in keys],
        "permittedAccountIds": [account_id],
    }


def _line(row: Row) -> str:
    status = "no answer" if row["status"] is None else row["status"]
    address = f"{row['path']}?{row['query']}" if row["query"] else row["path"]
    body = f"  {row['requestBody']:.200}" if row["requestBody"] else ""
    why = f"  ({row['fault']})" if row["fault"] else ""
    return f"{status}  {row['method']} {address}{body}  as {row['who'] or 'nobody'}{why}"
