"""A framework as one TOML file: how it travels between offices, is reviewed, compared, and frozen.

Layout: keys of the framework at the top, `[star_rules]`, `[[round]]`, `[[dimension]]` and
`[[dimension.indicator]]`. Every key is the name of a field in `definitions`. Numbers are exact:
what is written 93.28 is read as 93.28. A framework without the balance rule says
`balance_margin = "none"`, because TOML has no empty value.

Reading reports everything that is wrong at once, each with the file, the key
(`dimension[2].indicator[1.3].ladder`: codes in brackets, or #4 for the fourth where the code itself
is missing) and a reason in Thai. Checks of sense are the small
functions of `checks`; a finding carries the name of the one that made it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from tiddao.indicators.rules.checks import CHECKS, Draft, Entry, name_of
from tiddao.indicators.rules.definitions import (
    KINDS,
    LEVELS,
    ROLLUPS,
    SCHEMES,
    Breakpoints,
    DimensionDefinition,
    FrameworkDefinition,
    IndicatorDefinition,
    Ladder,
    LadderRefused,
    RoundDefinition,
    StarRules,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in a definition. check: stable name of the check; key: path in the file."""

    check: str
    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason} [{self.check}]"


class DefinitionRefused(ValueError):
    """The file is not a framework; findings say all that is wrong."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(each) for each in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two definitions, as TOML values; None: not there on that side."""

    path: str
    before: str | None
    after: str | None


# -- the kinds of value a key may hold ------------------------------------------------------------


class _Unfit(ValueError):  # a value that its key cannot hold; check names what it failed
    def __init__(self, reason: str, check: str = "wrong_type") -> None:
        super().__init__(reason)
        self.reason = reason
        self.check = check


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Unfit("ต้องเป็นข้อความในเครื่องหมายคำพูด")
    return value


def _name(value: object) -> str:
    text = _text(value)
    if not text.strip():
        raise _Unfit("ต้องไม่ว่าง", "blank")
    return text


_CODE = re.compile(r"[0-9A-Za-z]([0-9A-Za-z._-]*[0-9A-Za-z])?")


def _code(value: object) -> str:
    text = _text(value)
    if not _CODE.fullmatch(text):
        raise _Unfit(
            "รหัสใช้ได้เฉพาะ A–Z a–z 0–9 . _ - และต้องขึ้นต้นและลงท้ายด้วยตัวอักษรหรือเลข", "code_form"
        )
    return text


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _Unfit('ต้องเป็นรายการข้อความ ["…", "…"]')
    if not all(each.strip() for each in value):
        raise _Unfit("มีข้อความว่างในรายการ", "blank")
    return tuple(value)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _Unfit("ต้องเป็นตัวเลข (ไม่มีเครื่องหมายคำพูด)")
    number = Decimal(value)
    if not number.is_finite() or max(len(number.as_tuple().digits), abs(number.adjusted())) > 28:
        raise _Unfit("ต้องเป็นตัวเลขจริงไม่เกิน 28 หลัก", "not_a_number")
    return number


def _numbers(count: int) -> Callable[[object], tuple[Decimal, ...]]:
    def read(value: object) -> tuple[Decimal, ...]:
        if not isinstance(value, list):
            raise _Unfit(f"ต้องเป็นรายการตัวเลข {count} ค่า")
        if len(value) != count:
            raise _Unfit(f"ต้องมี {count} ค่า พบ {len(value)}", "wrong_length")
        return tuple(_number(each) for each in value)

    return read


def _ladder(value: object) -> Ladder:
    one, two, three, four, five = _numbers(5)(value)
    try:
        return Ladder((one, two, three, four, five))
    except LadderRefused as refused:
        raise _Unfit(str(refused), "ladder_runs_one_way") from refused


def _breakpoints(value: object) -> Breakpoints:
    basic, standard, advanced = _numbers(3)(value)
    try:
        return Breakpoints((basic, standard, advanced))
    except LadderRefused as refused:
        raise _Unfit(str(refused), "ladder_runs_one_way") from refused


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Unfit("ต้องเป็นจำนวนเต็ม")
    return value


def _yes_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Unfit("ต้องเป็น true หรือ false")
    return value


def _day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _Unfit("ต้องเป็นวันที่ ค.ศ. เช่น 2023-03-31 ไม่มีเครื่องหมายคำพูด")
    return value


