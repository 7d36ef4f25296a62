"""What all nouns share: creating answers 200, PUT replaces, what was put is read, DELETE answers 204 and removes."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.client import Caller
from conformance.cloud.bench import TEAM, Bench
from conformance.cloud.nouns import NOT_TOLD, NOUNS, Maker, Noun
from conformance.cloud.planner_nouns import PLANNER_NOUNS
from conformance.run import Run

Body = dict[str, Any]
ALL = {**NOUNS, **PLANNER_NOUNS}
every_noun = pytest.mark.parametrize("noun", [pytest.param(noun, id=name) for name, noun in ALL.items()])
DROPPING = [pytest.param(noun, id=name) for name, noun in ALL.items() if noun.dropped]


def _made(maker: Maker, noun: Noun) -> tuple[Body, Body]:
    first = noun.first(maker)
    return first, maker.bench.made(noun.kind, first)


def _told(noun: Noun, item: Body, sent: Body) -> tuple[Body, Body]:
    """The members that were sent, as they are told and as they were sent."""
    told = noun.sent(item)
    names = [name for name in sent if name not in NOT_TOLD]
    return {name: told.get(name) for name in names}, {name: sent[name] for name in names}


@pytest.mark.requirement("cloud_writes.create.answers-200")
@every_noun
def test_create_answers_200_and_not_201(maker: Maker, noun: Noun) -> None:
    expect.status(maker.bench.make(noun.kind, noun.first(maker)), 200)


@pytest.mark.requirement("cloud_writes.create.answers-shape")
@every_noun
def test_create_answers_the_published_shape(maker: Maker, noun: Noun) -> None:
    answer = maker.bench.make(noun.kind, noun.first(maker))
    expect.shape(answer, expect.json_object(answer), noun.bean)


@pytest.mark.requirement("cloud_writes.create.answers-what-was-sent")
@every_noun
def test_create_answers_what_was_sent(maker: Maker, noun: Noun) -> None:
    first = noun.first(maker)
    answer = maker.bench.make(noun.kind, first)
    got, wanted = _told(noun, expect.json_object(answer), first)
    expect.equal(answer, "what was sent", got, wanted)


@pytest.mark.requirement("cloud_writes.create.needed-members")
@every_noun
def test_create_without_a_needed_member_is_refused(maker: Maker, noun: Noun) -> None:
    body = {name: value for name, value in noun.first(maker).items() if name != noun.missing}
    expect.status(maker.bench.make(noun.kind, body), 400)


@pytest.mark.requirement("cloud_writes.read.as-created")
@every_noun
def test_new_one_is_read_as_it_was_answered(maker: Maker, admin: Caller, noun: Noun) -> None:
    _, made = _made(maker, noun)
    answer = admin.get(noun.place(made))
    expect.equal(answer, "the item", noun.firm(expect.json_object(answer)), noun.firm(made))


@pytest.mark.requirement("cloud_writes.self.leads-to-itself")
@every_noun
def test_address_of_a_new_one_leads_to_it(maker: Maker, admin: Caller, noun: Noun) -> None:
    _, made = _made(maker, noun)
    answer = admin.get(noun.place(made))
    address = str(expect.json_object(answer).get("self"))
    expect.that(answer, address.startswith(f"{admin.base}/{noun.kind.path}/"), f"self below {admin.base}", f"self = {address}")
    if noun.read_by in ("", noun.kind.key):
        found = expect.json_object(admin.get(address.removeprefix(f"{admin.base}/")))
        expect.equal(answer, "the item at self", noun.firm(found), noun.firm(made))


@pytest.mark.requirement("cloud_writes.update.answers-200")
@every_noun
def test_update_answers_200_and_the_item(maker: Maker, admin: Caller, noun: Noun) -> None:
    first, made = _made(maker, noun)
    answer = expect.status(admin.put(noun.kind.place(made[noun.kind.key]), noun.second(maker, first)), 200)
    expect.shape(answer, expect.json_object(answer), noun.bean)
    expect.equal(answer, "its key", expect.json_object(answer).get(noun.kind.key), made[noun.kind.key])


@pytest.mark.requirement("cloud_writes.update.read-back")
@every_noun
def test_what_was_put_is_read(maker: Maker, admin: Caller, noun: Noun, run: Run) -> None:
    first, made = _made(maker, noun)
    for _ in range(run.random(noun.kind.noun).randint(1, 3)):
        second = noun.second(maker, first)
        expect.success(admin.put(noun.kind.place(made[noun.kind.key]), second))
        answer = admin.get(noun.place(made))
        got, wanted = _told(noun, expect.json_object(answer), second)
        expect.equal(answer, "what was put", got, wanted)


@pytest.mark.requirement("cloud_writes.update.twice")
@every_noun
def test_same_update_twice_is_one_update(maker: Maker, admin: Caller, noun: Noun) -> None:
    first, made = _made(maker, noun)
    second, place = noun.second(maker, first), noun.kind.place(made[noun.kind.key])
    once = expect.json_object(admin.put(place, second))
    answer = admin.put(place, second)
    twice = expect.json_object(answer)
    moving = {"updatedAt"}
    expect.equal(
        answer,
        "the item",
        {k: v for k, v in twice.items() if k not in moving},
        {k: v for k, v in once.items() if k not in moving},
    )


@pytest.mark.requirement("cloud_writes.update.replaces")
@pytest.mark.parametrize("noun", DROPPING)
def test_update_replaces_the_whole_item(maker: Maker, admin: Caller, noun: Noun) -> None:
    first, made = _made(maker, noun)
    expect.success(admin.put(noun.kind.place(made[noun.kind.key]), noun.second(maker, first)))
    answer = admin.get(noun.place(made))
    told = noun.sent(expect.json_object(answer))
    kept = [name for name in noun.dropped if name in told and told[name] == first[name]]
    expect.that(answer, not kept, f"an item without the old {', '.join(noun.dropped)}", f"kept: {', '.join(kept)}")


@pytest.mark.requirement("cloud_writes.update.unknown-404")
@every_noun
def test_update_of_an_unknown_one_is_not_found(maker: Maker, admin: Caller, noun: Noun) -> None:
    body = noun.second(maker, {**noun.first(maker), "key": noun.unknown})
    expect.status(admin.put(noun.kind.place(noun.unknown), body), 404)


@pytest.mark.requirement("cloud_writes.delete.answers-204")
@every_noun
def test_delete_answers_204_without_body(maker: Maker, admin: Caller, noun: Noun) -> None:
    _, made = _made(maker, noun)
    answer = expect.status(admin.delete(noun.kind.place(made[noun.kind.key])), 204)
    expect.no_body(answer)


@pytest.mark.requirement("cloud_writes.delete.gone")
@every_noun
def test_deleted_one_is_gone(maker: Maker, admin: Caller, noun: Noun) -> None:
    _, made = _made(maker, noun)
    expect.success(admin.delete(noun.kind.place(made[noun.kind.key])))
    expect.status(admin.get(noun.place(made)), 404)


@pytest.mark.requirement("cloud_writes.delete.unknown-404")
@every_noun
def test_delete_of_an_unknown_one_is_not_found(maker: Maker, admin: Caller, noun: Noun) -> None:
    expect.status(admin.delete(noun.kind.place(noun.unknown)), 404)


@pytest.mark.requirement("cloud_writes.content-type.tolerated")
def test_body_is_read_whatever_its_content_type(bench: Bench, admin: Caller) -> None:
    name = bench.name()
    answer = admin.call("POST", "4/teams", text=f'{{"name": "{name}"}}', headers={"Content-Type": "text/plain"})
    bench.adopt(answer, TEAM)
    expect.equal(answer, "name", expect.json_object(answer).get("name"), name)
