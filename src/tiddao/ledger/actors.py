"""Who acts, as the ledger writes it: text only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """reference: "user:12" or "system"; name: as shown then; post: "post:7 role office" or ""."""

    reference: str
    name: str = ""
    post: str = ""


SYSTEM = Actor("system", "ระบบ")
