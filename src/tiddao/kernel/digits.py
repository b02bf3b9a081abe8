"""Thai and Arabic digits.

Official papers are written with Thai digits, screens and tables with Arabic ones; input mixes them.
"""

from __future__ import annotations

_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def to_arabic(text: str) -> str:
    """The text with ๐–๙ written 0–9; everything else is left as it is.

    Source: ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ พ.ศ. 2526 (Thai digits in papers, docs domain 9.1).
    """
    return text.translate(_TO_ARABIC)


def to_thai(value: str | int) -> str:
    """The text or whole number with 0–9 written ๐–๙; everything else is left as it is.

    Source: ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ พ.ศ. 2526 (Thai digits in papers, docs domain 9.1).
    """
    return str(value).translate(_TO_THAI)
