"""What the answers to a first question say of a token and an address. Pure: facts in, a verdict out."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

SETTINGS_PAGE = "Tempo > Settings > Data Access > API Integration"
ABSENCES, WORKLOGS = "absences", "worklogs"
"""What a token is for."""

_JIRA_TOKEN = "ATATT"
"""What API tokens of Jira Cloud begin with; those of Tempo do not."""


class Kind(StrEnum):
    """What a connection came to, one word for programs."""

    GOOD = "good"
    WRONG_TOKEN = "wrong-token"
    EXPIRED = "expired"
    REVOKED = "revoked"
    FORBIDDEN_NOW = "forbidden-now"
    TOKEN_OF_JIRA = "token-of-jira"
    NO_PLANS_SCOPE = "no-plans-scope"
    NO_SCHEMES_SCOPE = "no-schemes-scope"
    NO_WORKLOGS_SCOPE = "no-worklogs-scope"
    SEES_NOBODY = "sees-nobody"
    WRONG_REGION = "wrong-region"
    NOT_TEMPO = "not-tempo"
    UNREACHABLE = "unreachable"
    JIRA_REFUSES = "jira-refuses"


class Told(NamedTuple):
    """How a server answered one question. kind: "ok", or the kind of the error. sentence: what it was, for people."""

    kind: str = "ok"
    sentence: str = ""


class Facts(NamedTuple):
    """What was asked and known.

    use: what the token is for. listed: the answer to the list of plans, or of worklogs. seen: how many people are in it.
    teams: how many teams are to be seen, None where that is refused. everybody: how many people the workload schemes count, or
    have contracts, None where nobody knows. elsewhere: another address at which the token is known, or was when it was
    connected. expires: its last day, as told. verified: when this very token was connected at this address for the same use
    before, "" when it was not. audit: the answer to the audit log, where it was asked for. schemes: the answer to the lists of
    schemes.
    """

    url: str
    today: date
    listed: Told = Told()
    seen: int = 0
    teams: int | None = None
    everybody: int | None = None
    elsewhere: str | None = None
    expires: date | None = None
    verified: str = ""
    begins_as: str = ""
    jira: Told = Told()
    jira_url: str = ""
    schemes: Told = Told()
    use: str = ABSENCES
    audit: Told = Told()


class Verdict(NamedTuple):
    """What it came to. warning: what to look at although it is good."""

    kind: Kind
    sentence: str
    warning: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether the connection may be used."""
        return self.kind is Kind.GOOD

    @property
    def is_over(self) -> bool:
        """Whether another token would help."""
        return self.kind in (Kind.EXPIRED, Kind.REVOKED, Kind.FORBIDDEN_NOW, Kind.WRONG_TOKEN)

    @property
    def can_ask(self) -> bool:
        """Whether Tempo answers this token at all."""
        return self.kind in (Kind.GOOD, Kind.SEES_NOBODY, Kind.JIRA_REFUSES)


def judge(facts: Facts) -> Verdict:
    """The verdict on a token and its addresses."""
    if facts.listed.kind == "ok":
        return _worklogs(facts) if facts.use == WORKLOGS else _readable(facts)
    is_same_host = facts.elsewhere is not None and _host(facts.elsewhere) == _host(facts.url)
    # A path where nothing is, on the host that was connected, is another mistake.
    if facts.elsewhere is not None and not (is_same_host and facts.listed.kind == "not-found"):
        where = f"{facts.url} is another site" if is_same_host else f"{_host(facts.url)} is the host of another region"
        return Verdict(
            Kind.WRONG_REGION,
            f'{where}: the token belongs to {facts.elsewhere}; write tempo_url = "{facts.elsewhere}" under [site].',
        )
    if facts.listed.kind == "unauthorized":
        return _refused(facts)
    if facts.listed.kind in ("forbidden", "not-found") and facts.verified:
        return Verdict(
            Kind.FORBIDDEN_NOW,
            f"The token worked on {facts.verified[:10]} at this address and is refused now ({facts.listed.sentence}), although "
            f"the scopes of a token never change; if this does not pass, regenerate it at {SETTINGS_PAGE}, then "
            "`tempo-sync connect --rotate`.",
        )
    if facts.listed.kind == "forbidden" and "Connect Session" not in facts.listed.sentence:
        if facts.use == WORKLOGS:
            return Verdict(
                Kind.NO_WORKLOGS_SCOPE,
                "The token is valid but was made without the scope to view worklogs, and scopes cannot be changed; "
                f"make another with Full access, or with Custom access and View worklogs, at {SETTINGS_PAGE}.",
            )
        return Verdict(
            Kind.NO_PLANS_SCOPE,
            "The token is valid but was made without the scope to view plans, and scopes cannot be changed; "
            f"make another with Full access, or with View plans, schemes and teams, at {SETTINGS_PAGE}; "
            "for worklogs alone it may be enough: `tempo-sync connect --for worklogs`.",
        )
    if facts.listed.kind in ("unreachable", "server-error", "too-many", "broken"):
        # Whoever waits for it will not be trusted later either.
        later = "" if "certificate" in facts.listed.sentence else "; try again later"
        return Verdict(Kind.UNREACHABLE, f"Tempo cannot be asked now: {facts.listed.sentence}{later}.")
    what = "the address of Jira, not of Tempo" if _is_jira(facts) else f"not Tempo Cloud: {facts.listed.sentence}"
    return Verdict(
        Kind.NOT_TEMPO,
        f"{facts.url} is {what}; tempo_url under [site] is https://api.tempo.io, or https://api.eu.tempo.io or "
        "https://api.us.tempo.io where the site's data is kept there.",
    )