def _margin(value: object) -> int | None:
    if value == "none":
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Unfit('ต้องเป็นจำนวนเต็ม หรือ "none" เมื่อไม่ใช้กฎความสมดุล')
    return value


def _one_of(choices: Sequence[str]) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = _text(value)
        if text not in choices:
            near = get_close_matches(text, choices, n=1)
            hint = f" หมายถึง {near[0]!r} หรือไม่" if near else ""
            raise _Unfit(f"{text!r} ไม่อยู่ใน {', '.join(choices)}{hint}", "unknown_choice")
        return text

    return read


# -- which keys there are -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shape:
    """What one kind of table becomes, its keys in file order, and the tables inside it."""

    made: type[Any]
    keys: Mapping[str, Callable[[object], Any]]
    tables: tuple[str, ...] = ()

    @property
    def defaults(self) -> dict[str, Any]:
        """Keys that may be left out, with what they then mean."""
        return {
            each.name: each.default
            for each in fields(self.made)
            if each.name in self.keys and each.default is not MISSING
        }


_FRAMEWORK = _Shape(
    FrameworkDefinition,
    {
        "code": _code,
        "title_th": _name,
        "title_en": _name,
        "owner": _code,
        "fiscal_year": _whole,
        "version": _whole,
        "assessed_level": _one_of(LEVELS),
        "scheme": _one_of(SCHEMES),
        "proposed": _yes_no,
        "based_on": _text,
        "notes": _text,
    },
    ("star_rules", "round", "dimension"),
)
_STAR_RULES = _Shape(
    StarRules,
    {
        "cutoffs": _numbers(4),
        "min_completeness": _number,
        "balance_margin": _margin,
        "penalty_per_missed_report": _number,
        "breakpoints": _numbers(3),
    },
)
_ROUND = _Shape(
    RoundDefinition,
    {
        "code": _code,
        "name_th": _name,
        "name_en": _name,
        "opens": _day,
        "closes": _day,
        "true_on": _day,
    },
)
_DIMENSION = _Shape(
    DimensionDefinition,
    {
        "code": _code,
        "name_th": _name,
        "name_en": _name,
        "weight": _number,
        "order": _whole,
        "outcome": _yes_no,
    },
    ("indicator",),
)
_INDICATOR = _Shape(
    IndicatorDefinition,
    {
        "code": _code,
        "name_th": _name,
        "name_en": _name,
        "kind": _one_of(KINDS),
        "link": _text,
        "otherwise": _one_of(KINDS),
        "unit_th": _name,
        "unit_en": _name,
        "weight": _number,
        "ladder": _ladder,
        "breakpoints": _breakpoints,
        "reports_at": _one_of(LEVELS),
        "rollup": _one_of(ROLLUPS),
        "factor": _number,
        "minimum": _number,
        "maximum": _number,
        "whole": _yes_no,
        "effort": _number,
        "numerator_th": _text,
        "denominator_th": _text,
        "base_th": _text,
        "steps_th": _texts,
        "evidence_th": _text,
        "owner_th": _text,
        "why_th": _text,
        "source_rows": _texts,
        "source_text": _text,
        "proposed": _yes_no,
    },
)


# -- reading --------------------------------------------------------------------------------------


def read_toml(text: str, *, file: str) -> FrameworkDefinition:
    """Return the framework written in a TOML text; file: its name, for the findings.

    Raises DefinitionRefused with every finding, not only the first; a syntax error, which hides
    the rest, comes alone and names its line.

    Source: product description, "Stars: the rules" (travels as one TOML file; unknown keys refused).
    """
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except ValueError as error:  # also a number too long for Python to read
        raise DefinitionRefused([_syntax_finding(error, text, file)]) from error
    reader = _Reader(file)
    draft = reader.draft(document)
    for check in CHECKS:
        for key, reason in check(draft):
            reader.report(name_of(check), key, reason)
    if reader.findings:
        raise DefinitionRefused(reader.findings)
    return _built(draft)


def _syntax_finding(error: ValueError, text: str, file: str) -> Finding:
    said = str(error)
    at = re.search(r"\(at line (\d+), column (\d+)\)", said)
    line = int(at[1]) if at else text.count("\n") + 1
    column = f" คอลัมน์ {at[2]}" if at else ""
    what = re.sub(r" \(at .*\)$", "", said)
    return Finding("syntax", file, f"line {line}", f"อ่านไฟล์ TOML ไม่ได้ที่บรรทัด {line}{column}: {what}")


