"""Traps of a site by name: what integrators fell into at the real service, armed for tests of how a client bears it."""
