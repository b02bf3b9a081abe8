"""Numbered issues and nested points as the text has them, and dimensions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tiddao.policy.rules.lines import DASH, Line, Mark
from tiddao.policy.rules.proposals import Dimension, Issue, Words
from tiddao.policy.rules.spans import Span, trimmed

_LONGEST_HEADING = 160
_INLINE = re.compile(r"(?<![\d.,/])(?P<number>\d{1,2})(?P<close>\))\s*(?=[ก-๎A-Za-z“\"])")
_END_OF_HEADING = re.compile(r"\s*[:：]\s|\s{2,}")


@dataclass(slots=True)
class _Level:
    style: str
    last: tuple[int, ...]
    number: str
    glued: bool


@dataclass(slots=True)
class _Open:
    line: Line
    mark: Mark
    depth: int
    number: str
    above: str  # the number of what it lies in, or its own
    end: int


def issues_in(text: str, lines: Sequence[Line], skip: Sequence[Span] = ()) -> tuple[Issue, ...]:
    """Numbered lines and dashed points with their depth: "3.1" is the first point of issue 3.

    A list that begins anew at 1 lies within the one before it; a number that goes on an outer list
    closes the inner ones. skip: spans whose lines are no issues (lists of persons).

    Source: docs requirements B11–B73 (five issues, nested lists under two kinds of marks).
    """
    stack: list[_Level] = []
    found: list[_Open] = []
    for line in lines:
        mark = line.mark
        if mark is None or any(line.span.overlaps(span) for span in skip):
            if found and not _closes(line):
                _lengthen(found, line.span.end)
            continue
        if mark.style == DASH:
            depth = len(stack)
            number = ""
            above = stack[-1].number if stack else ""
        else:
            _place(stack, mark, text)
            depth = len(stack) - 1
            number = above = stack[-1].number
        found.append(_Open(line, mark, depth, number, above, line.span.end))
        _lengthen(found, line.span.end)
    issues: list[Issue] = []
    for each in found:
        one = _issue(text, each)
        if one.heading:  # a number with nothing behind it is no issue
            issues.append(one)
        issues.extend(_inline_issues(text, each))
    return tuple(issues)


def _closes(line: Line) -> bool:
    return bool(
        re.match(
            r"จึงเรียนมา|ขอแสดงความนับถือ|ทั้งนี้|สั่ง\s?ณ|ประกาศ\s?ณ|เลิกประชุม|ปิดประชุม|\(?(?:นาย|นาง)",
            line.text,
        )
    )


def _lengthen(found: list[_Open], end: int) -> None:
    """The line belongs to the last item and to whatever that lies in."""
    depth = found[-1].depth
    found[-1].end = end
    for each in reversed(found[:-1]):
        if each.depth < depth:
            each.end = end
            depth = each.depth
        if depth == 0:
            return


def _place(stack: list[_Level], mark: Mark, text: str) -> None:
    """Put the mark where its number goes on a list, else begin a list within."""
    glued = not text[mark.end - 1 : mark.end].isspace()
    if len(mark.path) > 1:
        _place_long(stack, mark, glued)
        return
    goes_on = [
        level
        for level in reversed(stack)
        if level.style == mark.style and len(level.last) == 1 and level.last[0] + 1 == mark.path[0]
    ]
    # The deepest list that the number goes on, unless another one is written just so.
    same = [level for level in goes_on if level.glued == glued] or goes_on
    if same:
        level = same[0]
    elif mark.path[0] == 1 or not any(each.style == mark.style for each in stack):
        stack.append(_Level(mark.style, mark.path, "", glued))
        _renumber(stack)
        return
    else:
        # A number out of order stays in its own list: the gap is flagged elsewhere.
        level = next(each for each in reversed(stack) if each.style == mark.style)
    del stack[stack.index(level) + 1 :]
    level.last, level.glued = mark.path, glued
    _renumber(stack)


def _place_long(stack: list[_Level], mark: Mark, glued: bool) -> None:
    """Put "3.1" under 3, wherever 3 stands."""
    while stack and not (
        len(stack[-1].last) < len(mark.path)
        and stack[-1].last
        == mark.path[len(mark.path) - 1 - len(stack[-1].last) :][: len(stack[-1].last)]
    ):
        if stack[-1].last[:-1] == mark.path[:-1] and len(stack[-1].last) == len(mark.path):
            stack.pop()
            break
        if len(stack) == 1:
            break
        stack.pop()
    if stack and len(stack[-1].last) == len(mark.path):
        stack.pop()
    stack.append(_Level(mark.style, mark.path, ".".join(map(str, mark.path)), glued))


def _renumber(stack: list[_Level]) -> None:
    above = stack[-2].number if len(stack) > 1 else ""
    own = str(stack[-1].last[0])
    stack[-1].number = f"{above}.{own}" if above else own


def _issue(text: str, each: _Open) -> Issue:
    start = each.mark.end
    span = trimmed(text, start, each.line.span.end)
    heading = text[span.start : span.end]
    cut = _END_OF_HEADING.search(heading)
    if cut and cut.start() > 3:
        heading = heading[: cut.start()].rstrip(" :")
        span = Span(span.start, span.start + len(heading))
    if len(heading) > _LONGEST_HEADING:
        at = heading.rfind(" ", 40, _LONGEST_HEADING)
        heading = heading[: at if at > 0 else _LONGEST_HEADING]
        span = Span(span.start, span.start + len(heading))
    return Issue(
        span=span,
        rule="issue.dash" if each.mark.style == DASH else "issue.numbered-line",
        number=each.number,
        depth=each.depth,
        label=each.mark.label,
        heading=heading,
        whole=Span(each.line.span.start, max(each.end, each.line.span.end)),
    )


def _inline_issues(text: str, each: _Open) -> list[Issue]:
    """The list that stands within one line: "1)ศึกษาชุมชน 2) การให้การศึกษา…"."""
    marks = list(_INLINE.finditer(text, each.mark.end, each.line.span.end))
    run: list[re.Match[str]] = []
    for match in marks:
        if int(match["number"]) == len(run) + 1:
            run.append(match)
    if len(run) < 2:
        return []
    issues = []
    for position, match in enumerate(run):
        end = run[position + 1].start() if position + 1 < len(run) else each.line.span.end
        span = trimmed(text, match.end(), end, ' \n\t,;:“”"')
        number = f"{each.above}.{match['number']}" if each.above else match["number"]
        issues.append(
            Issue(
                span=span,
                rule="issue.inline",
                number=number,
                depth=each.depth + 1,
                label="",
                heading=text[span.start : span.end],
                whole=Span(match.start(), span.end),
            )
        )
    return issues


_DIMENSION = re.compile(r"มิติที่\s?(?P<number>\d{1,2})\s*[:：.-]?\s*(?:ด้าน(?=การ))?")
_NAME_ENDS = re.compile(
    r"\s*(?:ซึ่ง|โดย(?=มุ่ง|มุ้ง|เน้น|เกิด|มี|ให้|การ|เป็น)|มุ่งเน้น|มุ้งเน้น|เน้น(?=การ|แผน|ความ|ให้|ที่|เรื่อง)|หมายถึง|ได้แก่|ประกอบด้วย|เป็นการ|คือ|เพื่อ|[:：(]|\n| {2,}|มิติที่|และมิติที่|[-–] )"
)
_POINT = re.compile(
    r"รวมทั้ง(?:ด้าน)?|และรวมถึง|รวมถึง|ตลอดจน|เช่น|และ(?=การ|ธรรม|ความ|กระบวน|เรียนรู้)|(?<=[ก-๎]) (?=การ|ความ|ศูนย์|แผน|ภาวะ|ระบบ)|,"
)
_QUOTED = re.compile(r"“[^”\n]*”")
_FOCUS = re.compile(r"(?:มุ่งเน้น|มุ้งเน้น|เน้น|ได้แก่|ประกอบด้วย|โดย)\s*")


def dimensions_in(text: str) -> tuple[Dimension, ...]:
    """Every "มิติที่ N" with its name and points, wherever in a paragraph it stands.

    Source: docs requirements A54–A80 (five dimensions; 4 and 5 in one paragraph: split on the mark).
    """
    marks = list(_DIMENSION.finditer(text))
    found: list[Dimension] = []
    for position, mark in enumerate(marks):
        paragraph = text.find("\n", mark.end())
        paragraph = len(text) if paragraph < 0 else paragraph
        limit = min(
            paragraph, marks[position + 1].start() if position + 1 < len(marks) else paragraph
        )
        if limit <= mark.end():
            continue
        ends = _NAME_ENDS.search(text, mark.end(), limit)
        span = trimmed(text, mark.end(), min(ends.start() if ends else limit, mark.end() + 80))
        if text[span.start : span.end].endswith(" และ"):
            span = trimmed(text, span.start, span.end - len("และ"))
        if span.start == span.end or any(each.number == int(mark["number"]) for each in found):
            continue
        found.append(
            Dimension(
                span=Span(mark.start(), span.end),
                rule="dimension.marked",
                number=int(mark["number"]),
                name=text[span.start : span.end],
                points=_points(text, span.end, limit),
            )
        )
    return tuple(found)


def _points(text: str, start: int, end: int) -> tuple[Words, ...]:
    focus = _FOCUS.search(text, start, end)
    if focus is None:
        return ()
    points: list[Words] = []
    begin = focus.end()
    quoted = [Span(*match.span()) for match in _QUOTED.finditer(text, begin, end)]
    for split in [*_POINT.finditer(text, begin, end), None]:
        if split and any(quote.covers(Span(*split.span())) for quote in quoted):
            continue
        stop = split.start() if split else end
        span = trimmed(text, begin, stop)
        words = text[span.start : span.end]
        if len(words) >= 4:
            points.append(Words(words, span))
        begin = split.end() if split else end
    return tuple(points)
