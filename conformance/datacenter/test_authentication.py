"""Who calls: anonymous, Basic, personal access token, session cookie."""

from __future__ import annotations

import pytest

from conformance import beans, expect
from conformance.calls import Answer, Credentials
from conformance.client import Caller
from conformance.datacenter.bench import ROLES, TEAMS_1, TEAMS_2
from conformance.run import Absent, Run

MYSELF = "rest/api/2/myself"
SESSION = "rest/auth/1/session"
PROTECTED = [TEAMS_1, TEAMS_2, ROLES, MYSELF]
JSON_PATHS = [
    TEAMS_1,
    TEAMS_2,
    ROLES,
    MYSELF,
    "rest/api/2/serverInfo",
    "rest/api/2/user/search?username=.",
    "rest/api/2/project",
]


@pytest.mark.requirement("authentication.anonymous.refused-in-json")
@pytest.mark.parametrize("path", PROTECTED)
def test_anonymous_call_is_refused_in_json(anonymous: Caller, path: str) -> None:
    answer = expect.status(anonymous.get(path), 401)
    expect.shape(answer, answer.json(), beans.ANONYMOUS_REFUSED)


@pytest.mark.requirement("authentication.anonymous.challenge")
def test_anonymous_refusal_challenges_with_oauth_realm(anonymous: Caller) -> None:
    answer = expect.status(anonymous.get(TEAMS_2), 401)
    challenge = answer.headers.get("www-authenticate", "")
    expect.that(
        answer,
        challenge.startswith('OAuth realm="'),
        'WWW-Authenticate: OAuth realm="..."',
        f"WWW-Authenticate: {challenge or '(absent)'}",
    )


@pytest.mark.requirement("authentication.anonymous.writes-refused")
def test_anonymous_write_is_refused(anonymous: Caller, run: Run) -> None:
    expect.status(anonymous.post(TEAMS_2, {"name": f"{run.prefix} anonymous"}), 401)


@pytest.mark.requirement("authentication.basic.names-person")
def test_basic_names_the_person(admin: Caller, run: Run) -> None:
    persona = run.persona("admin")
    if not persona.password:
        raise Absent("the target gives the persona admin no password")
    answer = admin.using(Credentials("admin", "basic", persona.user, persona.password)).get(MYSELF)
    expect.equal(answer, "name", expect.json_object(answer).get("name"), persona.user)


@pytest.mark.requirement("authentication.basic.wrong-password-refused")
@pytest.mark.parametrize("path", [TEAMS_2, MYSELF])
def test_wrong_basic_credentials_are_refused(anonymous: Caller, run: Run, path: str) -> None:
    stranger = anonymous.using(Credentials("stranger", "basic", f"{run.prefix}-stranger", run.id))
    expect.status(stranger.get(path), 401)


@pytest.mark.requirement("authentication.basic.wrong-password-refused")
def test_wrong_password_of_known_user_is_refused(outsider: Caller, run: Run) -> None:
    wrong = outsider.using(Credentials("wrong", "basic", outsider.user, f"not {run.id}"))
    answer = wrong.get(MYSELF)
    outsider.get(MYSELF)  # a success resets Jira's count of failed logins
    expect.status(answer, 401)


@pytest.mark.requirement("authentication.basic.login-reason")
def test_wrong_credentials_name_the_login_reason(anonymous: Caller, run: Run) -> None:
    stranger = anonymous.using(Credentials("stranger", "basic", f"{run.prefix}-stranger", run.id))
    answer = expect.status(stranger.get(MYSELF), 401)
    reason = answer.headers.get("x-seraph-loginreason", "")
    expect.that(
        answer,
        "AUTHENTICATED_FAILED" in reason,
        "X-Seraph-LoginReason: AUTHENTICATED_FAILED",
        f"X-Seraph-LoginReason: {reason or '(absent)'}",
    )


@pytest.mark.requirement("authentication.pat.same-person")
@pytest.mark.parametrize("name", ["admin", "lead", "member", "outsider"])
def test_personal_access_token_names_the_same_person(anonymous: Caller, run: Run, name: str) -> None:
    persona = run.persona(name)
    if not persona.pat:
        raise Absent(f"the target gives the persona {name} no pat (personal access token)")
    answer = anonymous.using(Credentials(name, "bearer", persona.user, persona.pat)).get(MYSELF)
    expect.equal(answer, "name", expect.json_object(answer).get("name"), persona.user)


