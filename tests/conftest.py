"""What tests of both packages use."""

pytest_plugins = ("pytester",)
