"""Arming: the one way in which a rule becomes a fault of a site, from the control routes and from Python."""

import copy
import random
from collections.abc import Callable, Mapping
from typing import Any

from mock_server.faults.effects import effect_of
from mock_server.faults.fault import Fault
from mock_server.faults.matching import matches_of
from mock_server.faults.members import Rule, read_rule
from mock_server.faults.sentences import sentence_of
from mock_server.faults.withdrawing import check_permission
from mock_server.sites import Site


def arm(site: Site, rule: Mapping[str, Any]) -> Fault:
    """Break the requests of a site that a rule is for (docs/faults.md tells its members), from now on.

    Raises ``Invalid`` that names the member and what it allows; nothing is armed then.
    """
    if "trap" in rule:
        # Imported where one is armed: start-up time is a feature.
        from mock_server.traps.arming import arm_trap

        return arm_trap(site, rule)
    read = read_rule(rule)
    matches = matches_of(site, read)
    check_permission(site, read)
    effect, sentence, told = effect_of(read), sentence_of(read), copy.deepcopy(dict(rule))
    chance = _chance(read)
    return site.faults.add(
        lambda number: Fault(number, told, sentence, matches, effect, after=read.after, count=read.count, chance=chance)
    )


def _chance(rule: Rule) -> Callable[[], bool]:
    probability = rule.probability
    if probability is None:
        return lambda: True
    # Not `random` itself: the same rule with the same seed breaks the same requests on every run.
    drawn = random.Random(rule.seed)
    return lambda: drawn.random() < probability