class _Reader:
    """Reads tables and gathers what is wrong with their form."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def draft(self, document: dict[str, Any]) -> Draft:
        framework = self.entry(document, "", _FRAMEWORK)
        rules = document.get("star_rules", {})
        if not isinstance(rules, dict):
            self.report("wrong_type", "star_rules", "ต้องเป็นตาราง [star_rules]")
            rules = {}
        star_rules = self.entry(rules, "star_rules", _STAR_RULES)
        rounds = tuple(
            self.entry(table, path, _ROUND) for path, table in self.tables(document, "round", "")
        )
        dimensions = tuple(
            self.entry(
                table,
                path,
                _DIMENSION,
                inside=tuple(
                    self.entry(each, at, _INDICATOR)
                    for at, each in self.tables(table, "indicator", path)
                ),
            )
            for path, table in self.tables(document, "dimension", "")
        )
        return Draft(framework, star_rules, rounds, dimensions)

    def tables(
        self, table: dict[str, Any], name: str, path: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield path and table of each `[[name]]`: by code, or by number where it has none."""
        at = f"{path}.{name}" if path else name
        listed = table.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            self.report("wrong_type", at, f"ต้องเป็นรายการตาราง [[{name}]]")
            return
        for number, each in enumerate(listed, start=1):
            code = each.get("code")
            yield f"{at}[{code if isinstance(code, str) and code else f'#{number}'}]", each

    def entry(
        self, table: dict[str, Any], path: str, shape: _Shape, *, inside: tuple[Entry, ...] = ()
    ) -> Entry:
        """Read every key of one table; report what is unknown, missing, or of the wrong kind."""
        entry = Entry(path, shape.defaults, inside)
        for name, value in table.items():
            if name in shape.tables:
                continue
            if name not in shape.keys:
                near = get_close_matches(name, [*shape.keys, *shape.tables], n=1)
                hint = f" หมายถึง {near[0]!r} หรือไม่" if near else ""
                self.report("unknown_key", entry.key(name), f"ไม่รู้จักคีย์ {name!r}{hint}")
                continue
            try:
                entry.values[name] = shape.keys[name](value)
            except _Unfit as unfit:
                entry.values.pop(name, None)
                self.report(unfit.check, entry.key(name), unfit.reason)
        for name in shape.keys:
            if name not in table and name not in entry.values:
                self.report("missing_key", entry.key(name), "ต้องมีคีย์นี้")
        return entry

    def report(self, check: str, key: str, reason: str) -> None:
        self.findings.append(Finding(check, self.file, key, reason))


def _built(draft: Draft) -> FrameworkDefinition:
    dimensions = sorted(
        (
            DimensionDefinition(
                **dimension.values,
                indicators=tuple(IndicatorDefinition(**each.values) for each in dimension.inside),
            )
            for dimension in draft.dimensions
        ),
        key=lambda each: each.order,
    )
    return FrameworkDefinition(
        **draft.framework.values,
        star_rules=StarRules(**draft.star_rules.values),
        rounds=tuple(RoundDefinition(**each.values) for each in draft.rounds),
        dimensions=tuple(dimensions),
    )


# -- finding without a file --------------------------------------------------------------------------


def findings_in(definition: FrameworkDefinition, *, file: str = "") -> tuple[Finding, ...]:
    """Return all that `read_toml` would refuse in a definition made in memory, e.g. from a form.

    Source: product description, "Stars: the rules" (frameworks are edited in the web UI).
    """
    try:
        read_toml(write_toml(definition), file=file or definition.code)
    except DefinitionRefused as refused:
        return refused.findings
    return ()


def findings_before_publishing(
    definition: FrameworkDefinition, *, file: str = ""
) -> tuple[Finding, ...]:
    """Return what a draft may still lack but a published framework may not: something to score.

    Source: product description, "Stars: the rules" (draft → published, frozen).
    """
    file = file or definition.code
    findings = list(findings_in(definition, file=file))
    if not definition.dimensions:
        findings.append(Finding("no_dimension", file, "dimension", "ยังไม่มีมิติ"))
    if not definition.rounds:
        findings.append(Finding("no_round", file, "round", "ยังไม่มีรอบการประเมิน"))
    findings.extend(
        Finding("no_indicator", file, f"dimension[{each.code}]", "มิตินี้ยังไม่มีตัวชี้วัด")
        for each in definition.dimensions
        if not each.indicators
    )
    return tuple(findings)


