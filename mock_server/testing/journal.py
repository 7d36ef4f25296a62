"""What was asked of a test's world, and claims about it."""

from collections.abc import Callable, Mapping
from typing import Any

from mock_server.testing.in_process import InProcess, TempoRefused

__tracebackhide__ = True

_PATH = "/_mock/journal"
Step = str | tuple[str, str] | Mapping[str, Any]
"""A request as a claim means it: a path, ``("POST", "/4/plans")``, ``"POST /4/plans"``, or a mapping of the filters."""


class WorldJournal:
    """The requests of one world; what ``tempo.make`` does is not among them.

    Filters: ``method``; ``path``, with all below it or a pattern with ``*``; ``exact_path``; ``who``, a login name, a persona,
    or anonymous; ``status``, a number, a class such as ``4xx``, or none.
    Each claim that does not hold raises ``AssertionError`` that says what was seen instead; a wrong filter is ``ValueError``.
    """

    def __init__(self, faces: InProcess, personas: Callable[[str], str | None]) -> None:
        """``personas`` answers the login name of a persona, or None."""
        self._faces = faces
        self._personas = personas

    def requests(self, path: str | None = None, **filters: Any) -> list[dict[str, Any]]:
        """The entries that fit, oldest first, as ``GET /_mock/journal`` has them."""
        try:
            found = self._faces.call("GET", _PATH, query=self._wanted({"path": path, **filters}))
        except TempoRefused as refused:
            raise ValueError("; ".join(refused.messages)) from None
        entries: list[dict[str, Any]] = found["entries"]
        return entries

    def clear(self) -> None:
        """Forget every request so far."""
        self._faces.call("DELETE", _PATH)

    def assert_called(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        times: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        **filters: Any,
    ) -> None:
        """That so many such requests were made; at least one unless said otherwise."""
        bounds = {"times": times, "atLeast": at_least, "atMost": at_most}
        self._check({"called": self._wanted({"method": method, "path": path, **filters}), **_given(bounds)})

    def assert_not_called(self, method: str | None = None, path: str | None = None, **filters: Any) -> None:
        """That no such request was made."""
        self._check({"notCalled": self._wanted({"method": method, "path": path, **filters})})

    def assert_order(self, *steps: Step) -> None:
        """That there was a request for each step, one after the other, whatever else was asked between them."""
        self._check({"order": [self._wanted(_read(step)) for step in steps]})

    def assert_rate_below(self, per_second: int, path: str | None = None, **filters: Any) -> None:
        """That in no second, wherever it begins, more than so many such requests arrived (real time)."""
        self._check({"rate": {"perSecond": per_second, **self._wanted({"path": path, **filters})}})

    def assert_followed_next(self, path: str | None = None, **filters: Any) -> None:
        """That whoever was given the address of a next page asked for exactly that afterwards."""
        self._check({"followedNext": self._wanted({"path": path, **filters})})

    def _check(self, claim: Mapping[str, Any]) -> None:
        try:
            told = self._faces.call("POST", f"{_PATH}/check", [claim])
        except TempoRefused as refused:
            raise ValueError("; ".join(refused.messages)) from None
        if not told["ok"]:
            raise AssertionError(told["checks"][0]["sentence"])

    def _wanted(self, filters: Mapping[str, Any]) -> dict[str, Any]:
        found = {("exactPath" if name == "exact_path" else name): value for name, value in _given(filters).items()}
        if isinstance(found.get("who"), str):
            found["who"] = self._personas(found["who"]) or found["who"]
        return found


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _read(step: Step) -> Mapping[str, Any]:
    if isinstance(step, str):
        method, space, path = step.partition(" ")
        return {"method": method, "path": path} if space else {"path": step}
    return dict(zip(("method", "path"), step, strict=True)) if isinstance(step, tuple) else step