def with_warning(verdict: Verdict, use: str = ABSENCES) -> Verdict:
    """The verdict on a token that sees nobody, where somebody says that this is as it should be."""
    if verdict.kind is not Kind.SEES_NOBODY:
        return verdict
    sees = "no worklogs of several people" if use == WORKLOGS else "nobody's plans"
    return Verdict(Kind.GOOD, f"Connected; {sees} are seen yet.", verdict.sentence)


def deletions(facts: Facts) -> str:
    """How deleted worklogs are noticed with this token, in words."""
    if facts.audit.kind == "ok":
        return "deletions are noticed by the audit log"
    if facts.audit.kind in ("forbidden", "unauthorized"):
        return (
            "the token may not read the audit log (a Tempo Administrator's with the scope audit:view may), so deletions are "
            "noticed by comparing ids, which takes more requests"
        )
    return f"the audit log cannot be read ({facts.audit.sentence}), so deletions are noticed by comparing ids"


def _worklogs(facts: Facts) -> Verdict:
    if facts.jira.kind != "ok":
        return _without_jira(facts)
    among = f" of {facts.everybody}" if facts.everybody and facts.everybody >= facts.seen else ""
    if facts.seen > 1 or facts.seen == facts.everybody:
        people = "one person" if facts.seen == 1 else f"{facts.seen}{among} people"
        return Verdict(Kind.GOOD, f"Connected: worklogs of {people} are seen; {deletions(facts)}.")
    return Verdict(
        Kind.SEES_NOBODY,
        f"The token is valid, but its owner sees worklogs of {'only one person' if facts.seen else 'nobody'}{among}; "
        "give the owner a Tempo permission role with View Worklogs and Full access (--even-so connects a site in "
        "which nobody else has logged work yet).",
    )


def _without_jira(facts: Facts) -> Verdict:
    return Verdict(
        Kind.JIRA_REFUSES,
        f"Tempo is fine, but Jira is not: {facts.jira.sentence}; look at jira_url and jira_user under [site] and at the "
        "token of Jira.",
    )


def _readable(facts: Facts) -> Verdict:
    if facts.jira.kind != "ok":
        return _without_jira(facts)
    if facts.schemes.kind == "forbidden":
        return Verdict(
            Kind.NO_SCHEMES_SCOPE,
            f"The token may view plans, but not the schemes that say what a working day is ({facts.schemes.sentence}); scopes "
            f"cannot be changed: make another with Full access, or with View plans, schemes and teams, at {SETTINGS_PAGE}.",
        )
    among = f" of {facts.everybody}" if facts.everybody and facts.everybody >= facts.seen else ""
    if facts.seen > 1:
        blind = "the token may not view teams: the doctor cannot tell who is in one, and calendars of teams are not written"
        return Verdict(
            Kind.GOOD, f"Connected: plans of {facts.seen}{among} people are seen.", blind if facts.teams is None else None
        )
    if facts.teams:
        return Verdict(
            Kind.GOOD,
            "Connected.",
            f"{'Nobody' if not facts.seen else 'Only one person'}{among} has plans that the token sees; unless that is all "
            "there is, give its owner the Tempo permission role View Plans with Full access.",
        )
    return Verdict(
        Kind.SEES_NOBODY,
        "The token is valid, but its owner sees no plans of others and no team; give the owner the Tempo permission role View "
        "Plans with Full access (--even-so connects a site in which nobody has planned yet).",
    )


def _refused(facts: Facts) -> Verdict:
    if facts.begins_as == _JIRA_TOKEN:
        return Verdict(Kind.TOKEN_OF_JIRA, f"This is an API token of Jira; that of Tempo is made at {SETTINGS_PAGE}.")
    renew = f"make another at {SETTINGS_PAGE}, then `tempo-sync connect --rotate`"
    # On its last day a token ends at the hour at which it was made.
    if facts.expires is not None and facts.expires <= facts.today:
        return Verdict(Kind.EXPIRED, f"The token expired on {facts.expires.isoformat()}; {renew}.")
    if "expired" in facts.listed.sentence.lower():
        return Verdict(Kind.EXPIRED, f"The token has expired, as Tempo says; {renew}.")
    if facts.verified:
        return Verdict(
            Kind.REVOKED,
            f"The token worked on {facts.verified[:10]} and is refused now although it is said to last"
            f"{f' until {facts.expires.isoformat()}' if facts.expires else ''}: it was deleted or regenerated; {renew}.",
        )
    # The host of another region refuses a good token in the same way.
    where = f"{_host(facts.url)} knows no such token"
    others = "where the site's data is kept elsewhere, tempo_url is another: https://api.eu.tempo.io or https://api.us.tempo.io"
    if facts.expires is not None:
        return Verdict(
            Kind.WRONG_TOKEN,
            f"{where}, which is said to last until {facts.expires.isoformat()}; copy it whole: it is shown only once, when "
            f"it is made at {SETTINGS_PAGE}; {others}.",
        )
    return Verdict(
        Kind.WRONG_TOKEN,
        f"{where}, or it has expired: the answer is the same for both; compare it with the list at {SETTINGS_PAGE}; {others}.",
    )


def _is_jira(facts: Facts) -> bool:
    host = _host(facts.url)
    return host.endswith((".atlassian.net", ".jira.com")) or (host == _host(facts.jira_url) and facts.url == facts.jira_url)


def _host(url: str) -> str:
    return urlsplit(url).netloc or url
