"""What tests of all packages use."""

from hypothesis import settings

pytest_plugins = ("pytester",)

# How long an example takes says something of the machine, which others may be using.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
