"""A digest of some figures of the demonstration; run by itself, in a process without Django."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from tiddao.config.demonstration.districts import ROUNDS
from tiddao.config.demonstration.figures import figures_of
from tiddao.indicators.rules.toml_files import read_toml


def figures_digest(file: Path) -> str:
    """SHA-256 over everything three districts report in four rounds."""
    definition = read_toml(file.read_text(encoding="utf-8"), file=file.name)
    said = [
        [
            code,
            at,
            name,
            *(str(each) for each in (report.numerator, report.denominator, report.self_score)),
            sorted(report.steps or ()),
        ]
        for code in ("5712", "5001", "9613")
        for at in ROUNDS
        for name, report in figures_of(definition, code, 7, at).items()
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


if __name__ == "__main__":
    print(figures_digest(Path(sys.argv[1])))  # noqa: T201 -- read by the test that ran it
