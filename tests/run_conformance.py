"""What ``make conformance`` runs: the suite as a user has it, against a fake on a free port.

Options are passed on to the suite, so ``make conformance OPTIONS="-k member -x"`` works.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Off by default; without it the checks of approval would be skipped.
SETTINGS = ("--set", "globalConfiguration.planApprovalEnabled=on")


def main(options: list[str]) -> int:
    """Start a fake, judge it, stop it; answers the suite's exit code."""
    fake = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--quiet", *SETTINGS]
    with subprocess.Popen(fake, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().split()[-1]
            target = ROOT / "fixtures" / "guide" / "target.toml"
            suite = [sys.executable, "-m", "conformance", "server", "--tempo-url", url, "--target", str(target)]
            return subprocess.run([*suite, *options], cwd=ROOT, check=False).returncode
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
