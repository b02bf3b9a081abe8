"""Text brought to the letters that searching compares, and back to where they stand.

Folded are the signs and letters that Thai typists leave out, double or mistake for each other; no
word is changed into another by rule. Spaces and punctuation do not count, so that "โคก หนอง นา" and
"โคกหนองนา" are one.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache

GRAM = 4
"""Letters in a gram. Measured in docs/adr/0013-search.md."""

# ็ ่ ้ ๊ ๋ ์ ํ ๎, ฺ, ฯ and ๆ: left out and mistaken most often.
_DROPPED = "ฯๆฺ็่้๊๋์ํ๎"
_ALIKE = {
    "ศ": "ส",
    "ษ": "ส",
    "ณ": "น",
    "ฎ": "ฏ",
    "ฆ": "ค",
    "ฑ": "ท",
    "ฒ": "ท",
    "ธ": "ท",
    "ฬ": "ล",
    "ใ": "ไ",
    "ๅ": "า",
}
_SIGNS = "ะัาำิีึืฺุูเแโไ"
_FOLDING = (
    {ord(sign): None for sign in _DROPPED}
    | {ord(sign): letter for sign, letter in _ALIKE.items()}
    | {ord("๐") + digit: str(digit) for digit in range(10)}
)
_NIKHAHIT_AA = re.compile("ํ([่-๋]?)า")
_NOT_COUNTED = re.compile(f"[^\\w{_SIGNS}]+|_+")
_TWICE = re.compile(f"([{_SIGNS}])\\1+")
_THAI_RUN = re.compile("[ก-ฮะ-ูเ-ๅ]+")


def fold(text: str) -> str:
    """The letters that count, in their order.

    Without ็ ่ ้ ๊ ๋ ์ ฯ ๆ, spaces and punctuation; Thai digits as Arabic ones, Latin letters
    small; ศ ษ as ส, ณ as น, ฎ as ฏ, ฆ as ค, ฑ ฒ ธ as ท, ฬ as ล, ใ as ไ; เเ as แ, a vowel sign
    typed twice once. Idempotent.

    Source: docs requirements E3, E9 (search tolerant of spelling).
    """
    text = unicodedata.normalize("NFC", text).casefold()
    text = _NIKHAHIT_AA.sub(r"\1ำ", text).translate(_FOLDING)
    text = _NOT_COUNTED.sub("", text)
    while (once := _TWICE.sub(r"\1", text.replace("เเ", "แ"))) != text:
        text = once
    return text


def grams(folded: str) -> frozenset[int]:
    """The runs of four Thai letters in folded text, each as a number of 32 bits with a sign.

    Digits and Latin letters end a run: they are found as whole words. Two runs share a number once
    in four thousand million times.

    Source: docs/adr/0013-search.md.
    """
    found: set[str] = set()
    for run in _THAI_RUN.findall(folded):
        found.update(run[start : start + GRAM] for start in range(len(run) - GRAM + 1))
    return frozenset(map(number_of, found))


def spellings(folded: str, *, left_out: int) -> frozenset[int]:
    """The word with up to so many letters left out (0 to 2), each as a number as in ``grams``.

    Two words that share one are a few letters apart; how far, ``kernel.names.spelling_distance`` says.

    Source: symmetric deletion, as spelling correctors use it.
    """
    found = last = {folded}
    for _ in range(left_out):
        last = {word[:at] + word[at + 1 :] for word in last for at in range(len(word))}
        found = found | last
    return frozenset(map(number_of, found))


@lru_cache(maxsize=1_000)
def pattern_of(folded: str) -> re.Pattern[str]:
    """What finds the folded words where they stand in the text as it was written.

    Source: docs/adr/0013-search.md (the excerpt shows the text as written).
    """
    written: dict[str, str] = {}
    for sign, letter in _ALIKE.items():
        written[letter] = written.get(letter, letter) + sign
    between = rf"(?:[{_DROPPED}_]|[^\w{_SIGNS}{_DROPPED}])*"
    pieces = []
    for letter in folded:
        if letter.isdecimal():
            piece = f"[{letter}{chr(ord('๐') + int(letter))}]"
        elif letter == "แ":
            piece = f"(?:แ|เ{between}เ)"
        elif letter == "ำ":
            piece = "(?:ํ[่-๋]?า|ำ)"
        else:
            piece = f"[{written.get(letter, letter)}]"
        pieces.append(f"(?:{piece}{between})+" if letter in _SIGNS else piece + between)
    whole = "".join(pieces).removesuffix(between)
    return re.compile(whole + f"[{_DROPPED}]*", re.IGNORECASE)


def number_of(sign: str) -> int:
    """The sign as a number of 32 bits with a sign: CRC-32.

    Source: docs/adr/0013-search.md.
    """
    code = zlib.crc32(sign.encode())
    return code - (1 << 32) if code >= 1 << 31 else code