# -- writing --------------------------------------------------------------------------------------


def write_toml(definition: FrameworkDefinition) -> str:
    """Return the framework as TOML text: same definition, same bytes; reads back equal.

    Keys stand in a fixed order; empty texts, empty lists and absent values are left out.

    Source: product description, "Stars: the rules" (export, import, diff).
    """
    blocks = [_block("", definition, _FRAMEWORK)]
    blocks.append(_block("[star_rules]", definition.star_rules, _STAR_RULES))
    blocks.extend(_block("[[round]]", each, _ROUND) for each in definition.rounds)
    for dimension in definition.dimensions:
        blocks.append(_block("[[dimension]]", dimension, _DIMENSION))
        blocks.extend(
            _block("[[dimension.indicator]]", each, _INDICATOR) for each in dimension.indicators
        )
    return "\n\n".join(blocks) + "\n"


def _block(header: str, thing: object, shape: _Shape) -> str:
    lines = [header] if header else []
    lines += [f"{name} = {literal}" for name, literal in _literals(thing, shape)]
    return "\n".join(lines)


def _literals(thing: object, shape: _Shape) -> Iterator[tuple[str, str]]:
    """Yield name and TOML value of every key that holds something."""
    for name in shape.keys:
        value = getattr(thing, name)
        if name == "balance_margin" and value is None:
            yield name, '"none"'
        elif value is not None and value not in ("", ()):
            yield name, _literal(value)


def _literal(value: object) -> str:
    literal: str
    match value:
        case bool():
            literal = "true" if value else "false"
        case int():
            literal = str(value)
        case Decimal():
            literal = f"{value:f}"
        case date():
            literal = value.isoformat()
        case str():
            literal = _quoted(value)
        case Ladder(levels=numbers) | Breakpoints(values=numbers):
            literal = _literal(numbers)
        case tuple() if any(isinstance(each, str) and len(each) > 20 for each in value):
            literal = "[\n" + "".join(f"  {_literal(each)},\n" for each in value) + "]"
        case tuple():
            literal = "[" + ", ".join(_literal(each) for each in value) + "]"
        case _:
            raise TypeError(f"no TOML for {value!r}")
    return literal


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _quoted(text: str) -> str:
    def escaped(letter: str) -> str:
        if letter in _ESCAPES:
            return _ESCAPES[letter]
        if letter < " " or letter == "\x7f":
            return f"\\u{ord(letter):04x}"
        return letter

    return '"' + "".join(escaped(each) for each in text) + '"'


# -- comparing ------------------------------------------------------------------------------------


def diff(before: FrameworkDefinition, after: FrameworkDefinition) -> tuple[Change, ...]:
    """Return what changed, key by key, in the order of the file; equal definitions give ().

    A dimension, indicator or round that came or went is one change, with its name as the value.
    One that moved to another dimension went there and came here.

    Source: product description, "Stars: the rules" (export, import, diff).
    """
    old, new = dict(_flat(before)), dict(_flat(after))
    changes: list[Change] = []
    whole: list[str] = []
    for path in [*new, *(path for path in old if path not in new)]:
        if path.startswith(tuple(f"{each}." for each in whole)):
            continue
        was, now = old.get(path), new.get(path)
        if was == now or (path.endswith("]") and was is not None and now is not None):
            continue
        if path.endswith("]"):
            whole.append(path)
        changes.append(Change(path, was, now))
    return tuple(changes)


def _flat(definition: FrameworkDefinition) -> Iterator[tuple[str, str]]:
    """Yield path and value of every key; a path ending in ] is a whole table, its value the name."""
    yield from _literals(definition, _FRAMEWORK)
    for name, literal in _literals(definition.star_rules, _STAR_RULES):
        yield f"star_rules.{name}", literal
    for each in definition.rounds:
        yield from _flat_table(f"round[{each.code}]", each, each.name_th, _ROUND)
    for dimension in definition.dimensions:
        path = f"dimension[{dimension.code}]"
        yield from _flat_table(path, dimension, dimension.name_th, _DIMENSION)
        for indicator in dimension.indicators:
            at = f"{path}.indicator[{indicator.code}]"
            yield from _flat_table(at, indicator, indicator.name_th, _INDICATOR)


def _flat_table(path: str, thing: object, name: str, shape: _Shape) -> Iterator[tuple[str, str]]:
    yield path, name
    for key, literal in _literals(thing, shape):
        yield f"{path}.{key}", literal
