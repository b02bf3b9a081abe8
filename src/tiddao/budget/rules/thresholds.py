"""When a share is green or yellow, and when data must be checked first: read from a definition."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal

_POINTS = ("green_from", "yellow_from")
_KEYS = {*_POINTS, "check_from", "proposed", "source"}


class ThresholdsRefused(ValueError):
    """The file does not hold thresholds. faults: each with its file, key and reason, in Thai."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a share is green or still yellow, in points from the expected share (0 or below).

    check_from: of a unit of several offices, the per cent of them with open findings from which its
    figures are shown as to be checked. proposed: nobody has published these bounds.
    """

    green_from: Decimal
    yellow_from: Decimal
    check_from: Decimal = Decimal(0)
    proposed: bool = True
    source: str = ""

    def __post_init__(self) -> None:
        if self.yellow_from > self.green_from:
            raise ValueError("yellow begins below green")

    def is_doubtful(self, *, offices: int, with_issues: int) -> bool:
        """Whether open findings make a unit's figures ones to check before anyone is judged.

        offices: those that keep the unit's money; with_issues: of them, with findings that left
        money out of the sums.

        Source: docs domain 3.4 (purple, ข้อมูลควรตรวจสอบ); the share of offices is proposed.
        """
        return with_issues > 0 and Decimal(with_issues * 100) >= self.check_from * offices


def read_thresholds(text: str, *, file: str) -> Thresholds:
    """The thresholds of a TOML file. Raises ThresholdsRefused with all that is wrong.

    Source: issue "งบ", Reckoning (thresholds as data).
    """
    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise ThresholdsRefused((f"{file}: อ่านเป็น TOML ไม่ได้: {fault}",)) from fault
    faults = [f"{file}: {key}: ไม่รู้จักหัวข้อนี้" for key in sorted(found.keys() - _KEYS)]
    faults += [f"{file}: {key}: ต้องมี" for key in sorted(_KEYS - found.keys())]
    for key in _POINTS:
        value = found.get(key, 0)
        if type(value) not in {int, Decimal} or not -100 <= value <= 0:
            faults.append(f"{file}: {key}: {value} ไม่ใช่จำนวนจุดระหว่าง -100 ถึง 0")
    share = found.get("check_from", 0)
    if type(share) not in {int, Decimal} or not 0 <= share <= 100:
        faults.append(f"{file}: check_from: {share} ไม่ใช่ร้อยละ 0–100")
    if type(found.get("proposed", True)) is not bool:
        faults.append(f"{file}: proposed: ต้องเป็น true หรือ false")
    if not isinstance(found.get("source", ""), str):
        faults.append(f"{file}: source: ต้องเป็นข้อความ")
    if not faults and found["yellow_from"] > found["green_from"]:
        faults.append(f"{file}: yellow_from: ต้องไม่สูงกว่า green_from")
    if faults:
        raise ThresholdsRefused(tuple(faults))
    return Thresholds(
        green_from=Decimal(found["green_from"]),
        yellow_from=Decimal(found["yellow_from"]),
        check_from=Decimal(share),
        proposed=found["proposed"],
        source=found["source"],
    )
