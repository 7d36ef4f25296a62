"""The command ``tempo-conformance``, also as ``python -m conformance``."""

import sys

MISSING = 2
"""Exit code when what the suite runs on is not installed."""


def main() -> int:
    """Run the command; answers its exit code. Says so in one sentence when pytest or requests is not there."""
    try:
        from conformance.cli import main as run
    except ModuleNotFoundError as error:
        if error.name not in ("pytest", "requests"):
            raise
        sentence = f"tempo-conformance needs {error.name}: pip install 'tempo-mock-server[conformance]'"
        print(sentence, file=sys.stderr)
        return MISSING
    return run()


if __name__ == "__main__":
    sys.exit(main())
