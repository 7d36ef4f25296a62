"""Calls and answers as they are shown: usable in a shell, without anything secret."""

from __future__ import annotations

import json
import shlex

import pytest

from conformance.calls import BODY_EXCERPT, Answer, Call, Credentials, Journal, Unmet, redact_body
from conformance.report import defect_text, failure_text

FRED = Credentials("admin", "basic", "fred", "hush")
URL = "http://localhost:8090/jira/rest/tempo-teams/2/team/3/member?type=group"


def answer(text: str = "{}", headers: dict[str, str] | None = None, status: int = 200) -> Answer:
    return Answer(Call("GET", URL, FRED), status, headers or {}, text)


def test_curl_line_is_the_call() -> None:
    call = Call("POST", URL, FRED, {"Content-Type": "application/json"}, '{"name": "O\'Hara"}')
    words = shlex.split(call.curl_line())
    assert words[:4] == ["curl", "-i", "-X", "POST"]
    assert words[-1] == URL
    assert words[words.index("--data") + 1] == '{"name": "O\'Hara"}'
    assert words[words.index("-H") + 1] == "Content-Type: application/json"


@pytest.mark.parametrize(
    ("credentials", "shown"),
    [
        (FRED, '-u fred:"$ADMIN_PASSWORD"'),
        (Credentials("lead", "bearer", "erica", "hush"), '-H "Authorization: Bearer $LEAD_PAT"'),
        (Credentials("member", "cookie", "bob", "JSESSIONID=hush"), '-H "Cookie: $MEMBER_COOKIE"'),
        (Credentials("admin", "basic", "a b;c", "hush"), """-u 'a b;c':"$ADMIN_PASSWORD\""""),
    ],
)
def test_curl_line_names_the_secret_and_does_not_hold_it(credentials: Credentials, shown: str) -> None:
    line = Call("GET", URL, credentials).curl_line()
    assert shown in line
    assert "hush" not in line


def test_anonymous_curl_line_has_no_credentials() -> None:
    assert Call("GET", URL, Credentials("anonymous")).curl_line() == f"curl -i -X GET '{URL}'"


def test_curl_line_hides_secret_headers_and_body_members() -> None:
    headers = {"Authorization": "Basic hush", "cookie": "JSESSIONID=hush", "X-Kept": "seen"}
    line = Call("POST", URL, FRED, headers, json.dumps({"username": "fred", "password": "hush"})).curl_line()
    assert "hush" not in line
    assert "X-Kept: seen" in line
    assert '"username": "fred"' in line


def test_secret_is_not_in_the_representation() -> None:
    assert "hush" not in repr(Call("GET", URL, FRED))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"password": "hush"}', '{"password": "***"}'),
        ('{"session": {"name": "JSESSIONID", "value": "hush"}}', '{"session": {"name": "JSESSIONID", "value": "***"}}'),
        ('[{"rawToken": "hush", "name": "n"}]', '[{"rawToken": "***", "name": "n"}]'),
        ('{"name": "a", "value": "kept"}', '{"name": "a", "value": "kept"}'),
        ('{"a":1}', '{"a":1}'),
        (
            'not JSON, "password": "hush", JSESSIONID=hush; Path=/',
            'not JSON, "password": "***", JSESSIONID=***; Path=/',
        ),
        (
            """broken {'token': 'hush', "pat": "it's hush"} 'kept'""",
            """broken {'token': '***', "pat": "***"} 'kept'""",
        ),
        (r"""broken "token": "hu\"hush", "kept": 1""", """broken "token": "***", "kept": 1"""),
        ("", ""),
    ],
)
def test_body_is_shown_without_secrets(text: str, shown: str) -> None:
    assert redact_body(text) == shown


def test_excerpt_holds_status_headers_that_matter_and_body() -> None:
    told = answer('{"a": 1}', {"content-type": "application/json", "set-cookie": "JSESSIONID=hush", "date": "today"}).excerpt()
    assert told == 'HTTP 200\ncontent-type: application/json\n\n{"a": 1}'


