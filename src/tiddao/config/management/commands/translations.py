"""``tiddao translations``: check and compile the message catalogues without GNU gettext."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

_THAI = Path("locale", "th", "LC_MESSAGES", "django.po")
AREAS = Path(__file__).resolve().parents[3]
WITH_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext"}
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}


class Command(BaseCommand):
    help = "Check that every text on screen has its Thai words, and compile the catalogues."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--compile", action="store_true", help="compile only, without checks")

    def handle(self, *args: Any, **options: Any) -> None:
        for catalogue in sorted(AREAS.glob("*/locale/*/LC_MESSAGES/django.po")):
            compile_catalogue(catalogue)
        if options["compile"]:
            return
        problems = [problem for area in _areas() for problem in problems_of(area)]
        problems += meant_twice(_areas())
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} texts without right Thai words")
        self.stdout.write("every text has its Thai words")


def _areas() -> list[Path]:
    return sorted(path for path in AREAS.iterdir() if (path / "__init__.py").exists())


def compile_catalogue(catalogue: Path) -> None:
    """Write the .mo beside its .po unless it is newer; this process speaks its words from then on."""
    compiled = catalogue.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns > catalogue.stat().st_mtime_ns:
        return
    with catalogue.open("rb") as source:
        messages = read_po(source, locale=catalogue.parts[-3], abort_invalid=True)
    made = compiled.with_suffix(".mo.new")
    with made.open("wb") as target:
        write_mo(target, messages)
    made.replace(compiled)
    translation_file_changed(None, compiled)


def texts_of(area: Path) -> dict[tuple[str | None, str], str]:
    """Return every (context, msgid) an area's code and templates use, with the place it stands."""
    texts: dict[tuple[str | None, str], str] = {}
    for path in sorted(
        [*area.rglob("*.py"), *area.rglob("templates/**/*.html"), *area.rglob("templates/**/*.txt")]
    ):
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Django blanks what is no translation, but keeps indents that Python would refuse.
            blanked = str(templatize(source, origin=str(path)))
            source = "\n".join(line.lstrip() for line in blanked.splitlines())
        for line, function, messages, _comments in extract_python(
            BytesIO(source.encode()), dict.fromkeys(PLAIN | WITH_CONTEXT), [], {"encoding": "utf-8"}
        ):
            found: object = messages  # Babel's stubs say list; one argument comes as text
            several = found if isinstance(found, (list, tuple)) else [found]
            parts = [str(part) for part in several if part]
            if not parts:
                continue
            context = parts.pop(0) if function in WITH_CONTEXT else None
            if parts:
                texts.setdefault((context, parts[0]), f"{path.relative_to(AREAS)}:{line}")
    return texts


def problems_of(area: Path) -> list[str]:
    """Return in words what an area's Thai catalogue lacks, has in doubt, or has too much."""
    wanted = texts_of(area)
    path = area / _THAI
    catalogue = catalogue_of(area)
    problems = []
    for (context, text), where in wanted.items():
        message = catalogue.get(text, context)
        words = message.string if message else ""
        if not words or (isinstance(words, tuple) and not all(words)):
            problems.append(f"{where}: no Thai for {text!r}")
        elif message and message.fuzzy:
            problems.append(f"{where}: Thai in doubt (fuzzy) for {text!r}")
    for message in catalogue:
        key = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        if key and (message.context, key) not in wanted:
            problems.append(f"{path.relative_to(AREAS)}: not used any more: {key!r}")
    return problems


def catalogue_of(area: Path) -> Catalog:
    """Return the area's Thai catalogue, empty where it has none."""
    path = area / _THAI
    if not path.exists():
        return Catalog(locale="th")
    with path.open("rb") as source:
        return read_po(source, locale="th", abort_invalid=True)


def meant_twice(areas: Iterable[Path]) -> list[str]:
    """Return in words what two areas say differently for one English text.

    Django merges the areas' catalogues by the English text, so one of them would speak for both.
    """
    said: dict[tuple[str | None, object], dict[object, str]] = defaultdict(dict)
    for area in areas:
        for message in catalogue_of(area):
            if message.id:
                key = message.id if isinstance(message.id, str) else tuple(message.id)
                words = message.string
                thai = words if isinstance(words, str) else tuple(words or ())
                said[message.context, key].setdefault(thai, area.name)
    return [
        f"{', '.join(words.values())}: different Thai for {key!r}: {', '.join(map(str, words))}"
        for (_context, key), words in said.items()
        if len(words) > 1
    ]
