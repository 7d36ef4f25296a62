"""One request for a page: the configuration as it stands now, the database, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Request, Response
from jinja2 import Environment

from integration.fallback_notice import fallback_notice
from integration.store import Store

if TYPE_CHECKING:
    from integration.answers_kept import AnswersKept
    from integration.background import Background
    from integration.clients.jira import Jira
    from integration.clients.tempo import Tempo
    from integration.pages.held_rules import HeldRules
    from integration.pages.hours_table import Hours
    from integration.pages.page import Page
    from integration.settings import Settings
    from integration.settings_kept import SettingsKept

HTML = "text/html; charset=utf-8"


class Listener:
    """Whoever watches a run that a page began. said: its lines, to be shown with the result."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextmanager
    def progress(self, label: str, length: int | None = None) -> Iterator[Callable[[int], object]]:
        """Nobody sees a bar."""
        yield lambda done: None

    def say(self, sentence: str) -> None:
        """A line for the page."""
        self.said.append(sentence)


class Desk(NamedTuple):
    """What pages leave for one another. run: of the worklog sync, begun by a page. hours, rules: those asked for last."""

    run: Background
    hours: AnswersKept[Hours]
    rules: AnswersKept[HeldRules]


class Place(NamedTuple):
    """What is the same for every visit. form_key: what each form has to bring back. notices: said on the next page."""

    config: SettingsKept
    environment: Environment
    pages: tuple[Page, ...]
    form_key: str
    notices: list[str]
    desk: Desk


class Visit:
    """A request on its way. now: UTC."""

    def __init__(self, request: Request, place: Place) -> None:
        """Raises ``Mistaken`` for a configuration that cannot be used."""
        self.request = request
        self.now = datetime.now(UTC)
        self.listener = Listener()
        self.settings: Settings = place.config.now()
        self.desk = place.desk
        self._place = place

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The database, for as long as it is needed. Raises ``Unusable``."""
        with closing(Store(self.settings.state)) as store:
            yield store

    def clients(self) -> tuple[Tempo, Jira]:
        """Tempo and Jira with the configured tokens. Raises ``Mistaken``."""
        from integration.run import clients

        return clients(self.settings, self.listener)

    def asked(self, name: str) -> str:
        """A value of the address, "" without it."""
        return self.request.args.get(name, "").strip()

    def typed(self, name: str) -> str:
        """A field of the form that was sent, "" without it."""
        return self.request.form.get(name, "").strip()

    def ticked(self, name: str) -> list[str]:
        """All values of the form's boxes of a name that are ticked."""
        return self.request.form.getlist(name)

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page. values: what its template asks for, beside what stands around every page."""
        notices = list(self._place.notices)
        self._place.notices.clear()
        text = shown(
            self._place, template, path=self.request.path, notices=notices, settings=self.settings, now=self.now,
            fallback=fallback_notice(self.settings), **values,
        )  # fmt: skip
        return Response(text, status, content_type=HTML)

    def go(self, path: str, *notices: str) -> Response:
        """Off to another page, which is then asked for by GET, and says the notices first."""
        self._place.notices.extend(notices)
        return Response(status=303, headers={"Location": path})


def shown(place: Place, template: str, **values: Any) -> str:
    """A template with the menu and the key of its forms."""
    menu = [page for page in place.pages if page.title]
    return place.environment.get_template(template).render(menu=menu, form_key=place.form_key, **values)
