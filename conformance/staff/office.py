"""A site for one check of connecting people: what people do at the providers, and what an administrator does in Tempo."""

from __future__ import annotations

import csv
import io
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from conformance import expect
from conformance.calls import Answer, Unmet
from conformance.client import Caller
from conformance.run import Absent

Row = dict[str, Any]

GITHUB = "github"
MOST = 1000
"""Rows that are asked for at once."""
POLLED = 0.02
"""Seconds between two looks at a run of connecting."""


class Office:
    """A site that nobody else uses. ``outside`` is whoever holds the providers; the others are personas of the target.

    limit: seconds that a run of connecting may take.
    """

    def __init__(self, limit: float, outside: Caller, admin: Caller, member: Caller) -> None:
        self.outside, self.admin, self.member = outside, admin, member
        self._limit = limit
        self._fit: list[Row] = []

    def prepare(self, provider: str = GITHUB) -> None:
        """The provider has no account, no fault, and every permission; and it is found out who can be connected."""
        self.disarm(provider)
        self.permit(provider, granted=True)
        while found := self.provider(provider).get("accounts"):
            # A page of them at a time.
            self._remove_accounts(found, provider)
        fit = [row for row in _rows(self.staff({"active": "true"})) if row.get("email") and not row.get("apps")]
        personas = {self.admin.user, self.member.user}
        self._fit = sorted(fit, key=lambda row: row["accountId"] in personas)

    def _remove_accounts(self, found: Iterable[Row], provider: str) -> None:
        for account in found:
            expect.success(self.outside.delete(f"{_at(provider)}/accounts/{quote(account['login'], safe='')}"))

    def people(self, number: int) -> list[Row]:
        """Active people with e-mail addresses and without any app, the personas last. Raises Absent where there are too few."""
        if len(self._fit) < number:
            raise Absent(f"the site has {len(self._fit)} people who can be connected, and the check needs {number}")
        return self._fit[:number]

    def provider(self, provider: str = GITHUB) -> Row:
        """What a provider's own side says."""
        return expect.json_object(self.outside.get(_at(provider)))

    def account(self, login: str, provider: str = GITHUB, **members: Any) -> None:
        """Make an account at the provider, or change it."""
        expect.success(self.outside.put(f"{_at(provider)}/accounts/{quote(login, safe='')}", members))

    def account_of(self, person: Row, provider: str = GITHUB, **members: Any) -> str:
        """An account with the address of a person; answers its login."""
        login = login_for(person)
        self.account(login, provider, **{"displayName": f"Account {login}", "email": person["email"], **members})
        return login

    def permit(self, provider: str = GITHUB, *, granted: bool) -> None:
        """Give the app its permissions at the provider, or take them away."""
        expect.success(self.outside.put(f"{_at(provider)}/permission", {"granted": granted}))

    def arm(self, kind: str, person: Row, provider: str = GITHUB) -> None:
        """From now on attempts to connect somebody fail in a way."""
        expect.success(self.outside.put(f"{_at(provider)}/fault", {"kind": kind, "person": person["name"]}))

    def disarm(self, provider: str = GITHUB) -> None:
        """No attempt fails on purpose any more."""
        expect.success(self.outside.delete(f"{_at(provider)}/fault"))

    def key(self, provider: str = GITHUB) -> str:
        """The text of a new key."""
        return str(expect.json_object(self.outside.post(f"{_at(provider)}/keys", {"days": 365}))["key"])

    def install(self, provider: str = GITHUB) -> None:
        """The app is installed."""
        expect.success(self.put_app(self.key(provider), provider))

    def put_app(self, key: str, provider: str = GITHUB) -> Answer:
        """An attempt to install the app."""
        return self.admin.put(f"_mock/apps/{provider}", {"key": key})

    def is_installed(self, provider: str = GITHUB) -> bool:
        """Whether the list of apps says that it is."""
        answer = self.admin.get("_mock/apps")
        found = [row for row in expect.objects(answer) if row.get("provider") == provider]
        expect.equal(answer, f"apps of {provider}", len(found), 1)
        return found[0].get("installed") is True

    def ask(self, people: Iterable[Row], provider: str = GITHUB) -> Answer:
        """An attempt to begin connecting people."""
        return self.admin.post("_mock/staff/connect", {"provider": provider, "accountIds": ids(people)})

    def connect(self, people: Iterable[Row], provider: str = GITHUB) -> Answer:
        """Connect people; answers how the run ended."""
        return self.ended(expect.status(self.ask(people, provider), 202))

    def ended(self, begun: Answer) -> Answer:
        """The last state of a run that has begun. Raises Unmet when it does not end."""
        number = expect.json_object(begun).get("id")
        until = time.monotonic() + self._limit
        while True:
            answer = self.admin.get(f"_mock/staff/jobs/{number}")
            if expect.json_object(answer).get("ended"):
                return answer
            if time.monotonic() > until:
                raise Unmet(f"a run that ends within {self._limit:g} seconds", "it has not ended", answer)
            time.sleep(POLLED)

    def settle(self) -> None:
        """Wait until no run of connecting people goes on any more."""
        for row in _rows_of_jobs(self.admin.get("_mock/staff/jobs")):
            self.ended(self.admin.get(f"_mock/staff/jobs/{row['id']}"))

    def connect_member(self, provider: str = GITHUB) -> Answer:
        """The member connects on their own, with an account that the provider has under a name of its own. Raises Absent."""
        if not self.member.user:
            raise Absent("the target does not give the persona member an account_id")
        login = "account-of-the-member"
        self.account(login, provider, displayName="Account of the Member", email="")
        return expect.success(self.member.put(f"_mock/staff/me/apps/{provider}", {"login": login}))

    def logins(self, people: Iterable[Row]) -> dict[str, str]:
        """accountId -> the login that `account_of` gives."""
        return {person["accountId"]: login_for(person) for person in people}

    def staff(self, query: Row | None = None) -> Answer:
        """The list of people."""
        return self.admin.get("_mock/staff", {"limit": MOST, "active": "all", **(query or {})})

    def shown(self, query: Row | None = None) -> dict[str, Row]:
        """The people of the list by accountId."""
        return {row["accountId"]: row for row in _rows(self.staff(query))}

    def connected(self, provider: str = GITHUB) -> set[str]:
        """The accountIds of everybody whose row has the icon of a provider."""
        return {key for key, row in self.shown().items() if provider in icons(row)}

    def failures(self, provider: str = GITHUB) -> dict[str, Row]:
        """The failure at a provider, by the accountId of each who has one."""
        rows = self.shown().items()
        return {key: one for key, row in rows for one in row.get("failures") or [] if one.get("provider") == provider}

    def map_of(self, people: Iterable[Row]) -> list[list[str]]:
        """The rows of the map file that is downloaded for people."""
        answer = self.admin.get("_mock/staff/github-map", [("accountId", key) for key in ids(people)])
        expect.success(answer)
        return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    def upload(self, rows: Sequence[Sequence[str]]) -> Answer:
        """Upload a map file."""
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        return self.admin.call("POST", "_mock/staff/github-map", text=out.getvalue(), headers={"Content-Type": "text/csv"})


def ids(people: Iterable[Row]) -> list[str]:
    """accountIds."""
    return [str(person["accountId"]) for person in people]


def icons(row: Row) -> list[str]:
    """The providers whose icons somebody's row has."""
    return [str(app.get("provider")) for app in row.get("apps") or []]


def login_for(person: Row) -> str:
    """A login that belongs to one person, and is neither the name nor the address of anybody."""
    return f"account-{zlib.crc32(person['accountId'].encode()):08x}"


def filled(rows: Sequence[Sequence[str]], logins: Mapping[str, str]) -> list[list[str]]:
    """A map file with logins in its last column. logins: by accountId."""
    header, *people = rows
    return [list(header), *([*row[:-1], logins.get(row[0], row[-1])] for row in people)]


def _rows(answer: Answer) -> list[Row]:
    found = expect.json_object(answer).get("results")
    expect.that(answer, isinstance(found, list), "a list called results", f"{type(found).__name__}")
    return list(found or [])


def _rows_of_jobs(answer: Answer) -> list[Row]:
    content = expect.success(answer).json()
    return list(content if isinstance(content, list) else content.get("results") or [])


def _at(provider: str) -> str:
    return f"_mock/providers/{provider}"
