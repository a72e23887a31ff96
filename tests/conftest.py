"""Fixtures for every folder of tests; each is explained where it is made."""

pytest_plugins = ("tests.support.live_server", "tests.support.valkey")
