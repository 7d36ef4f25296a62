"""What a view is: a function with everything said about it in one place.

The metadata decides who may call, what is read and written, and feeds the generated documents. In which order the checks
run belongs to the dialect of the face.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import ModuleType
from typing import Any, Protocol

from flask import Flask, Response
from marshmallow import Schema
from werkzeug.exceptions import HTTPException

from mock_server.access import Actor, Scope
from mock_server.domain.logins import Logins
from mock_server.schemas import Writer, compile_writer
from mock_server.settings import TIME_ZONE, Settings
from mock_server.storage.store import Store

Wire = Mapping[str, Any] | list[Any] | None
Loader = Callable[..., Any]


@dataclass(slots=True)
class Call:
    """One request as a view sees it; nothing of HTTP but the addresses that answers must carry.

    ``context`` is the path prefix of links inside Jira (``/jira``, below a site's prefix); ``base`` is the same with
    scheme and host. ``query`` maps a parameter to its values. ``session`` is the session cookie the client sent; a view that
    logs somebody in or out sets it anew. ``notes`` become the reason on the console line.
    """

    store: Store
    settings: Settings
    now: datetime
    actor: Actor | None = None
    context: str = "/jira"
    base: str = "http://localhost:8090/jira"
    query: Mapping[str, list[str]] = field(default_factory=dict)
    logins: Logins = field(default_factory=Logins)
    session: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def caller(self) -> Actor:
        """Whoever calls, where the scope made sure that somebody does."""
        if self.actor is None:
            raise RuntimeError("a view without log-in asked who calls")
        return self.actor

    @property
    def today(self) -> date:
        """The day in the site's time zone."""
        name = self.settings[TIME_ZONE]
        if name == "UTC":
            return self.now.date()
        # Imported where a zone is in use: start-up time is a feature.
        from zoneinfo import ZoneInfo

        return self.now.astimezone(ZoneInfo(name)).date()

    def first(self, name: str) -> str | None:
        """The first value of a query parameter, or None."""
        values = self.query.get(name)
        return values[0] if values else None

    def note(self, text: str) -> None:
        """Say on the console why the answer is as it is."""
        self.notes.append(text)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A view with its metadata. ``scope`` is what the caller needs; there is no default, so nothing is open by mistake.

    ``loads`` turns path values into the entity the view works on, or raises ``NotFound``. ``writer`` turns what the view
    answers into wire names; without ``returns`` the answer is written as it is. ``grade`` is how well the behaviour is
    known and ``source`` where from.
    """

    view: Callable[..., Any]
    method: str
    path: str
    scope: Scope
    loads: Loader | None
    body: Schema | None
    returns: Schema | None
    many: bool
    status: int
    grade: str
    source: str
    parameters: tuple[str, ...]
    writer: Writer | None

    @property
    def name(self) -> str:
        """The view's name: a verb and a noun."""
        return self.view.__name__

    @property
    def summary(self) -> str:
        """First line of the view's docstring."""
        return (self.view.__doc__ or "").strip().partition("\n")[0]

    def write(self, result: Any) -> Wire:
        """What the view answered, in wire names."""
        if self.writer is None or result is None:
            answer: Wire = result
            return answer
        if self.many:
            return [self.writer(item) for item in result]
        return self.writer(result)


def endpoint(
    method: str,
    path: str,
    *,
    scope: Scope,
    grade: str,
    source: str,
    loads: Loader | None = None,
    body: Schema | None = None,
    returns: Schema | None = None,
    many: bool = False,
    status: int = 200,
    parameters: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Endpoint]:
    """Make a view of a function. It is called with the ``Call``, then the loaded entity and the body where there are any."""

    def decorate(view: Callable[..., Any]) -> Endpoint:
        writer = compile_writer(returns) if returns else None
        return Endpoint(
            view, method, path, scope, loads, body, returns, many, status, grade, source, parameters, writer
        )

    return decorate


def endpoints_of(modules: Iterable[ModuleType]) -> list[Endpoint]:
    """Every view of the modules, in the order they are written."""
    return [value for module in modules for value in vars(module).values() if isinstance(value, Endpoint)]


class Dialect(Protocol):
    """How a face reads requests and words answers."""

    def perform(self, endpoint: Endpoint, path_values: Mapping[str, Any]) -> Response:
        """Answer the current request with this endpoint."""

    def word(self, error: HTTPException) -> Response:
        """Answer the current request with what the router found wrong (404, 405)."""


def mount(app: Flask, face: str, prefix: str, endpoints: Iterable[Endpoint], dialect: Dialect) -> None:
    """Route every endpoint below the prefix; a slash at the end of a path is accepted everywhere, as clients mix both."""
    for served in endpoints:

        def view(_served: Endpoint = served, **path_values: Any) -> Response:
            return dialect.perform(_served, path_values)

        app.add_url_rule(
            prefix + served.path,
            endpoint=f"{face}.{served.name}",
            view_func=view,
            methods=[served.method],
            strict_slashes=False,
        )
