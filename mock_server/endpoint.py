"""What a view is: a function with everything said about it in one place.

The metadata decides who may call, what is read and written, and feeds the generated documents. In which order the checks
run belongs to the dialect of the face.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import ModuleType
from typing import Any, NamedTuple, Protocol, TypeVar, get_type_hints

from flask import Response
from flask.sansio.scaffold import Scaffold
from marshmallow import Schema
from werkzeug.exceptions import HTTPException

from mock_server.access import Actor, ApiScope, Scope
from mock_server.domain.logins import Logins
from mock_server.moments import day_in
from mock_server.page_keys import PageKeys
from mock_server.remembered import Remembered
from mock_server.schemas import Writer, compile_writer
from mock_server.settings import TIME_ZONE, Settings
from mock_server.storage.store import Store

Wire = Mapping[str, Any] | list[Any] | None
Loader = Callable[..., Any]
SchemaClass = type[Schema]
T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """One request as a view sees it; nothing of HTTP but the addresses that answers must carry.

    ``context`` is the path prefix of links inside Jira (``/jira``, below a site's prefix); ``origin`` answers scheme and
    host, and is asked only when a link needs them. ``query`` maps a parameter to its values. ``session`` is the session
    cookie the client sent; a view that logs somebody in sets it anew. ``notes`` become the reason on the console line;
    ``explains`` tells that somebody reads them, so that what was left out is worth counting, and
    ``is_asked_why`` that the caller asked for them.
    """

    store: Store
    settings: Settings
    now: datetime
    logins: Logins
    origin: Callable[[], str]
    context: str = "/jira"
    actor: Actor | None = None
    query: Mapping[str, list[str]] = field(default_factory=dict)
    session: str | None = None
    page_keys: PageKeys | None = None
    remembered: Remembered | None = None
    notes: list[str] = field(default_factory=list)
    explains: bool = False
    is_asked_why: bool = False
    _version: object = None
    _base: str | None = None

    @property
    def base(self) -> str:
        """Scheme, host and context path: what absolute links begin with."""
        if self._base is None:
            self._base = self.origin() + self.context
        return self._base

    @property
    def caller(self) -> Actor:
        """Whoever calls, where the scope made sure that somebody does."""
        if self.actor is None:
            raise RuntimeError("a view without log-in asked who calls")
        return self.actor

    @property
    def today(self) -> date:
        """The day in the site's time zone."""
        return day_in(self.now, self.settings[TIME_ZONE])

    def first(self, name: str) -> str | None:
        """The first value of a query parameter, or None."""
        values = self.query.get(name)
        return values[0] if values else None

    def remember(self, name: Hashable, work_out: Callable[[], T]) -> T:
        """What ``work_out`` answers, or what it answered under this name since anything in the world changed."""
        if self.remembered is None:
            return work_out()
        if self._version is None:
            self._version = self.store.version
        return self.remembered.get(self._version, name, work_out)

    def note(self, text: str) -> None:
        """Say on the console why the answer is as it is."""
        self.notes.append(text)


@dataclass(frozen=True)
class Endpoint:
    """A view with its metadata. ``scope`` is what the caller needs; there is no default, so nothing is open by mistake.

    ``loads`` turns path values into the entity the view works on, or raises ``NotFound``. ``writer`` turns what the view
    answers into wire names; without ``returns`` the answer is written as it is: a view that is annotated so
    answers texts or nothing. Schemas are made when they are first used:
    making all of them would be a fifth of the start-up time. ``grade`` is how well the behaviour is
    known and ``source`` where from. ``also_404`` tells that a query or body may name what does not exist, ``also_403``
    that a read may need a permission, ``also_400`` that one without query and body may be refused so, ``also_200``
    that one without an answer may tell what of many was not done, ``is_search`` that a POST only reads.
    ``body_many`` is the least and the most entries of a body that is a list. ``also_201`` tells that the answer is 201 where
    something was made. ``media`` is the media type of a text in place of JSON: of the answer of a GET, of any other's body.
    """

    view: Callable[..., Any]
    method: str
    path: str
    scope: Scope | ApiScope
    loads: Loader | None
    query: SchemaClass | None
    body: SchemaClass | None
    returns: SchemaClass | None
    many: bool
    status: int
    grade: str
    source: str
    parameters: tuple[str, ...]
    also_404: bool
    is_search: bool
    body_many: tuple[int, int] | None
    also_403: bool
    also_400: bool
    also_200: bool
    also_201: bool
    media: str

    @property
    def name(self) -> str:
        """The view's name: a verb and a noun."""
        return self.view.__name__

    @property
    def summary(self) -> str:
        """First line of the view's docstring."""
        return (self.view.__doc__ or "").strip().partition("\n")[0]

    @property
    def kind(self) -> Any:
        """What the view is annotated to answer."""
        return get_type_hints(self.view)["return"]

    @cached_property
    def writer(self) -> Writer | None:
        """The fast writer of ``returns``."""
        return compile_writer(self.returns()) if self.returns else None

    @cached_property
    def query_schema(self) -> Schema | None:
        """What reads the query, or None when the view reads it by itself or not at all."""
        return self.query() if self.query else None

    @cached_property
    def body_schema(self) -> Schema | None:
        """What reads the body, or None when the view takes none."""
        return self.body() if self.body else None

    def write(self, result: Any) -> Wire:
        """What the view answered, in wire names."""
        writer = self.writer
        if writer is None or result is None:
            answer: Wire = result
            return answer
        if self.many:
            return [writer(item) for item in result]
        return writer(result)


def endpoint(
    method: str,
    path: str,
    *,
    scope: Scope | ApiScope,
    grade: str,
    source: str,
    loads: Loader | None = None,
    query: SchemaClass | None = None,
    body: SchemaClass | None = None,
    returns: SchemaClass | None = None,
    many: bool = False,
    status: int = 200,
    parameters: tuple[str, ...] = (),
    also_404: bool = False,
    is_search: bool = False,
    body_many: tuple[int, int] | None = None,
    also_403: bool = False,
    also_400: bool = False,
    also_200: bool = False,
    also_201: bool = False,
    media: str = "",
) -> Callable[[Callable[..., Any]], Endpoint]:
    """Make a view of a function.

    It is called with the ``Call``, then the loaded entity, the query and the body where there are any.
    """

    def decorate(view: Callable[..., Any]) -> Endpoint:
        return Endpoint(
            view, method, path, scope, loads, query, body, returns, many, status, grade, source, parameters,
            also_404, is_search, body_many, also_403, also_400, also_200, also_201, media,
        )  # fmt: skip

    return decorate


def endpoints_of(modules: Iterable[ModuleType]) -> list[Endpoint]:
    """Every view of the modules, in the order they are written."""
    return [value for module in modules for value in vars(module).values() if isinstance(value, Endpoint)]


class Api(StrEnum):
    """Whose ways a group follows: how callers log in, what refusals look like. ``openapi_dialects.py`` tells them."""

    HOST = "Jira Data Center"
    TEMPO_CLOUD = "Tempo Cloud"
    OAUTH = "OAuth 2.0"
    JIRA_CLOUD = "Jira Cloud"
    CONTROL = "this fake"


class Group(NamedTuple):
    """Endpoints below one path prefix, counted from the server's root, shown under one heading.

    ``key`` is what the names of its operations begin with in documents; ``note`` is a sentence for its readers.
    """

    key: str
    title: str
    api: Api
    prefix: str
    endpoints: list[Endpoint]
    note: str = ""


class Dialect(Protocol):
    """How a face reads requests and words answers."""

    def perform(self, endpoint: Endpoint, path_values: Mapping[str, Any]) -> Response:
        """Answer the current request with this endpoint."""

    def word(self, error: HTTPException) -> Response:
        """Answer the current request with what the router found wrong (404, 405)."""


def mount(app: Scaffold, prefix: str, endpoints: Iterable[Endpoint], dialect: Dialect) -> None:
    """Route every endpoint below the prefix; a slash at the end of a path is accepted everywhere, as clients mix both."""
    for served in endpoints:

        def view(_served: Endpoint = served, **path_values: Any) -> Response:
            return dialect.perform(_served, path_values)

        app.add_url_rule(
            prefix + served.path,
            endpoint=f"{prefix} {served.name}".replace(".", "_"),
            view_func=view,
            methods=[served.method],
            strict_slashes=False,
        )
