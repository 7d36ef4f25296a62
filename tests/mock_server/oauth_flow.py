"""An OAuth application of a world, the browser of whoever it asks, and what it sends."""

from typing import Any, NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from .conftest import Answer
from .page_visitor import Visitor

FORM = "application/x-www-form-urlencoded"
PUBLISHED = "/plugins/servlet/ac/io.tempo.jira/oauth-authorize"
PAGE = "/settings/oauth-consent"
PATH = "/oauth-consent"
BACK = "https://client.example/back?from=tempo"


class Flow(NamedTuple):
    """An application as it was told, in a world, below the prefix of a site."""

    world: Any
    id: int
    client_id: str
    secret: str
    redirect_uri: str
    prefix: str

    @property
    def client(self) -> dict[str, str]:
        """Id and secret, as a body has them."""
        return {"client_id": self.client_id, "client_secret": self.secret}

    def browser(self, person: str | None = "bob") -> Visitor:
        """The browser of somebody who is signed in, or of nobody."""
        found = Visitor(self.world, self.prefix)
        if person is not None:
            found.sign_in(person)
        return found

    def show(self, person: str | None = "bob", **query: Any) -> Answer:
        """The consent page as somebody sees it; None leaves a parameter out."""
        return self.shown(self.browser(person), **query)

    def shown(self, browser: Visitor, **query: Any) -> Answer:
        """The consent page in a browser."""
        response = browser.get(f"{PATH}?{self.query(**query)}")
        return Answer(response.status_code, response.headers, response.data)

    def query(self, **query: Any) -> str:
        """What the application asks with."""
        asked = {"client_id": self.client_id, "redirect_uri": self.redirect_uri, "state": "a b&c", **query}
        return urlencode({name: value for name, value in asked.items() if value is not None}, doseq=True)

    def decide(self, person: str = "bob", decision: str = "allow", **query: Any) -> Answer:
        """What somebody gets who is shown the page and sends its form."""
        browser = self.browser(person)
        shown = self.shown(browser, **query)
        assert shown.status == 200, shown.text
        return self.send_decision(browser, {"decision": decision}, **query)

    def send_decision(self, browser: Visitor, form: dict[str, str], **query: Any) -> Answer:
        """The form of the page, with the key of the page that the browser saw last unless ``form`` has another."""
        response = browser.post(f"{PATH}?{self.query(**query)}", form)
        return Answer(response.status_code, response.headers, response.data)

    def code(self, person: str = "bob", **query: Any) -> str:
        """The code that somebody's consent makes."""
        return sent_back(self.decide(person, **query))["code"]

    def post(self, path: str, form: Any, **headers: str) -> Any:
        """A form below ``/oauth``; None leaves a field out."""
        pairs = form.items() if isinstance(form, dict) else form
        body = urlencode([(name, value) for name, value in pairs if value is not None]).encode()
        return self.world.call(
            "POST", None, f"{self.prefix}/oauth/{path}", body=body, headers={"Content-Type": FORM, **headers}
        )

    def redeem(self, code: str, **form: str | None) -> Any:
        """What the token endpoint says to a code."""
        whole = {"grant_type": "authorization_code", **self.client, "redirect_uri": self.redirect_uri, "code": code, **form}
        return self.post("token/", whole)

    def refresh(self, token: str, **form: str | None) -> Any:
        """What the token endpoint says to a refresh token."""
        return self.post("token/", {"grant_type": "refresh_token", **self.client, "refresh_token": token, **form})

    def revoke(self, token: str, **form: str | None) -> Any:
        """What the endpoint that revokes says."""
        return self.post("revoke_token/", {**self.client, "token": token, **form})

    def tokens(self, person: str = "bob", **query: Any) -> dict[str, Any]:
        """A new pair, from the page on."""
        answer = self.redeem(self.code(person, **query))
        assert answer.status == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def status(self, token: str, method: str = "GET", path: str = "/4/teams", json: Any = None) -> int:
        """How Tempo Cloud answers to a token."""
        more = {"json": json} if json is not None else {}
        headers = {"Authorization": f"Bearer {token}"}
        found: int = self.world.call(method, None, self.prefix + path, headers=headers, **more).status
        return found


def application(world: Any, prefix: str = "", **more: Any) -> Flow:
    """A new application of fred's."""
    asked = {"person": "fred", "name": "Sync", "redirectUris": [BACK], **more}
    answer = world.post(None, f"{prefix}/_mock/oauth-applications", asked)
    assert answer.status == 201, answer.text
    made = answer.json
    return Flow(world, made["id"], made["clientId"], made["clientSecret"], made["redirectUris"][0], prefix)


def sent_back(answer: Any) -> dict[str, str]:
    """What stands in the query of the address that somebody is sent back to, less what the redirect URI has itself."""
    assert answer.status == 302, answer.text
    assert not answer.body
    address = urlsplit(answer.headers["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == BACK.partition("?")[0]
    assert all(len(values) == 1 for values in parse_qs(address.query).values())
    found = dict(parse_qsl(address.query))
    assert found.pop("from") == "tempo"
    return found
