"""No secret is in the journal, however it was sent, and nothing else is lost."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.faults.rules import arm
from mock_server.redaction import NO_TEXT, UNREADABLE, address_without_secrets, answer_without_secrets, body_without_secrets

from .conftest import basic

SECRET = "s3cr3t-of-mine"
PATHS = [
    *("/jira/rest/tempo-teams/2/team", "/jira/rest/api/2/myself", "/jira/nowhere", "/jira/rest/auth/1/session"),
    *("/4/teams", "/4/worklogs", "/4/nowhere", "/rest/api/3/myself", "/rest/api/3/search/jql", "/nowhere", "/core/3/teams"),
    *(
        "/oauth/token/",
        "/oauth/revoke_token/",
        "/oauth/authorize/redirect",
        "/plugins/servlet/ac/io.tempo.jira/oauth-authorize",
    ),
]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SENT: dict[str, dict[str, Any]] = {
    "basic": {"headers": {"Authorization": basic("fred", SECRET)}},
    "basic-garbled": {"headers": {"Authorization": f"Basic {SECRET}"}},
    "bearer": {"headers": {"Authorization": f"Bearer {SECRET}"}},
    "no-scheme": {"headers": {"Authorization": SECRET}},
    "cookie": {"headers": {"Cookie": f"JSESSIONID={SECRET}"}},
    "proxy": {"headers": {"Proxy-Authorization": f"Basic {SECRET}"}},
    "os-password": {"query": f"?os_username=fred&os_password={SECRET}"},
    "quoted-name": {"query": f"?os%5Fpassw%6frd={SECRET}&limit=1"},
    "access-token": {"query": f"?a=b&access_token={SECRET}"},
    "jwt": {"query": f"?jwt={SECRET}"},
    "path": {"query": f";jsessionid={SECRET}"},
    "json": {"json": {"username": "fred", "password": SECRET}},
    "json-nested": {"json": {"a": [{"apiToken": {"value": [SECRET]}}, {"Client_Secret": SECRET}]}},
    "json-of-a-list": {"json": [{"token": SECRET}]},
    "json-spelled": {"body": b'{"p\\u0061ssword": "s3cr3t-of-mine"}'},
    "json-twice": {"body": b'{"a": {"token": "s3cr3t-of-mine"}, "a": 1}'},
    "json-broken": {"body": b'{"token": "s3cr3t-of-mine"'},
    "json-broken-spelled": {"body": b'{"t\\u006fken": "s3cr3t-of-mine"'},
    "json-late": {"json": {"pad": "x" * 1900, "token": SECRET}},
    "json-utf-16": {"body": json.dumps({"password": SECRET}).encode("utf-16")},
    "form": {"body": f"username=fred&password={SECRET}".encode(), "headers": FORM},
    "form-spelled": {"body": f"username=fred&p%61ssword={SECRET}".encode(), "headers": FORM},
    "form-plus": {"body": f"a=b+c&my+token={SECRET}".encode(), "headers": FORM},
    "form-address": {"body": f"client_secret={SECRET}&redirect_uri=http://h/?a=b&token={SECRET}".encode(), "headers": FORM},
    "code-query": {"query": f"?state=1&code={SECRET}"},
    "code-spelled": {"query": f"?%63ode={SECRET}"},
    "code-form": {"body": f"grant_type=authorization_code&code={SECRET}".encode(), "headers": FORM},
    "code-json": {"json": {"grant_type": "authorization_code", "code": SECRET}},
    "code-broken": {"body": f'{{"code": "{SECRET}"'.encode()},
    "text": {"body": f"my password is {SECRET}".encode(), "headers": {"Content-Type": "text/plain"}},
}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("kind", SENT)
def test_no_secret_reaches_the_journal(world: Any, kind: str, method: str) -> None:
    sent = SENT[kind]
    headers = {"Authorization": basic("fred"), **sent.get("headers", {})}
    more = {name: sent[name] for name in ("json", "body") if name in sent}
    for path in PATHS:
        address = path + sent.get("query", "")
        world.call(method, None, address, headers=headers, **more)
    entries = world.site.journal.entries()
    assert len(entries) == len(PATHS)
    shown = repr(entries) + world.get(None, "/_mock/journal").text
    for text in (SECRET, SECRET[:8], base64.b64encode(SECRET.encode()).decode()[:8], "s\\x003\\x00c"):
        assert text not in shown, [entry for entry in entries if text in repr(entry)]


def test_a_new_session_is_not_told(world: Any) -> None:
    answer = world.post(None, "/jira/rest/auth/1/session", {"username": "fred", "password": "fred"})
    session = answer.json["session"]["value"]
    assert len(session) > 20
    assert session not in repr(world.site.journal.entries())
    assert "loginInfo" in answer.text
    # Those that say nothing of the session beside it stay.
    assert b"loginInfo" in world.site.journal.entries()[-1].answer_body


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", b""),
        (b'{"a": 1}', b'{"a": 1}'),
        (b'{ "a":  "50%" }', b'{ "a":  "50%" }'),
        (b'{"token": null, "a": 1.50}', b'{"token":"***","a":1.5}'),
        (b'[{"Session": {"value": "x"}}, 3]', b'[{"Session":"***"},3]'),
        (b'{"self": "http://h/4/teams?jwt=x&limit=1"}', b'{"self":"http://h/4/teams?jwt=***&limit=1"}'),
        (b'{"note": "keep the token safe"}', b'{"note": "keep the token safe"}'),
        (b"a=b&password=c=d", b"a=b&password=***"),
        (b"a=50%25", b"a=50%25"),
        (b"the token is x", UNREADABLE.encode()),
        (b"100 % sure", b"100 % sure"),
        (b"\x00\x01token", NO_TEXT.encode()),
        (b"\xff\xfe plain", b"\xff\xfe plain"),
        (b"[" * 1900 + b'"token"', UNREADABLE.encode()),
        ('{"größe": "%", "password": "ä"}'.encode(), '{"größe":"%","password":"***"}'.encode()),
    ],
)
def test_a_body(body: bytes, shown: bytes) -> None:
    assert body_without_secrets(body, 2000) == shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"note": "keep the token safe", "a": "50%"}', None),
        (b'{"note": "a \\"session\\": x"}', b'{"note": "a \\"session\\": x"}'),
        (b'{"session":{"name":"a"}}', b'{"session":"***"}'),
        (b'{"my token \\"x\\"" : 1}', b'{"my token \\"x\\"":"***"}'),
        (b'{"self":"http://h/4/teams?jwt=x"}', b'{"self":"http://h/4/teams?jwt=***"}'),
        (b'{"self":"http://h/4/teams?p%61ssword=x"}', b'{"self":"http://h/4/teams?p%61ssword=***"}'),
        (b'{"self":"http://h/4/teams;jsessionid=x"}', b'{"self":"http://h/4/teams;jsessionid=***"}'),
        (b'{"p\\u0061ssword":"x"}', b'{"password":"***"}'),
        (b"<html>no such session</html>", UNREADABLE.encode()),
    ],
)
def test_an_answer(body: bytes, shown: bytes | None) -> None:
    assert answer_without_secrets(body, 2000) == (body if shown is None else shown)


def test_a_body_is_cut() -> None:
    assert body_without_secrets(b"x" * 3000, 2000) == b"x" * 2000
    assert body_without_secrets(b'{"token": "a", "b": "' + b"x" * 3000 + b'"}', 30) == b'{"token":"***","b":"xxxxxxxxxx'


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/4/teams", "/4/teams"),
        ("/4/teams;v=1?a=b", "/4/teams;v=1?a=b"),
        ("/jira;JSESSIONID=x;y=z/rest?token=a&b=c", "/jira;JSESSIONID=***;y=z/rest?token=***&b=c"),
        ("/a;token=x=y/b;a b token=c;jwt", "/a;token=***/b;a b token=c;jwt"),
        ("/a;token=;/token=x", "/a;token=***;/token=x"),
    ],
)
def test_an_address(address: str, shown: str) -> None:
    assert address_without_secrets(address) == shown


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["a", "100%", SECRET, "ü"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "password", "xToken", "jwt", "SESSION", "b%"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON)
def test_all_but_secrets_is_kept(value: Any) -> None:
    def hidden(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: hidden(one) if name in ("a", "b%") else "***" for name, one in value.items()}
        return [hidden(one) for one in value] if isinstance(value, list) else value

    for without in (body_without_secrets, answer_without_secrets):
        assert json.loads(without(json.dumps(value).encode(), 10**6)) == hidden(value)


@pytest.mark.parametrize("sign", ["%", ";token", "token", "\\\\u", '\\"%', ";", "%token=", " token"])
def test_a_long_text_of_signs_takes_no_longer_than_another(sign: str) -> None:
    # Each of these took minutes when every sign was looked past anew.
    text = (sign * 100_000)[:400_000]
    body = f'{{"a": "{text}", "b": 1}}'.encode()
    for shown in (answer_without_secrets(body, len(body)), body_without_secrets(body, len(body))):
        assert shown.endswith(b"1}")
    assert address_without_secrets(f"/4/;{text}").startswith("/4/;")


@pytest.mark.parametrize("address", ["/4/x;token={}", "/4/worklogs;jsessionid={}", "/4/teams/x%3Btoken%3D{}"])
def test_an_answer_that_gives_the_path_back(world: Any, address: str) -> None:
    world.cloud("GET", "fred", address.format(SECRET).removeprefix("/4/"))
    assert SECRET not in repr(world.site.journal.entries())


@pytest.mark.parametrize("rule", [{"json": {"password": SECRET}}, {"body": f"{{'token': '{SECRET}'}}"}], ids=["json", "body"])
def test_the_answer_of_a_fault(world: Any, rule: dict[str, Any]) -> None:
    arm(world.site, rule)
    assert SECRET in world.cloud("GET", "fred", "teams").text
    assert SECRET not in repr(world.site.journal.entries())


def test_the_sentence_of_a_fault(world: Any) -> None:
    fault = arm(world.site, {"path": f"/4/teams;token={SECRET}", "query": {"access_token": SECRET, "a": "b"}, "status": 500})
    assert SECRET not in fault.sentence
    assert "access_token=***&a=b" in fault.sentence


@pytest.mark.parametrize("name", ["api_key", "apiKey", "X-Api-Key", "pwd", "authorization", "APIKEY"])
def test_further_names(name: str) -> None:
    for without in (body_without_secrets, answer_without_secrets):
        assert SECRET.encode() not in without(json.dumps({name: SECRET}).encode(), 2000)
    assert SECRET not in address_without_secrets(f"/a;{name}={SECRET}/b?{name}={SECRET}")
    assert body_without_secrets(b'{"description": "rapid keys"}', 2000) == b'{"description": "rapid keys"}'
