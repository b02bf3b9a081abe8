"""``tiddao import_shapes FILE --level province|district``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tiddao.ledger.actors import SYSTEM
from tiddao.places.actions.shapes import import_shapes
from tiddao.places.models import Level
from tiddao.places.rules.outline_file import OutlineFileError


class Command(BaseCommand):
    help = "Take in outlines of provinces or districts from a GeoJSON or TopoJSON file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--level", required=True, choices=[Level.PROVINCE, Level.DISTRICT])
        parser.add_argument(
            "--source", default="", help="who made the outlines; default: file name"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be written")
        parser.add_argument("--skip-unmatched", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            report = import_shapes(
                file.read_bytes(),
                level=Level(options["level"]),
                source=options["source"] or file.name,
                at=timezone.now(),
                by=SYSTEM,
                dry_run=options["dry_run"],
                skip_unmatched=options["skip_unmatched"],
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except OutlineFileError as error:
            raise CommandError(f"{file.name}: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=1))
        else:
            self._tell(asdict(report))
        if report.unmatched and not (report.written or options["dry_run"]):
            raise CommandError(
                f"{len(report.unmatched)} features match no {report.level}; nothing was written. "
                "Correct the file, or leave them out with --skip-unmatched."
            )

    def _tell(self, report: dict[str, Any]) -> None:
        self.stdout.write(
            f"{report['features']:,} features, {report['places_matched']:,} of "
            f"{report['places']:,} places, {report['path_bytes']:,} bytes of outlines"
        )
        for title in ("doubtful", "unmatched"):
            for row in report[title]:
                place = f" → {row['place']}" if row.get("place") else ""
                self.stdout.write(
                    f"  {title}: feature {row['number']} {row['written']}{place} ({row['doubt']})"
                )
        for name in report["without_outline"]:
            self.stdout.write(f"  without outline: {name}")
        self.stdout.write("Written." if report["written"] else "Nothing was written.")
