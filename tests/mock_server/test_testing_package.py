"""``mock_server.testing`` without pytest's fixtures, and its small parts."""

from datetime import date, timedelta
from typing import Any

import pytest

import mock_server.testing
from mock_server.testing import TempoRefused, TempoServer, Unfit
from mock_server.testing.in_process import InProcess
from mock_server.testing.times import day_text, seconds

from .wire import ask

TODAY = date(2026, 3, 2)


def test_a_server_for_whoever_has_no_fixtures() -> None:
    with TempoServer(scenario="empty", clock="2026-03-02T09:00Z") as server, server.world() as tempo:
        assert tempo.url.startswith(server.url)
        assert ask(f"{tempo.url}/4/teams", tempo.token("admin"))["metadata"]["count"] == 1
        assert tempo.clock.today == TODAY
    with pytest.raises(OSError, match="refused"):
        ask(server.url)


@pytest.mark.parametrize(
    "wanted",
    [
        {"scenario": "nowhere"},
        {"clock": "soon"},
        {"clock": object()},
        {"settings": {"cloud.rateLimit": 7}},
        {"settings": {"x": 1}},
    ],
)
def test_what_cannot_be_is_one_sentence(wanted: dict[str, Any], tempo_server: TempoServer) -> None:
    with pytest.raises(Unfit) as caught:
        TempoServer(**wanted)
    with pytest.raises(Unfit) as again, tempo_server.world(**wanted):
        pytest.fail("there is such a world")
    assert str(caught.value) == str(again.value)
    assert str(caught.value).endswith((".", "?"))


def test_the_package_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Temp'"):
        _ = mock_server.testing.Temp


@pytest.mark.parametrize(
    ("day", "text"),
    [(0, "2026-03-02"), (-2, "2026-02-28"), (date(2026, 5, 1), "2026-05-01"), ("2026-05-01", "2026-05-01"), ("soon", "soon")],
)
def test_days(day: Any, text: str) -> None:
    assert day_text(day, TODAY) == text


@pytest.mark.parametrize(
    ("duration", "expected"),
    [(0, 0), (90, 90), (timedelta(hours=2), 7200), ("2h", 7200), ("1h 30m", 5400), ("90m", 5400), ("1.5h", 5400), ("5s", 5)],
)
def test_durations(duration: Any, expected: int) -> None:
    assert seconds(duration) == expected


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"errors": [{"message": "One"}, {"message": "Two"}]}', "400: One; Two (why)"),
        (b'{"errorMessages": ["One"], "errors": {}}', "400: One (why)"),
        (b'{"errorMessages": [], "errors": {"name": "Wrong"}}', "400: name: Wrong (why)"),
        (b'{"error": "One sentence."}', "400: One sentence. (why)"),
        (b"<html><body>400 Forbidden</body></html>", "400: 400 Forbidden (why)"),
        (b"[1]", "400: [1] (why)"),
    ],
)
def test_refusals_of_every_dialect(body: bytes, told: str) -> None:
    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        environ["tempo_mock.notes"] = ["why"]
        start_response("400 BAD REQUEST", [])
        return [body]

    with pytest.raises(TempoRefused) as caught:
        InProcess(application, "http://127.0.0.1:1").call("GET", "/x")
    assert str(caught.value) == told
    assert caught.value.status == 400
