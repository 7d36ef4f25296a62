"""How the settings of a world come with it when it is in a file."""

import json

from mock_server.seed import SETTINGS_KEY
from mock_server.sites import Site
from mock_server.storage import world


def keep_settings(site: Site) -> None:
    """The next start of a world in a file begins with its present settings; --set still goes before. Inside a transaction."""
    if site.is_kept:
        world.put(site.store, SETTINGS_KEY, json.dumps(site.settings.changed()))
