"""How well documents are read: `python -m tests.policy.measuring [--missed]` (`make reading`).

Precision and recall per field on the project's own texts, those the rules were written with and
those held back, apart; then the seeds, row by row of docs/requirements.md, when ../shared is there.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.policy.gold import DEV, HELD, GoldText, gold_texts, places
from tests.policy.seed_rows import SEEDS, check_rows
from tiddao.kernel.digits import to_arabic
from tiddao.policy.rules.intake import pasted
from tiddao.policy.rules.proposals import (
    AgendaPart,
    CountCheck,
    DayNamed,
    Dimension,
    Directive,
    Figure,
    GroupNamed,
    HeadLine,
    Issue,
    KindOfDocument,
    Oddity,
    Organiser,
    PersonNamed,
    PlaceNamed,
    ProgrammeNamed,
    TimeNamed,
    Title,
    Venue,
)
from tiddao.policy.rules.reader import Reading, read_document

CHARACTERS_OF_A_PAGE = 2_000
# Told of every text, but not annotated: no contradiction, only a note.
UNCOUNTED_ODDITIES = {"page-residue", "older-title", "spelling", "unclosed-quote"}


@dataclass
class Score:
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        said = self.right + len(self.wrong)
        return self.right / said if said else None

    @property
    def recall(self) -> float | None:
        there = self.right + len(self.missed)
        return self.right / there if there else None


def squeezed(text: str) -> str:
    return "".join(to_arabic(text).split())


def measured(texts: Iterable[GoldText]) -> dict[str, Score]:
    scores: dict[str, Score] = defaultdict(Score)
    for each in texts:
        reading = read_document(pasted(each.text), places())
        for name, wanted, said in compared(each, reading):
            score = scores[name]
            left = Counter(said)
            for item in wanted:
                if left[item]:
                    left[item] -= 1
                    score.right += 1
                else:
                    score.missed.append(f"{each.name}: {item}")
            score.wrong.extend(f"{each.name}: {item}" for item in left.elements())
    return scores


def compared(each: GoldText, reading: Reading) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """(field, what is there, what was said), both in one shape; fields not annotated are left out."""
    gold = each.gold
    of = reading.of
    yield (
        "kind",
        [gold["kind"]],
        [p.document_kind for p in of("document-kind") if isinstance(p, KindOfDocument)],
    )
    if "title" in gold:
        yield (
            "title",
            [squeezed(gold["title"])],
            [squeezed(p.text) for p in of("title") if isinstance(p, Title)],
        )
    if "number" in gold:
        numbers = [
            squeezed(p.text)
            for p in of("head-line")
            if isinstance(p, HeadLine) and p.part == "number"
        ]
        yield "number of the paper", [squeezed(gold["number"])], numbers
    days = {
        d.isoformat() for p in of("date") if isinstance(p, DayNamed) for d in (p.first, p.last) if d
    }
    yield "dates", sorted(set(gold["dates"])), sorted(days)
    if "times" in gold:
        times = {
            f"{p.start:%H:%M}" + (f"-{p.end:%H:%M}" if p.end else "")
            for p in of("time")
            if isinstance(p, TimeNamed)
        }
        yield "times", sorted(set(gold["times"])), sorted(times)
    if "agenda" in gold:
        said = [p.formats for p in of("agenda-part") if isinstance(p, AgendaPart)]
        wanted = gold["agenda"]
        yield (
            "agenda parts with format",
            wanted,
            [
                want if want in formats else formats[0]
                for want, formats in zip(wanted, said, strict=False)
            ]
            + [formats[0] for formats in said[len(wanted) :]],
        )
    if "venue" in gold:
        name, code = gold["venue"]
        first = next((p for p in of("venue") if isinstance(p, Venue)), None)
        # The floor and building that stand behind a room's name belong to it as well.
        said_venue = squeezed(first.name) if first else ""
        whole = said_venue.startswith(squeezed(name))
        yield "venue", [squeezed(name)], [squeezed(name) if whole else said_venue] if first else []
        yield "venue's place", [code], [first.code] if first and first.code else []
    if "organiser" in gold:
        yield (
            "organiser",
            [squeezed(gold["organiser"])],
            [squeezed(p.name) for p in of("organiser") if isinstance(p, Organiser)][:1],
        )
    people = {p.name: p for p in of("person") if isinstance(p, PersonNamed)}
    aliases = {other for p in of("alias") for other in [p.spellings[1].text]}  # type: ignore[attr-defined]  # AliasProposed
    yield "people", sorted(name for name, _ in gold["people"]), sorted(set(people) - aliases)
    posts = [(name, post) for name, post in gold["people"] if name in people]
    yield (
        "their posts",
        [post for _, post in posts if post],
        [people[name].position.text.strip() for name, _ in posts if people[name].position],  # type: ignore[union-attr]  # asked for
    )
    if "places" in gold:
        codes = {p.code for p in of("place") if isinstance(p, PlaceNamed) and p.code}
        yield "places (codes)", sorted(set(gold["places"])), sorted(codes)
    if "groups" in gold:
        yield (
            "groups of places",
            sorted(gold["groups"]),
            sorted({p.key for p in of("group") if isinstance(p, GroupNamed) and p.key}),
        )
    if "counts" in gold:
        counts = {
            (f"{p.stated} {p.unit}", p.verdict)
            for p in of("count-check")
            if isinstance(p, CountCheck)
        }
        yield "counts checked", sorted((a, b) for a, b in gold["counts"]), sorted(counts)
    if "dimensions" in gold:
        said_dimensions = [
            (str(p.number), p.name) for p in of("dimension") if isinstance(p, Dimension)
        ]
        yield "dimensions", [(n, name) for n, name in gold["dimensions"]], said_dimensions
    if "issues" in gold:
        issues = [
            (p.number, squeezed(p.heading))
            for p in of("issue")
            if isinstance(p, Issue) and p.number
        ]
        yield (
            "numbered issues",
            *_by_beginning([(n, squeezed(h)) for n, h in gold["issues"]], issues),
        )
    if "directives" in gold:
        yield from _directives(
            gold["directives"], [p for p in of("directive") if isinstance(p, Directive)], reading
        )
    if "figures" in gold:
        figures = [
            (format(p.value.normalize(), "f"), p.unit.text if p.unit else "")
            for p in of("figure")
            if isinstance(p, Figure)
        ]
        wanted_figures = [
            (format(Decimal(value).normalize(), "f"), unit) for value, unit in gold["figures"]
        ]
        yield "figures with unit", wanted_figures, figures
    if "programmes" in gold:
        programmes = {
            p.known_as or p.name
            for p in of("programme")
            if isinstance(p, ProgrammeNamed) and p.sort in {"programme", "model"}
        }
        yield "programmes", sorted(gold["programmes"]), sorted(programmes)
    if "oddities" in gold:
        codes_said = {p.code for p in of("oddity") if isinstance(p, Oddity)} - UNCOUNTED_ODDITIES
        yield "oddities", sorted(gold["oddities"]), sorted(codes_said)


def _by_beginning(
    wanted: list[tuple[str, str]], said: list[tuple[str, str]]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What was said in the words of what is wanted, where number and beginning agree."""
    left = list(wanted)
    renamed = []
    for number, heading in said:
        match = next(
            (each for each in left if each[0] == number and heading.startswith(each[1][:24])), None
        )
        if match:
            left.remove(match)
        renamed.append(match or (number, heading[:40]))
    return wanted, renamed


