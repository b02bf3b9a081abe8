"""What every endpoint has in common: how a question is put, and what a refusal looks like."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

BasisName = Literal["approved", "all"]
Year = Annotated[int, Field(ge=2443, le=2644, description="Buddhist fiscal year")]
DatabaseId = Annotated[int, Field(ge=1, le=2**63 - 1)]
FORBID = ConfigDict(extra="forbid")


class Problem(Schema):
    """What every refusal looks like."""

    detail: str


class NothingAsked(Schema):
    """No questions may be asked; unknown ones are refused."""

    model_config = FORBID


class StarsAsked(Schema):
    model_config = FORBID
    year: Year
    framework: str | None = Field(None, description="code; without it, the one pages open with")
    round: str | None = Field(None, description="code; without it, the last with results")
    basis: BasisName = "approved"
    known_at: AwareDatetime | None = Field(None, description="as it was known at that moment")
