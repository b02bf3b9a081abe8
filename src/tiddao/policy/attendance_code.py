"""What the code on the projector says: a signed address that is good for a few minutes.

Whoever scans it in the room signs the list; a picture of it that is passed on is too old. A guest who
is writing a name has longer, by a second signature that the opened page carries.
"""

from __future__ import annotations

from typing import Literal

import segno
from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.safestring import SafeString

_CODE = TimestampSigner(salt="tiddao.policy.attendance")
_OPENED = TimestampSigner(salt="tiddao.policy.attendance.opened")


def code_of(meeting_id: int) -> str:
    """Return what the address of a meeting's code ends in, good from now on for the window."""
    return _CODE.sign(str(meeting_id))


def read_code(code: str) -> tuple[int, bool] | None:
    """Return (meeting, whether it is still good), or None for a code that nobody here signed."""
    found = _read(_CODE, code, settings.MEETING_CODE_SECONDS)
    if found == "forged":
        return None
    if found == "expired":
        return int(_CODE.unsign(code)), False
    return found, True


def opened_of(meeting_id: int) -> str:
    """Return what a page that was opened by a good code carries while its form is filled in."""
    return _OPENED.sign(str(meeting_id))


def is_opened(opened: str, meeting_id: int) -> bool:
    """Say whether the page was opened by a good code of the meeting not long ago."""
    return _read(_OPENED, opened, settings.MEETING_FORM_SECONDS) == meeting_id


def drawn(address: str) -> SafeString:
    """Return an address as a QR code, inline SVG without script or style; it fills its box."""
    code = segno.make_qr(address, error="m")
    # segno writes the markup itself, from numbers alone.
    return SafeString(
        code.svg_inline(
            omitsize=True, border=2, svgclass="qr", lineclass=None, dark="#000", light="#fff"
        )
    )


def _read(signer: TimestampSigner, text: str, seconds: int) -> int | Literal["forged", "expired"]:
    try:
        said = signer.unsign(text, max_age=seconds)
    except SignatureExpired:
        return "expired"
    except BadSignature:
        return "forged"
    return int(said)
