"""What a server is started with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """Options of ``tempo-mock serve``, checked. ``port`` 0 takes any free one; ``database`` None keeps the world in memory.

    ``open_control`` lets others than this machine use the control routes; ``cors`` names the origins whose pages may call
    the APIs from a browser. ``trust_forwarded`` tells that one proxy stands in front, whose X-Forwarded headers are true.
    ``journal`` tells whether requests are written down.
    """

    host: str = "127.0.0.1"
    port: int = 8090
    scenario: str = "guide"
    database: Path | None = None
    clock: datetime | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False
    control: bool = True
    open_control: bool = False
    cors: tuple[str, ...] = ()
    trust_forwarded: bool = False
    journal: bool = True
