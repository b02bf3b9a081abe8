"""Thai as it should have been typed: signs in order, one of each, Arabic digits, plain spaces.

Words are never changed, so a misspelt word stays misspelt and is flagged elsewhere. PDFs add faults
of their own: glyphs of old fonts in the private area, spaces before signs, clusters drawn twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from tiddao.policy.rules.spans import RepairedText, unrepaired

# Glyph variants that fonts of Windows (U+F700–F71A) placed for tone marks moved left or lowered.
_PRIVATE_GLYPHS = {
    "\uf700": "ฐ", "\uf701": "ิ", "\uf702": "ี", "\uf703": "ึ", "\uf704": "ื", "\uf705": "่",
    "\uf706": "้", "\uf707": "๊", "\uf708": "๋", "\uf709": "์", "\uf70a": "่", "\uf70b": "้",
    "\uf70c": "๊", "\uf70d": "๋", "\uf70e": "์", "\uf70f": "ญ", "\uf710": "ั", "\uf711": "ํ",
    "\uf712": "็", "\uf713": "่", "\uf714": "้", "\uf715": "๊", "\uf716": "๋", "\uf717": "์",
    "\uf718": "ุ", "\uf719": "ู", "\uf71a": "ฺ",
}  # fmt: skip
_SPACES = (
    "\t\x0b\x0c\x1f\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
)
_ONE_FOR_ONE = str.maketrans(
    dict(zip("๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９", "01234567890123456789", strict=True))
    | _PRIVATE_GLYPHS
    | dict.fromkeys(_SPACES, " ")
    | dict.fromkeys("\u2028\u2029\x85", "\n")
    | {"％": "%", "：": ":", "，": ",", "（": "(", "）": ")"}
)

_ABOVE_BELOW = "ัิีึืฺุู็"
_TONES = "่้๊๋"
_LINE_ENDS = re.compile("\r\n?")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]+")
_TWO_E = re.compile("เ{2,}")
_NIKHAHIT_AA = re.compile(f"ํ([{_TONES}]?)า")
_AM_TONE = re.compile(f"ำ([{_TONES}])")
_TONE_VOWEL = re.compile(f"([{_TONES}์])([{_ABOVE_BELOW}])")
_TWICE = re.compile("([ะ-ฺเ-ไ็-๎])\\1+")

_SPACE_BEFORE_SIGN = re.compile(f" +(?=[{_ABOVE_BELOW}{_TONES}์ำ])")
# A PDF's "สั่สั่ง": the whole cluster of consonant, vowel and tone drawn twice.
_CLUSTER_TWICE = re.compile(f"([ก-ฮ][{_ABOVE_BELOW}][{_TONES}])\\1")
_THAI = re.compile("[ก-๎]")


def repaired(source: str, *, wraps: Collection[int] = (), from_pdf: bool = False) -> RepairedText:
    """The text that rules read, with the way back to the source.

    wraps: places of line ends that only wrap a line; between Thai letters they vanish, elsewhere
    they become a space. from_pdf: mend also what only PDFs do.

    Source: issue 4 "Reading a document"; docs requirements E9; WTT 2.0 order of signs.
    """
    text = unrepaired(source)
    text = RepairedText(source, source.translate(_ONE_FOR_ONE), text.starts, text.ends)
    if wraps:
        text = _unwrapped(text, frozenset(wraps))
    text = text.replaced(_LINE_ENDS, lambda _: "\n")
    text = text.replaced(_INVISIBLE, lambda _: "")
    if from_pdf:
        text = text.replaced(_SPACE_BEFORE_SIGN, lambda _: "")
    while True:
        before = text.text
        text = text.replaced(_TWO_E, lambda _: "แ")
        text = text.replaced(_NIKHAHIT_AA, lambda found: f"{found[1]}ำ")
        text = text.replaced(_AM_TONE, lambda found: f"{found[1]}ำ")
        text = text.replaced(_TONE_VOWEL, lambda found: f"{found[2]}{found[1]}")
        text = text.replaced(_TWICE, lambda found: found[1])
        if from_pdf:
            text = text.replaced(_CLUSTER_TWICE, lambda found: found[1])
        if text.text == before:
            return text


def _unwrapped(text: RepairedText, wraps: frozenset[int]) -> RepairedText:
    def joined(found: re.Match[str]) -> str:
        if not any(place in wraps for place in range(found.start(), found.end())):
            return found[0]
        before = text.text[: found.start()][-1:]
        after = text.text[found.end() :][:1]
        between = found[0].replace("\r", "").replace("\n", "")
        return "" if not between and _THAI.match(before) and _THAI.match(after) else " "

    return text.replaced(re.compile(r" *\r?\n *"), joined)
