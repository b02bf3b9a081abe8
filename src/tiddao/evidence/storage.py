"""Where stored files lie: a folder of this installation, or a bucket, by ``STORAGES["evidence"]``.

Everything here goes through Django's storage interface. A name says what the file holds, so a file
is written once and never again; what a name needs of a storage is that a file is there whole or not
at all, which a bucket promises and ``WholeFileStorage`` sees to in a folder.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

ROOT = "evidence"
"""Its folders are the first two digits of the hash, so that no folder and no answer gets long."""
INCOMING = ".incoming-"
"""How a file that is still being written is called; what is left of one was cut off."""
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def evidence_storage() -> Storage:
    """Return the storage that the installation was set to."""
    return storages["evidence"]


def name_of(sha256: str) -> str:
    """Return where the file with this hash lies. Raises ValueError for what is no SHA-256."""
    if not _SHA256.match(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return f"{ROOT}/{sha256[:2]}/{sha256}"


class WholeFileStorage(FileSystemStorage):
    """A folder in which a file appears whole or not at all, also when the power fails.

    It is written beside its place under another name, brought to the disk, then renamed. A name
    stands for its content, so writing the same name again is harmless.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name itself: it is no other file's."""
        del max_length
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = target.with_name(f"{INCOMING}{uuid4().hex}")
        try:
            with made.open("xb") as out:
                made.chmod(0o600)
                for piece in content.chunks():
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            made.replace(target)
        except BaseException:
            with suppress(FileNotFoundError):
                made.unlink()
            raise
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the new name itself
        finally:
            os.close(folder)
        return name


def hash_in(name: str) -> str | None:
    """Return the hash that a stored name stands for; None for a name that is no hash in its place."""
    last = name.rpartition("/")[2]
    return last if _SHA256.match(last) and name == name_of(last) else None
