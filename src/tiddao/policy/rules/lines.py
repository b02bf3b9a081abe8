"""Lines of a text and the marks that number them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tiddao.policy.rules.spans import Span

_WORD_MARK = (
    r"(?P<word>ระเบียบวาระที่|วาระที่|ประเด็นที่|เรื่องที่|ประเด็นยุทธศาสตร์ที่|ยุทธศาสตร์ที่|กิจกรรมที่|จุดที่"
    r"|ขั้นตอนที่|ส่วนที่|ข้อที่|ข้อ)\s?(?P<word_number>\d{1,2}(?:\.\d{1,2})*)[.)]?"
)
_NUMBER_MARK = r"(?P<open>\()?(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})(?P<close>[.)])?(?P<glue>\s*)"
_MARK = re.compile(
    rf"(?:{_WORD_MARK}|(?P<dash>[-–—•●▪○*✓➢►❖]|\uf0b7)\s*|{_NUMBER_MARK}|(?P<letter>[ก-ฮ])[.)]\s*)"
)
DASH = "dash"


@dataclass(frozen=True, slots=True)
class Mark:
    """What numbers a line. style: marks of one list share it; path: (3, 1) of "3.1"; () of a dash."""

    style: str
    path: tuple[int, ...]
    label: str
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the spaces around it. mark: None where nothing numbers it."""

    span: Span
    text: str
    mark: Mark | None
    indent: int

    @property
    def content(self) -> Span:
        """The line without its mark."""
        return Span(self.mark.end if self.mark else self.span.start, self.span.end)


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines that hold something, in order.

    Source: docs requirements B11 (issues 1–5, nested), A80 (marks, not paragraphs, divide).
    """
    found: list[Line] = []
    start = 0
    for raw in text.split("\n"):
        body = raw.strip()
        if body:
            indent = len(raw) - len(raw.lstrip())
            first = start + indent
            mark = mark_at(text, first, first + len(body))
            found.append(Line(Span(first, first + len(body)), body, mark, indent))
        start += len(raw) + 1
    return tuple(found)


def mark_at(  # noqa: C901, PLR0911 -- one way out for each kind of mark and of quantity
    text: str, start: int, end: int
) -> Mark | None:
    """The mark that numbers what begins at start, or None.

    A number alone on its line is no mark, nor is one that is a quantity, a time or a date.

    Source: docs requirements B3 (a stray number), B11, B15, B22, B67 ("1.", "1)", "–").
    """
    found = _MARK.match(text, start, end)
    if found is None or found.end() >= end:
        return None
    if found["word"]:
        path = tuple(map(int, found["word_number"].split(".")))
        return Mark(f"word:{found['word']}", path, found["word"], _after_space(text, found.end()))
    if found["dash"]:
        following = text[found.end() : end]
        return (
            None
            if re.match(r"\d", following) and found[0] == "-"
            else Mark(DASH, (), "", found.end())
        )
    if found["letter"]:
        if found[0].rstrip().endswith(".") and re.match(r"[ก-ฮ]\.", text[found.end() : end]):
            return None  # "ม.ค.", "จ.เชียงราย"
        if found[0].endswith("."):
            return None  # "จ.", "อ.", "ต." open places
        return Mark("letter", (ord(found["letter"]) - ord("ก") + 1,), "", found.end())
    path = tuple(map(int, found["number"].split(".")))
    closed, glue = found["close"], found["glue"]
    if found["open"] and closed != ")":
        return None
    if not closed and (len(path) == 1 or not glue or re.match(_QUANTITY, text[found.end() : end])):
        return None
    following = text[found.end() : end]
    if closed == "." and re.match(r"\d", following):
        return None  # "09.00 - 10.30", "33.28"
    if any(number > 60 for number in path) or 0 in path:
        return None
    style = f"number:{found['open'] or ''}{'.' * (len(path) - 1)}{closed or ''}"
    return Mark(style, path, "", found.end())


_QUANTITY = r"(?:น\.|นาฬิกา|ล้าน|บาท|%|(?:คน|ราย|ไร่)(?![ก-๎])|-|–)"


def _after_space(text: str, place: int) -> int:
    while place < len(text) and text[place] in " :":
        place += 1
    return place