@pytest.mark.requirement("authentication.pat.serves-teams")
def test_personal_access_token_serves_teams(admin: Caller, run: Run) -> None:
    persona = run.persona("admin")
    if not persona.pat:
        raise Absent("the target gives the persona admin no pat (personal access token)")
    expect.json_list(admin.using(Credentials("admin", "bearer", persona.user, persona.pat)).get(TEAMS_2))


def _login(anonymous: Caller, run: Run, name: str) -> Answer:
    persona = run.persona(name)
    if not persona.password:
        raise Absent(f"the target gives the persona {name} no password")
    answer = anonymous.post(SESSION, {"username": persona.user, "password": persona.password})
    if answer.ok and answer.cookie_pairs():
        session = anonymous.using(Credentials(name, "cookie", persona.user, answer.cookie_pairs()))
        run.ledger.add(f"the login session of {persona.user}", lambda: _log_out(session))
    return answer


def _log_out(session: Caller) -> None:
    """A session ends by itself: a server that cannot end it early leaves nothing behind."""
    session.delete(SESSION)


def _session(anonymous: Caller, run: Run, name: str) -> Caller:
    """Somebody logged in by cookie alone."""
    answer = expect.success(_login(anonymous, run, name))
    return anonymous.using(Credentials(name, "cookie", run.persona(name).user, answer.cookie_pairs()))


@pytest.mark.requirement("authentication.session.answers-login")
def test_login_answers_session_and_cookie(anonymous: Caller, run: Run) -> None:
    answer = _login(anonymous, run, "member")
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.LOGIN)
    expect.equal(answer, "session.name", content["session"]["name"], "JSESSIONID")
    expect.that(answer, "JSESSIONID=" in answer.cookie_pairs(), "a cookie JSESSIONID", "Set-Cookie without it")


@pytest.mark.requirement("authentication.session.cookie-serves")
@pytest.mark.parametrize("path", [MYSELF, TEAMS_2])
def test_cookie_alone_serves_calls(anonymous: Caller, run: Run, path: str) -> None:
    session = _session(anonymous, run, "member")
    answer = expect.status(session.get(path), 200)
    if path == MYSELF:
        expect.equal(answer, "name", expect.json_object(answer).get("name"), session.user)


@pytest.mark.requirement("authentication.session.read-names-person")
def test_session_names_its_person(anonymous: Caller, run: Run) -> None:
    session = _session(anonymous, run, "member")
    answer = session.get(SESSION)
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.SESSION)
    expect.equal(answer, "name", content["name"], session.user)


@pytest.mark.requirement("authentication.session.read-needs-login")
def test_session_of_anonymous_caller_is_refused(anonymous: Caller) -> None:
    expect.status(anonymous.get(SESSION), 401)


@pytest.mark.requirement("authentication.session.ends")
def test_ended_session_serves_no_more_calls(anonymous: Caller, run: Run) -> None:
    session, other = _session(anonymous, run, "member"), _session(anonymous, run, "outsider")
    expect.no_body(expect.success(session.delete(SESSION)))
    expect.status(session.get(MYSELF), 401)
    expect.status(other.get(MYSELF), 200)


@pytest.mark.requirement("authentication.session.wrong-password-refused")
def test_login_of_stranger_is_refused(anonymous: Caller, run: Run) -> None:
    expect.status(anonymous.post(SESSION, {"username": f"{run.prefix}-stranger", "password": run.id}), 401)


@pytest.mark.requirement("authentication.headers.user-name")
def test_answer_names_the_user_in_header(admin: Caller) -> None:
    answer = expect.success(admin.get(TEAMS_2))
    expect.equal(answer, "X-AUSERNAME", answer.headers.get("x-ausername"), admin.user)


@pytest.mark.requirement("authentication.content-type.exact")
@pytest.mark.parametrize("path", JSON_PATHS)
def test_json_answer_has_exact_content_type(admin: Caller, path: str) -> None:
    expect.content_type(expect.success(admin.get(path)))


@pytest.mark.requirement("authentication.content-type.exact")
def test_anonymous_refusal_has_exact_content_type(anonymous: Caller) -> None:
    expect.content_type(expect.status(anonymous.get(MYSELF), 401))


@pytest.mark.requirement("authentication.content-type.exact")
def test_not_found_has_exact_content_type(admin: Caller) -> None:
    expect.content_type(expect.status(admin.get(f"{TEAMS_2}/2147483000"), 404))