def _directives(
    wanted: list[list[str]], said: list[Directive], reading: Reading
) -> Iterator[tuple[str, list[Any], list[Any]]]:
    left = list(said)
    pairs: list[tuple[list[str], Directive]] = []
    for each in wanted:
        found = next(
            (p for p in left if squeezed(each[0]) in squeezed(reading.quote(p.span))), None
        )
        if found:
            left.remove(found)
            pairs.append((each, found))
    yield (
        "directives",
        [each[0] for each in wanted],
        [each[0] for each, _ in pairs] + [reading.quote(p.span)[:60] for p in left],
    )
    yield (
        "their deadlines",
        [each[1] for each, _ in pairs if each[1]],
        [p.due.isoformat() for _, p in pairs if p.due],
    )
    yield (
        "who must act",
        [squeezed(each[2]) for each, _ in pairs if each[2]],
        [squeezed(p.who.text) for _, p in pairs if p.who],
    )


def _percent(share: float | None) -> str:
    return "     –" if share is None else f"{share:6.1%}"


def tell(heading: str, scores: dict[str, Score], *, missed: bool) -> None:
    print(f"\n{heading}")
    print(f"  {'field':26} {'there':>6} {'said':>6} {'right':>6} {'precision':>10} {'recall':>8}")
    for name, score in scores.items():
        there, said = score.right + len(score.missed), score.right + len(score.wrong)
        print(
            f"  {name:26} {there:6} {said:6} {score.right:6} {_percent(score.precision):>10} {_percent(score.recall):>8}"
        )
    whole = Score(
        sum(s.right for s in scores.values()),
        [m for s in scores.values() for m in s.missed],
        [w for s in scores.values() for w in s.wrong],
    )
    print(
        f"  {'all':26} {whole.right + len(whole.missed):6} {whole.right + len(whole.wrong):6} {whole.right:6} {_percent(whole.precision):>10} {_percent(whole.recall):>8}"
    )
    if missed:
        for name, score in scores.items():
            for each in score.missed:
                print(f"    missed {name}: {each}")
            for each in score.wrong:
                print(f"    wrong  {name}: {each}")


def tell_speed(texts: list[GoldText]) -> None:
    long_text = "\n\n".join(each.text for each in texts)
    while len(long_text) < 20 * CHARACTERS_OF_A_PAGE:
        long_text += "\n\n" + long_text
    long_text = long_text[: 20 * CHARACTERS_OF_A_PAGE]
    begun = time.perf_counter()
    read_document(pasted(long_text), places())
    print(f"\n20 pages ({len(long_text):,} characters) read in {time.perf_counter() - begun:.2f} s")


def main() -> None:
    missed = "--missed" in sys.argv
    dev, held = list(gold_texts(DEV)), list(gold_texts(HELD))
    tell(f"Texts the rules were written with ({len(dev)})", measured(dev), missed=missed)
    tell(
        f"Texts held back from the rules ({len(held)})",
        measured(held),
        missed=missed and "--held" in sys.argv,
    )
    tell_speed(dev + held)
    shared = Path(__file__).resolve().parents[3] / "shared" / "seeds"
    if not all((shared / name).is_file() for name in SEEDS.values()):
        print("\nThe seeds are not on this machine (../shared/seeds).")
        return
    print("\nThe seeds, row by row of docs/requirements.md")
    tally: Counter[str] = Counter()
    for row in check_rows(shared):
        tally[row.verdict] += 1
        print(f"  {row.row:6} {row.verdict:7} {row.what:52} {row.found}")
    print("  " + ", ".join(f"{verdict}: {count}" for verdict, count in sorted(tally.items())))


if __name__ == "__main__":
    main()
