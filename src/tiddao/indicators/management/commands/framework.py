"""``tiddao framework list | export | import | diff``: definitions as files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from tiddao.indicators.actions.frameworks import (
    DraftExists,
    import_definition,
    publish_version,
)
from tiddao.indicators.management.asked import AskingCommand
from tiddao.indicators.queries.frameworks import find_version, framework_detail, framework_rows
from tiddao.indicators.rules.definitions import FrameworkDefinition
from tiddao.indicators.rules.toml_files import DefinitionRefused, diff, read_toml
from tiddao.ledger.actors import SYSTEM
from tiddao.places.models import NATION, Office


class Command(AskingCommand):
    help = "List, export, import and compare frameworks; a file that is refused says why, by key."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        listed = acts.add_parser("list", help="all frameworks, the newest year first")
        listed.add_argument("--json", action="store_true")
        out = acts.add_parser("export", help="write a definition to standard output or a file")
        out.add_argument("code")
        out.add_argument("year")
        out.add_argument("--number", type=int, help="version; without it, the newest published")
        out.add_argument("--to", type=Path)
        taken = acts.add_parser("import", help="take a file in as a draft")
        taken.add_argument("file", type=Path)
        taken.add_argument("--publish", action="store_true", help="and freeze it")
        taken.add_argument("--dry-run", action="store_true", help="check the file, write nothing")
        compared = acts.add_parser("diff", help="what differs between two files")
        compared.add_argument("before", type=Path)
        compared.add_argument("after", type=Path)
        compared.add_argument("--json", action="store_true")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        acts = {
            "list": self._list,
            "export": self._export,
            "import": self._import,
            "diff": self._diff,
        }
        acts[act](options)

    def _list(self, options: dict[str, Any]) -> None:
        rows = framework_rows([NATION])
        if options["json"]:
            self.print_json([asdict(row) for row in rows])
            return
        for row in rows:
            published = f"v{row.published}" if row.published else "–"
            draft = _("draft v%(number)d") % {"number": row.draft} if row.draft else ""
            line = f"{row.fiscal_year}  {row.code}  {published}  {row.owner_code}  {row.title}  {draft}"
            self.stdout.write(line.rstrip())

    def _export(self, options: dict[str, Any]) -> None:
        year = self.year(options["year"])
        detail = framework_detail(options["code"], year, number=options["number"])
        if detail is None:
            named = {"code": options["code"], "year": year}
            self.refuse(_("There is no such version of “%(code)s” in %(year)d.") % named)
        if options["to"] is None:
            self.stdout.write(detail.toml, ending="")
        else:
            options["to"].write_text(detail.toml, encoding="utf-8")

    def _import(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        definition = self._read(path)
        if options["dry_run"]:
            count = len(definition.indicators)
            self.stdout.write(_("The file is in order: %(count)d indicators.") % {"count": count})
            return
        try:
            version = import_definition(
                path.read_text(encoding="utf-8"), file=path.name, by=SYSTEM, at=timezone.now()
            )
            held = find_version(version.pk)
            assert held is not None  # it has just been written
            if options["publish"] and held.state == "draft":
                version = publish_version(held, by=SYSTEM, at=timezone.now())
        except DefinitionRefused as refused:
            self.refuse(str(refused))
        except DraftExists as exists:
            number = {"number": exists.version.number}
            self.refuse(_("Version %(number)d is being drafted; publish it first.") % number)
        except Office.DoesNotExist:
            self.refuse(_("There is no office “%(code)s”.") % {"code": definition.owner})
        self.stdout.write(
            f"{definition.code} {definition.fiscal_year} v{version.number} {version.state}"
        )

    def _diff(self, options: dict[str, Any]) -> None:
        changes = diff(self._read(options["before"]), self._read(options["after"]))
        if options["json"]:
            self.print_json([asdict(each) for each in changes])
            return
        for each in changes:
            self.stdout.write(f"{each.path}: {each.before or '–'} → {each.after or '–'}")

    def _read(self, path: Path) -> FrameworkDefinition:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            self.refuse(_("The file %(path)s cannot be read.") % {"path": path})
        try:
            return read_toml(text, file=path.name)
        except DefinitionRefused as refused:
            self.refuse(str(refused))
