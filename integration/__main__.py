"""``python -m integration`` is ``tempo-sync``."""

import sys

from integration.cli import main

sys.exit(main())
