"""Making worlds: seeding them, giving them out by the thousand, and beginning anew."""

import dataclasses
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, datetime

from mock_server.clock import Clock
from mock_server.scenario import Scenario, find, last_change, read
from mock_server.seed import SCENARIO_KEY, SETTINGS_KEY, seed
from mock_server.settings import Settings
from mock_server.sites import Site, Sites, check_confirmed, check_name
from mock_server.storage import world
from mock_server.storage.opening import in_memory
from mock_server.storage.store import Store
from mock_server.template import Template

MOST_TEMPLATES = 32


class Templates:
    """Seeded worlds by scenario, the state of its files, and the day of the clock, to which its dates may be relative."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._templates: OrderedDict[tuple[str, float, date], Template] = OrderedDict()

    def get(self, reference: str, now: datetime, scenario: Scenario | None = None) -> Template:
        """The template of a scenario on a day; ``scenario`` is the one meant where it was read already.

        Raises ``Unusable`` when the scenario cannot be used.
        """
        key = (reference, last_change(reference), now.date())
        with self._lock:
            found = self._templates.get(key)
            if found is None:
                store = in_memory(watched=False)
                seed(store, scenario or read(find(reference)), now)
                found = self._templates[key] = Template(store)
                while len(self._templates) > MOST_TEMPLATES:
                    self._templates.popitem(last=False)
            self._templates.move_to_end(key)
            return found


class Worlds:
    """The sites of one server and what they are made from. ``settings`` hold over those of every scenario."""

    def __init__(self, sites: Sites, templates: Templates, settings: Mapping[str, str]) -> None:
        self.sites = sites
        self.templates = templates
        self._settings = dict(settings)

    def create(self, name: str | None, reference: str | None, start: datetime | None, settings: Mapping[str, str]) -> Site:
        """One more site; without a name it gets one, without a scenario or a clock it begins as the default site did.

        Raises ``Invalid`` for a name in use or a wrong setting, ``Unusable`` when the scenario cannot be used.
        """
        name = self.sites.free_name() if name is None else name
        check_name(name)
        default = self.sites.default
        site = templated_site(name, self.templates, reference or default.reference, start or default.start, self._settings)
        site.settings.update(settings)
        site.initial_settings = site.settings.as_dict()
        self.sites.add(site)
        site.jobs.resume(site)
        return site

    def reset(self, site: Site, confirmed: bool) -> None:
        """Begin anew: data, settings, clock, log-ins, an empty journal, and nothing armed.

        Raises ``Invalid`` for a world in a file without confirmation.
        """
        check_confirmed(site, confirmed)
        site.faults.cut_waiting()
        # Before the data goes: some traps put back what they changed in it.
        site.faults.disarm_all()
        site.worlds += 1
        clock = Clock(site.start)
        if site.is_kept:
            seed(site.store, read(find(site.reference)), clock.now(), anew=True)
            # Not those of the last start: a request before it may have set them.
            begun = kept_settings(site.store)
            begun.update(self._settings)
            site.initial_settings = begun.as_dict()
        else:
            site.enter(self.templates.get(site.reference, clock.now()))
        site.settings.replace(site.initial_settings)
        site.clock.restore(clock.state)
        site.journal.clear()
        site.forget_visitors()
        site.jobs.resume(site)

    def replace(self, site: Site, scenario: Scenario, confirmed: bool) -> None:
        """Make a site the world of a scenario that was sent. Its settings become the scenario's, its clock stays.

        A reset still begins with the site's own scenario. Raises ``Invalid`` for a world in a file without confirmation, and
        ``Unusable`` when entries exclude each other; the world is then as it was.
        """
        check_confirmed(site, confirmed)
        scenario = dataclasses.replace(scenario, reference=site.reference)
        if site.is_kept:
            seed(site.store, scenario, site.clock.now(), anew=True)
            site.faults.cut_waiting()
        else:
            store = in_memory()
            seed(store, scenario, site.clock.now())
            site.faults.cut_waiting()
            site.enter(store)
        site.worlds += 1
        site.settings.replace(Settings(scenario.settings).as_dict())
        site.forget_visitors()
        site.jobs.resume(site)


def templated_site(
    name: str,
    templates: Templates,
    reference: str,
    start: datetime | None,
    settings: Mapping[str, str],
    scenario: Scenario | None = None,
) -> Site:
    """A site that reads a template until it is written to. Raises ``Unusable`` and ``Invalid``."""
    clock = Clock(start)
    template = templates.get(reference, clock.now(), scenario)
    chosen = kept_settings(template.store)
    chosen.update(settings)
    return Site(name, template, clock, chosen, reference=reference, start=start)


def kept_site(name: str, store: Store, scenario: Scenario, start: datetime | None, settings: Mapping[str, str]) -> Site:
    """A site over a store in a file, seeded when it never was to the end. Raises ``Unusable`` and ``Invalid``."""
    clock = Clock(start)
    if world.get(store, SCENARIO_KEY) is None:
        seed(store, scenario, clock.now())
    chosen = kept_settings(store)
    chosen.update(settings)
    reference = world.get(store, SCENARIO_KEY) or scenario.reference
    return Site(name, store, clock, chosen, reference=reference, start=start, is_kept=True)


def kept_settings(store: Store) -> Settings:
    """The settings of the scenario a world was seeded from."""
    return Settings(json.loads(world.get(store, SETTINGS_KEY) or "{}"))
