"""Who may connect people to apps: Tempo Administrators, and nobody else."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from conformance import expect
from conformance.calls import Answer, Credentials
from conformance.client import Caller
from conformance.run import ANONYMOUS
from conformance.staff.office import GITHUB, Office, Row, ids

STRANGER = Credentials("stranger", "bearer", "", "no-such-token-of-anybody-here")
HEADER = "tempo_account_id,display_name,email,github_username\n"


class Deed(NamedTuple):
    """Something an administrator does."""

    method: str
    path: str

    def by(self, who: Caller, person: Row, login: str) -> Answer:
        """Somebody tries it, for a person and the account with a login."""
        if self.path.endswith("github-map") and self.method == "POST":
            row = f"{person['accountId']},x,x,{login}\n"
            return who.call("POST", self.path, text=HEADER + row, headers={"Content-Type": "text/csv"})
        if self.method == "POST":
            return who.post(self.path, {"provider": GITHUB, "accountIds": ids([person])})
        if self.method == "PUT":
            return who.put(self.path, {"key": "no-key"})
        return who.call(self.method, self.path)


DEEDS = (
    Deed("GET", "_mock/apps"),
    Deed("PUT", "_mock/apps/github"),
    Deed("GET", "_mock/staff"),
    Deed("POST", "_mock/staff/connect"),
    Deed("GET", "_mock/staff/jobs"),
    Deed("GET", "_mock/staff/github-map"),
    Deed("POST", "_mock/staff/github-map"),
    Deed("DELETE", "_mock/apps/github"),
)
each_deed = pytest.mark.parametrize("deed", [pytest.param(deed, id=" ".join(deed)) for deed in DEEDS])


def _tried(office: Office, who: Caller, deed: Deed) -> Answer:
    """Somebody tries a deed that would do something, were it an administrator's."""
    office.install()
    (person,) = office.people(1)
    login = office.account_of(person)
    return deed.by(who, person, login)


@pytest.mark.requirement("staff.rights.others-403")
@each_deed
def test_others_than_administrators_are_refused(office: Office, deed: Deed) -> None:
    expect.status(_tried(office, office.member, deed), 403)


@pytest.mark.requirement("staff.rights.nobody-401")
@each_deed
@pytest.mark.parametrize("who", [ANONYMOUS, STRANGER], ids=["without credentials", "unknown token"])
def test_nobody_in_particular_is_refused(office: Office, deed: Deed, who: Credentials) -> None:
    expect.status(_tried(office, office.admin.using(who), deed), 401)


@pytest.mark.requirement("staff.rights.refused-does-nothing")
@pytest.mark.parametrize("deed", [pytest.param(deed, id=" ".join(deed)) for deed in DEEDS if deed.method != "GET"])
def test_refused_deed_changes_nothing_at_all(office: Office, deed: Deed) -> None:
    answer = _tried(office, office.member, deed)
    expect.that(answer, not answer.ok, "a refusal", f"status {answer.status}")
    office.settle()
    expect.equal(answer, "whether the app is installed afterwards", office.is_installed(), True)
    expect.equal(answer, "who is connected afterwards", sorted(office.connected()), [])
