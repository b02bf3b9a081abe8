"""Thai dictionary order, as a key for sorted().

`pythainlp.util.collate` leaves words that differ only in a tone mark in the order they came; this
key does not, and costs no import.
"""

from __future__ import annotations

import re

from tiddao.kernel.digits import to_arabic
from tiddao.kernel.names import repair_spelling

# Below every printable character, and none of them NUL, which PostgreSQL does not store.
_LEVEL, _LETTER = "\x01", "\x02"

_VOWEL_BEFORE = re.compile("([เ-ไ])([ก-ฮ])")
_MARKS = frozenset("็่้๊๋์ํ๎ฺฯๆ-.,()'\"“”‘’/")


def thai_key(text: str) -> str:
    """A string that sorts as the Royal Institute's dictionary does.

    First by letters: a vowel written before its consonant counts after it, consonants come before
    vowels, vowels in the order ะ ั า ำ ิ ี ึ ื ุ ู เ แ โ ใ ไ. Then by ็ ่ ้ ๊ ๋ ์ and punctuation, from
    the left. Then by the text itself, so that different texts never share a key. Numerals come before
    Latin letters (case ignored), those before Thai. In a database, order the key by collation "C".

    Source: พจนานุกรม ฉบับราชบัณฑิตยสถาน, วิธีเรียงลำดับคำ.
    """
    letters = []
    marks = []
    for sign in _VOWEL_BEFORE.sub(r"\2\1", to_arabic(repair_spelling(text)).casefold()):
        if sign in _MARKS:
            marks.append(sign)
        else:
            letters.append(sign)
            marks.append(_LETTER)
    return _LEVEL.join(("".join(letters), "".join(marks), text))
