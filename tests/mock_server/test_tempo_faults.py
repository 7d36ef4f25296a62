"""``tempo.faults``: thin over the control routes, so here only what it adds."""

from typing import Any

import pytest

from .wire import ask


def read(tempo: Any, path: str = "/4/worklogs?limit=1", who: str = "viewer") -> Any:
    return ask(f"{tempo.url}{path}", tempo.token(who))


def statuses(tempo: Any, times: int) -> list[int]:
    answers = [read(tempo) for _ in range(times)]
    return [answer[0] if isinstance(answer, tuple) else 200 for answer in answers]


def test_a_rule_by_keywords(tempo: Any) -> None:
    fault = tempo.faults.arm(method="GET", path="/4/worklogs", persona="viewer", status=503, count=2, after=1)
    assert statuses(tempo, 4) == [200, 503, 503, 200]
    assert (fault.fired, fault.seen) == (2, 4)
    assert "503" in repr(fault)
    assert "503" in fault.sentence


@pytest.mark.parametrize("members", [{"retry_after": 7}, {"retryAfter": 7}])
def test_members_with_underscores(tempo: Any, members: dict[str, Any]) -> None:
    fault = tempo.faults.arm(status=429, **members)
    assert fault.rule == {"status": 429, "retryAfter": 7}


def test_a_rule_as_a_mapping(tempo: Any) -> None:
    tempo.faults.arm({"path": "/4/worklogs", "status": 500}, count=1)
    assert statuses(tempo, 2) == [500, 200]


def test_faults_are_disarmed(tempo: Any) -> None:
    fault = tempo.faults.arm(status=500)
    assert [one.id for one in tempo.faults.every()] == [fault.id]
    assert statuses(tempo, 1) == [500]
    fault.disarm()
    fault.disarm()
    assert fault.fired == 1, "as many as it had then"
    with tempo.faults.arm(status=500):
        assert statuses(tempo, 1) == [500]
    assert statuses(tempo, 1) == [200]
    tempo.faults.arm(status=500)
    tempo.faults.disarm_all()
    assert tempo.faults.every() == []
    assert statuses(tempo, 1) == [200]


def test_faults_are_of_one_world(tempo: Any, tempo_server: Any) -> None:
    tempo.faults.arm(status=500)
    with tempo_server.world() as other:
        assert statuses(other, 1) == [200]


def test_builders_are_not_broken(tempo: Any) -> None:
    fault = tempo.faults.arm(status=500)
    tempo.make.worklog()
    tempo.make.issue()
    assert fault.seen == 0


@pytest.mark.parametrize(
    ("rule", "told"), [({"stats": 500}, "stats"), ({"status": 99}, "status"), ({"cut": "nowhere"}, "cut is one of before")]
)
def test_a_rule_that_cannot_be(tempo: Any, rule: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        tempo.faults.arm(rule)
    assert tempo.faults.every() == []
