"""Where one installation keeps its own things: ``TIDDAO_HOME`` (default ``./var``)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def home() -> Path:
    """Return the folder of this installation; it need not exist yet."""
    return Path(os.environ.get("TIDDAO_HOME") or "var").expanduser().resolve()


def secret_key() -> str:
    """Return the signing key: ``TIDDAO_SECRET_KEY``, else a file made on first use (mode 0600).

    Two processes that start at once agree: the loser of the race reads the winner's file.
    """
    given = os.environ.get("TIDDAO_SECRET_KEY")
    if given:
        return given
    path = home() / "secret-key"
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            os.link(made, path)  # whole or not at all, and never over another's
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text(encoding="ascii")
