"""People that a text names: title, name, post; and spellings that may be one person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tiddao.kernel.names import fold_person, spelling_distance
from tiddao.policy.rules.gazetteer import Gazetteer
from tiddao.policy.rules.posts import (
    CUT,
    Post,
    acting_at,
    committee_end,
    is_generic,
    post_at,
    posts_in,
)
from tiddao.policy.rules.proposals import AliasProposed, PersonNamed, PostNamed, Words
from tiddao.policy.rules.spans import Span

_RANKED = (
    r"ว่าที่\s?(?:พันตรี|ร้อยเอก|ร้อยโท|ร้อยตรี|เรือตรี|พ\.ต\.|ร\.[อทต]\.)\s?(?:หญิง)?"
    r"|(?:พล|พัน|ร้อย)(?:ตำรวจ)?(?:เอก|โท|ตรี)\s?(?:หญิง)?|(?:จ่าสิบ|สิบ)(?:ตำรวจ)?(?:เอก|โท|ตรี)|ดาบตำรวจ"
    r"|(?<![ก-๎])(?:พล|พ|ร)\.\s?(?:ต\.)?[อทต]\.(?:\s?หญิง)?|(?<![ก-๎])จ\.ส\.[อทต]\."
    r"|หม่อมราชวงศ์|หม่อมหลวง|ม\.ร\.ว\.|ม\.ล\.|ผู้ช่วยศาสตราจารย์|รองศาสตราจารย์|ศาสตราจารย์|ผศ\.|รศ\.|(?<![ก-๎])ดร\."
)
_TITLE = (
    rf"(?P<title>(?:(?:{_RANKED})\s?)+|นางสาว|น\.\s?ส\.|(?<![ก-๎])นส\.|นาง(?!สาว)"
    r"|(?<!เจ้า)(?<!ท)นาย(?!อำเภอ|ก(?:เทศ|อง|\s?อบ|เหล่า|สมาคม|รัฐ|ฯ|\s?ทต|สภา|\s|$)|จ้าง|ทะเบียน|ช่าง|แพทย์|ทหาร|ตรวจ(?=$|\s)))"
)
_NAME = re.compile(
    rf"{_TITLE}\s?(?P<first>[ก-ฮเ-ไ][ก-๎]+)(?:[ ]{{1,3}}(?P<last>[ก-ฮเ-ไ][ก-๎]+))?(?P<of>\s+ณ\s+(?:อยุธยา|เชียงใหม่|นคร|ลำพูน|ลำปาง|สงขลา|ระนอง|พัทลุง|ถลาง|บางช้าง|ตะกั่วทุ่ง|น่าน|มหาสารคาม|ร้อยเอ็ด|อุบล)(?![ก-๎]))?"
)
_PLACE_BEFORE = re.compile(r"(?:อำเภอ|ตำบล|อ\.|ต\.|บ้าน|วัด|เขา|คลอง|ห้วย|หนอง|เกาะ|พระ)$")
_NO_SURNAME = re.compile(
    r"^(?:พัฒนาการ|นักวิชาการ|เจ้าพนักงาน|ผู้|ประธาน|เป็น|กล่าว|นายอำเภอ|กำนัน|ตำแหน่ง|พร้อม|และ|โดย|ได้|มอบ|เจ้าของ|หัวหน้า|ปลัด|อธิบดี|รองอธิบดี|หมู่|อายุ|บ้านเลขที่|ณ$|รองผู้ว่า)"
)
_GAP = re.compile(r"[ )\n]*(?:ตำแหน่ง\s*)?(?:เป็น\s?)?")
_LONG_NAME = 14


@dataclass(slots=True)
class _Mention:
    span: Span
    title: str
    name: str
    position: Post | None = None
    acting_for: Post | None = None


@dataclass(slots=True)
class _Person:
    mentions: list[_Mention] = field(default_factory=list)


def people_in(text: str, gazetteer: Gazetteer) -> tuple[PersonNamed, ...]:
    """Every person named with a title, once, with all mentions; the post nearest to the name.

    Source: docs requirements A1, A13, A86, A89, A90, B5; domain 1.5.
    """
    mentions = _mentions(text)
    posts = posts_in(text, gazetteer)
    taken: list[Span] = []
    for position, mention in enumerate(mentions):
        limit = mentions[position + 1].span.start if position + 1 < len(mentions) else len(text)
        _post_behind(text, mention, limit, gazetteer, taken)
    for mention in mentions:
        if mention.position is None:
            _post_before(text, mention, posts, taken)
    by_name: dict[str, _Person] = {}
    for mention in mentions:
        by_name.setdefault(_key(mention.name), _Person()).mentions.append(mention)
    return tuple(_proposal(person) for person in by_name.values())


def _key(name: str) -> str:
    return re.sub(r"\s+", " ", name)


def _mentions(text: str) -> list[_Mention]:
    found: list[_Mention] = []
    place = 0
    while match := _NAME.search(text, place):
        place = match.start("first")
        if _PLACE_BEFORE.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        end = _end_of_name(match)
        if end is None:
            continue
        name = re.sub(r"\s+", " ", text[match.start("first") : end])
        found.append(_Mention(Span(match.start(), end), match["title"].strip(), name))
        place = end
    return found


def _end_of_name(match: re.Match[str]) -> int | None:
    first, last = match["first"], match["last"]
    cut = CUT.search(first, 2)
    if cut:
        return None if last is None and cut.start() < 2 else match.start("first") + cut.start()
    if last is None or _NO_SURNAME.match(last):
        # A single name is a name only where a post or a verb stands behind it.
        return match.end("first") if last is not None and len(first) <= 20 else None
    cut = CUT.search(last, 2)
    if cut:
        return match.start("last") + cut.start()
    return match.end("of") if match["of"] else match.end("last")


def _post_behind(
    text: str, mention: _Mention, limit: int, gazetteer: Gazetteer, taken: list[Span]
) -> None:
    gap = _GAP.match(text, mention.span.end)
    start = gap.end() if gap else mention.span.end
    if start >= limit:
        return
    post = post_at(text, start, gazetteer)
    if post is None:
        acting = acting_at(text, start, gazetteer)
        if acting:
            mention.acting_for = acting[0]
            taken.append(acting[0].span)
        return
    committee = committee_end(text, start)
    if committee > start and committee >= post.span.end:
        return
    mention.position = post
    taken.append(post.span)
    acting = acting_at(text, post.span.end, gazetteer)
    if acting and acting[0].span.start < limit:
        mention.acting_for = acting[0]
        taken.append(acting[0].span)


def _post_before(text: str, mention: _Mention, posts: Sequence[Post], taken: list[Span]) -> None:
    for post in posts:
        if post.span.end > mention.span.start:
            return
        gap = text[post.span.end : mention.span.start]
        if re.fullmatch(r"\s{0,2}(?:คือ\s?)?", gap) and "\n" not in gap and not is_generic(post):
            if any(post.span.overlaps(other) for other in taken):
                return
            mention.position = post
            taken.append(post.span)
            return


def _proposal(person: _Person) -> PersonNamed:
    first = person.mentions[0]
    posts = [each.position for each in person.mentions if each.position]
    # The fullest writing of the post says most; the first of equals.
    post = max(posts, key=lambda each: len(each.text), default=None)
    acting = next((each.acting_for for each in person.mentions if each.acting_for), None)
    office = post.office if post else None
    return PersonNamed(
        span=first.span,
        rule="person.title-name-post" if post else "person.title-name",
        title=first.title,
        name=first.name,
        position=Words(post.text, post.span) if post else None,
        office=Words(post.text[office.start - post.span.start :].strip(), office)
        if post and office
        else None,
        acting_for=Words(acting.text, acting.span) if acting else None,
        mentions=tuple(each.span for each in person.mentions),
    )


def aliases_of(people: Sequence[PersonNamed]) -> tuple[AliasProposed, ...]:
    """Pairs of different spellings that share a key, or are a sign or two apart in a long name.

    Source: docs requirements A94, E3 (ปินตาเป๊ก / ปินตาเป็ก; ชุมภูคำ / ชมภูคำ).
    """
    found: list[AliasProposed] = []
    keys = [fold_person(person.name) for person in people]
    for position, one in enumerate(people):
        for further, other in enumerate(people[position + 1 :], start=position + 1):
            same = keys[position] == keys[further]
            if one.name == other.name or not (same or _are_near(one.name, other.name)):
                continue
            found.append(
                AliasProposed(
                    span=other.span,
                    rule="alias.spelling",
                    spellings=(Words(one.name, one.span), Words(other.name, other.span)),
                )
            )
    return tuple(found)


def _are_near(one: str, other: str) -> bool:
    bound = 1 if min(len(one), len(other)) < _LONG_NAME else 2
    if abs(len(one) - len(other)) > bound:
        return False
    # Two mistakes leave the beginning or the end whole; this is much cheaper than the distance.
    if one[:3] != other[:3] and one[-3:] != other[-3:]:
        return False
    return spelling_distance(one, other, bound=bound) <= bound


_BODIES = re.compile(
    r"(?:บุคลากร|ข้าราชการ)กรมการพัฒนาชุมชน|บุคลากร(?:ทุกคน|ในสังกัด)|หัวหน้าส่วนราชการ|ผู้นำ(?:ชุมชน|ท้องที่|ท้องถิ่น|สตรี|กลุ่มองค์กร)|กลุ่มเป้าหมาย|เครือข่ายอื่น\s?ๆ"
    r"|คณะกรรมการ(?:[ก-๎]+)|คณะทำงาน(?:[ก-๎]+)?"
)


def posts_without_names(
    text: str, people: Sequence[PersonNamed], gazetteer: Gazetteer
) -> tuple[PostNamed, ...]:
    """Posts and bodies named as an audience, not as a person's post; each wording once.

    Source: docs requirements A14–A17, A91, B6–B9.
    """
    taken = [
        words.span for person in people for words in (person.position, person.acting_for) if words
    ]
    taken += [span for person in people for span in person.mentions]
    held = {person.position.text.strip() for person in people if person.position}
    found: dict[str, PostNamed] = {}
    for post in posts_in(text, gazetteer):
        if post.text.strip() in held:
            continue
        if not is_generic(post) and not any(post.span.overlaps(span) for span in taken):
            name = post.text.strip()
            found.setdefault(name, PostNamed(span=post.span, rule="post.named", name=name))
    for match in _BODIES.finditer(text):
        span = Span(match.start(), match.end())
        cut = CUT.search(match[0], 4)
        if cut:
            span = Span(span.start, span.start + cut.start())
        if not any(span.overlaps(other) for other in taken):
            name = text[span.start : span.end]
            found.setdefault(name, PostNamed(span=span, rule="post.body", name=name))
    return tuple(sorted(found.values(), key=lambda each: each.span))
