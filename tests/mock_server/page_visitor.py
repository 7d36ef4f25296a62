"""Somebody who visits the settings pages of a world without a browser: keeps cookies, sends forms, reads HTML."""

import re
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import Client, TestResponse


class Document(HTMLParser):
    """What a page holds: its text without style and script, its elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """All text, with single spaces."""
        return re.sub(r"\s+", " ", "".join(self.words))

    def hidden(self, name: str) -> str:
        """The value of the first field with this name."""
        return next(a["value"] or "" for _, a in self.elements if a.get("name") == name and "value" in a)

    def values(self, tag: str, name: str) -> list[str]:
        """The values of one attribute of all elements of a kind."""
        return [attributes[name] or "" for found, attributes in self.elements if found == tag and name in attributes]


class Visitor:
    """One browser's worth of cookies. ``prefix`` is that of a site."""

    def __init__(self, world: Any, prefix: str = "") -> None:
        self.client = Client(world.application)
        self.root = f"{prefix}/settings"
        self.key = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        """A page; the key of its forms is kept for the next one that is sent."""
        response = self.client.get(self.root + path, **more)
        found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', response.text)
        self.key = found[1] if found else self.key
        return response

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """A form with the key of the page seen last, unless ``form`` has another."""
        return self.client.post(self.root + path, data={"csrf_token": self.key, **(form or {})}, **more)

    def sign_in(self, name: str) -> TestResponse:
        """Pick somebody."""
        self.get("/sign-in")
        response = self.post("/sign-in", {"name": name})
        assert response.status_code == 303, response.text
        self.get("/api-integration")
        return response

    def make_token(self, **form: Any) -> str:
        """Fill in the form for a new token as it stands but for these fields; answers the text shown."""
        given = {"name": "Mine", "expires": "30", "access": "full", **form}
        response = self.post("/api-integration/new", given)
        assert response.status_code == 303, response.text
        shown = self.get(response.location.removeprefix(self.root))
        found = re.search(r'id="token-text"[^>]*>([^<]+)<', shown.text)
        assert found, shown.text
        return found[1]
