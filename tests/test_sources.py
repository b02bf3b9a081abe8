"""Every rule says where it comes from: a Source line on each public function of the pure floors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "tiddao"
MODULES = sorted({*PACKAGE.glob("*/rules/**/*.py"), *PACKAGE.glob("kernel/**/*.py")})

Function = ast.FunctionDef | ast.AsyncFunctionDef


def public_functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Functions of the module itself that do not begin with an underscore."""
    for node in tree.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node.name, node


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_public_function_names_its_source(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [
        name
        for name, function in public_functions(tree)
        if "Source:" not in (ast.get_docstring(function) or "")
    ]
    assert silent == []


def test_pure_modules_are_found() -> None:
    found = {str(path.relative_to(PACKAGE)) for path in MODULES}
    assert {"kernel/fiscal.py", "indicators/rules/scoring.py"} <= found