LONG = "a-secret-of-some-length"
ECHOES = {
    "as it was sent": (FRED, "You sent Basic ZnJlZDpodXNo to us"),
    "padded": (Credentials("admin", "basic", "fred", "hush1"), "Basic ZnJlZDpodXNoMQ=="),
    "without padding": (Credentials("admin", "basic", "fred", "hush1"), "Basic ZnJlZDpodXNoMQ, it was"),
    "decoded": (FRED, "fred:hush is no login"),
    "bearer": (Credentials("lead", "bearer", "erica", LONG), f"Bearer {LONG}"),
    "bearer of nobody known": (Credentials("lead", "bearer", "", LONG), f"Bearer {LONG}"),
    "a long password": (Credentials("lead", "basic", "erica", LONG), f"password {LONG}"),
}
SECRETS = ("ZnJlZDpodXNo", "hush", LONG)


@pytest.mark.parametrize("case", ECHOES)
def test_echoed_credentials_are_hidden(case: str) -> None:
    credentials, echo = ECHOES[case]
    call = Call("GET", URL, credentials)
    for text, headers in (
        (echo, {}),
        (json.dumps({"message": echo}), {}),
        ("x" * (BODY_EXCERPT - 30) + echo, {}),
        ("x" * (BODY_EXCERPT - 5 - len(echo) // 2) + echo, {}),
        ("", {"www-authenticate": f'Basic realm="{echo}"'}),
    ):
        told = Answer(call, 400, headers, text).excerpt()
        assert not [secret for secret in SECRETS if secret[:8] in told], told


@pytest.mark.parametrize("case", ECHOES)
def test_a_report_holds_no_credentials(case: str) -> None:
    credentials, echo = ECHOES[case]
    echoing = Answer(Call("GET", URL, credentials), 400, {}, echo)
    other = answer(status=404)
    for failure in (
        Unmet("a 2xx status", f"message = {echo}", echoing),
        Unmet(f"no {echo}", "it", echoing),
        Unmet("nothing of the call before", f"message = {echo}", other),
    ):
        told = failure_text(failure, (), [echoing, other], preparing=False)
        assert not [secret for secret in SECRETS if secret in told], told
    told = defect_text(f"KeyError: {echo}", (), [echoing])
    assert not [secret for secret in SECRETS if secret in told], told


def test_what_came_is_shown_without_secrets() -> None:
    for got in ("""item = {'name': 'n', 'token': 'hush'}""", 'item = {"name": "n", "password": "hush"}'):
        told = failure_text(Unmet("an item", got, answer()), (), [], preparing=False)
        assert "hush" not in told
        assert "item = " in told


def test_a_short_password_that_is_a_word_leaves_the_text_alone() -> None:
    fred = Credentials("admin", "basic", "fred", "fred")
    told = Answer(Call("GET", URL, fred), 200, {}, '{"name": "fred"}').excerpt()
    assert '{"name": "fred"}' in told


def test_excerpt_of_a_long_body_says_its_length() -> None:
    told = answer("x" * (BODY_EXCERPT + 5)).excerpt()
    assert told.endswith(f"... ({BODY_EXCERPT + 5} characters in all)")
    assert answer("").excerpt().endswith("(no body)")


def test_answer_that_is_not_json_is_unmet() -> None:
    with pytest.raises(Unmet, match="a body that is JSON"):
        answer("<html>").json()
    assert answer("<html>").json_or_none() is None


def test_cookies_of_an_answer_become_a_cookie_header() -> None:
    assert answer(headers={"set-cookie": "JSESSIONID=abc; Path=/; HttpOnly"}).cookie_pairs() == "JSESSIONID=abc"
    assert answer().cookie_pairs() == ""


def test_journal_forgets_the_check_before() -> None:
    journal = Journal()
    journal.add(answer())
    journal.begin()
    journal.add(answer(status=404))
    assert [found.status for found in journal.answers] == [404]
