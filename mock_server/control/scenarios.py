"""A world out of the server and into it, as a zip of a scenario folder: ``/_mock/export`` and ``/_mock/import``."""

import io
import lzma
import os
import re
import struct
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from flask import Response, request

from mock_server.control.dialect import LARGEST_SCENARIO, is_confirmed, json_answer, site
from mock_server.errors import Invalid, Unusable
from mock_server.export import scenario_files
from mock_server.scenario import read
from mock_server.worlds import Worlds

# A fixed date, so that equal worlds make equal files.
_DATE = (2000, 1, 1, 0, 0, 0)

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,100}\.(json|toml)")
"""Names that mean a file of the folder on every system; which of them a scenario has is for its reader to say."""

# What reading a zip raises when it is none, is damaged, encrypted, or packed in a way that is not known here.
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, ValueError)


def export_scenario() -> Response:
    """The present world as a scenario folder in a zip. Passwords and tokens are in it as hashes."""
    found = site()
    with found.shown.reading():
        files = scenario_files(found.shown, found.settings.changed())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files.items():
            folder.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    headers = {"Content-Disposition": f'attachment; filename="{found.name}.zip"'}
    return Response(packed.getvalue(), headers=headers, content_type="application/zip")


class ImportRoute:
    """The route that takes a world in."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def import_scenario(self) -> Response:
        """Become the world in the zip that is the body; ``?confirm=true`` for a world kept in a file.

        Everything is checked before anything changes.
        """
        request.max_content_length = LARGEST_SCENARIO
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "import"
            folder.mkdir()
            _unpack(request.get_data(), folder)
            try:
                scenario = read(folder)
                self._worlds.replace(site(), scenario, is_confirmed())
            except Unusable as error:
                # The folder was made for this and is gone; what is wrong is wrong in the zip.
                sentence = str(error).replace(f"{folder}{os.sep}", "").replace(str(folder), "The zip")
                raise Unusable(sentence, error.exit_code) from None
        return json_answer({noun: len(entries) for noun, entries in scenario.entries.items()})


def _unpack(data: bytes, folder: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(info.file_size for info in packed.infolist()) > LARGEST_SCENARIO:
                raise Invalid("The scenario is larger than this server reads.")
            for info in packed.infolist():
                # Only the files of the folder itself, wherever in the zip it stands; nothing may leave it.
                path = PurePosixPath(info.filename)
                if path.is_absolute() or ".." in path.parts:
                    raise Invalid(f"The zip names a file outside of itself: {info.filename[:80]}.")
                if not info.is_dir() and _PLAIN.fullmatch(path.name):
                    if (folder / path.name).exists():
                        raise Invalid(f"The zip holds {path.name[:80]} twice.")
                    (folder / path.name).write_bytes(packed.read(info))
    except _DAMAGED as error:
        # Without the path that an error of the system names: it is ours, and of no use to anybody.
        what = getattr(error, "strerror", None) or error
        raise Invalid(f"The body is not a zip of a scenario folder: {what}.") from None
