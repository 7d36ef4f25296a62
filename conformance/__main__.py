"""The command ``tempo-conformance``, also as ``python -m conformance``."""

import os
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
        way_out = "install tempo-mock-server[conformance]; in a checkout: pip install -e '.[conformance]'"
        sentence = f"tempo-conformance needs {error.name}: {way_out}"
        print(sentence, file=sys.stderr)
        return MISSING
    try:
        return run()
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing is left to say, also not at exit.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0


if __name__ == "__main__":
    sys.exit(main())
