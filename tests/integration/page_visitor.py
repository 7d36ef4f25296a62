"""Somebody who visits the pages of the sync without a browser: has the key, keeps cookies, sends forms, reads what is there."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from werkzeug.test import Client, TestResponse

from integration.pages.frame import Frame
from integration.pages.routes import PAGES

HOST = "http://localhost:8091"


def words(answer: TestResponse) -> str:
    """What a page says, without its markup, with single spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text)))


class Visitor:
    """One browser, let in. seen: every answer it got, as it came over the line."""

    def __init__(self, config: Path, *, with_key: bool = True) -> None:
        self.config = config
        self.frame = Frame(config, PAGES)
        self.client = Client(self.frame.application())
        self.form_key = ""
        self.seen = ""
        if with_key:
            assert self.get(f"/?key={self.frame.key}").status_code == 303

    def get(self, path: str, **more: Any) -> TestResponse:
        """A page; the key of its forms is kept for the next one that is sent."""
        answer = self._kept(self.client.get(path, base_url=HOST, **more))
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        self.form_key = found[1] if found else self.form_key
        return answer

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """A form with the key of the page seen last, unless ``form`` has another."""
        # A tuple would be a file that is sent.
        fields = {name: list(value) if isinstance(value, tuple) else value for name, value in (form or {}).items()}
        return self._kept(self.client.post(path, base_url=HOST, data={"csrf_token": self.form_key, **fields}, **more))

    def sent(self, path: str, form: dict[str, Any] | None = None) -> TestResponse:
        """A form, and the page that it leads to."""
        answer = self.post(path, form)
        assert answer.status_code == 303, words(answer)
        return self.get(answer.headers["Location"])

    def _kept(self, answer: TestResponse) -> TestResponse:
        self.seen += f"{answer.headers}{answer.text}"
        return answer
