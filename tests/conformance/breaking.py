"""What lies about tempo-sync are made of: something of it is put in the place of something else."""

import sys

WORD = sys.argv[2] if len(sys.argv) > 2 else ""
"""What the integration was asked: run, accounts."""


def wrap(owner, name, around):
    """Puts `around(honest, *arguments)` in the place of a function."""
    honest = getattr(owner, name)
    setattr(owner, name, lambda *arguments, **named: around(honest, *arguments, **named))


def put(owner, name, value):
    """Puts a value in the place of one that is there: a lie about what is gone would be the truth."""
    getattr(owner, name)
    setattr(owner, name, value)


def lies_of(names, module):
    """The lies among the names of a module."""
    return {name: value for name, value in list(names.items()) if callable(value) and value.__module__ == module}


def teller(lies):
    """Takes the name of a lie, with a word after a colon on what it is about; from then on it is told."""

    def tell(name):
        lie, _, about = name.partition(":")
        (lies[lie](about) if about else lies[lie])()

    return tell
