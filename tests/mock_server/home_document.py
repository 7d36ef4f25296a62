"""The home page of a world as a program reads it."""

from html.parser import HTMLParser
from typing import Any

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
"""What a browser accepts."""

PERSONAS = ["admin", "lead", "member", "outsider", "viewer", "absences", "expired", "no_scopes"]
VOID = frozenset({"meta", "link", "br", "input", "!doctype"})


class Page(HTMLParser):
    """What a document holds; it fails at elements that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []
        self.rows = [[" ".join(cell.split()) for cell in row] for row in self.rows]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.setdefault(tag, []).append("")
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self.texts[tag][-1] += data
        if {"th", "td"} & set(self._open):
            self.rows[-1][-1] += f"{data} "

    def values(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [values[name] for _, values in self.attributes if name in values]

    @property
    def copied(self) -> list[str]:
        """What there is to copy."""
        return self.values("data-copy")

    @property
    def personas(self) -> dict[str, str]:
        """The text beside each persona."""
        return {name: " ".join(row) for row in self.rows for name in PERSONAS if row[0].startswith(name)}


def home(world: Any, path: str = "/", **headers: str) -> Page:
    """What a browser gets of a world."""
    answer = world.get(None, path, headers={"Accept": BROWSER, **headers})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return Page(answer.text)
