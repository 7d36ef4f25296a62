"""Serve the pages of the sync on this machine, until Ctrl-C: connect, choose issues, preview and run, rules, who lacks what.

Everything there is done by the functions of the other commands. The address it says has a key in it, which opens the pages in
one browser; nobody else on the machine can open them, and nobody on another machine can reach them.
"""

from __future__ import annotations

import argparse
import json
import threading

PORT = 8091


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync serve``."""
    parser.add_argument("--port", type=_port, default=PORT, help="0 takes a free one (%(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1, localhost or ::1 (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Answers 0 after Ctrl-C or SIGTERM. Raises ``Mistaken``."""
    from integration.page_server import PageServer
    from integration.pages.frame import Frame
    from integration.pages.routes import PAGES
    from integration.settings import read_settings
    from integration.watch import ended_like_ctrl_c

    # What is wrong with the configuration is told at once, not on every page.
    read_settings(options.config)
    frame = Frame(options.config.absolute(), PAGES)
    server = PageServer(frame.application(), options.host, options.port)
    try:
        with ended_like_ctrl_c():
            server.start()
            address = f"{server.url}/?key={frame.key}"
            print(json.dumps({"url": address}) if options.json else f"tempo-sync pages: {address}", flush=True)
            # A wait without end cannot be interrupted on Windows.
            while not threading.Event().wait(1.0):
                pass
    except KeyboardInterrupt:
        return 0
    finally:
        server.stop()
    return 0


def _port(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) <= 65535):
        raise argparse.ArgumentTypeError(f"{value!r} is no port from 0 to 65535")
    return int(value)
