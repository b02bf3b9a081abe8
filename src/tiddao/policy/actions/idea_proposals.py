"""What an office says to a proposal from an idea board: taken up, what it became, or declined and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.policy.actions.handing_down import NewDirective, Sender, hand_down
from tiddao.policy.models import Directive, IdeaProposal, ProposalAnswer
from tiddao.policy.rules.ideas import possible_answers

LONGEST_ANSWER = 1_000
"""Characters of an answer's words."""
_ACTS = {
    "taken_up": "take_up_proposal",
    "became": "settle_proposal",
    "declined": "decline_proposal",
}


class ProposalRefused(Exception):
    """It cannot be answered so. field: the form's field it is about, or "".

    code: not-possible, reason-missing, outcome-missing, outcome-unfit, words-too-long.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. outcome: "indicator" or "project", of one that became work; words: which one it
    became, the reason of a refusal, or a remark.
    """

    answer: str
    words: str = ""
    outcome: str = ""


@transaction.atomic
def answer_proposal(
    proposal_id: int, said: Said, *, office: str, by: Actor, at: datetime
) -> ProposalAnswer:
    """Say for an office what is done with a proposal.

    Raises ProposalRefused, IdeaProposal.DoesNotExist.
    """
    words = said.words.strip()
    if len(words) > LONGEST_ANSWER:
        raise ProposalRefused("words-too-long", "words")
    if said.answer == ProposalAnswer.Answer.DECLINED and not words:
        raise ProposalRefused("reason-missing", "words")
    if said.answer == ProposalAnswer.Answer.BECAME:
        # A directive is named by being handed down.
        if said.outcome not in (ProposalAnswer.Outcome.INDICATOR, ProposalAnswer.Outcome.PROJECT):
            raise ProposalRefused("outcome-unfit", "outcome")
        if not words:
            raise ProposalRefused("outcome-missing", "words")
    outcome = said.outcome if said.answer == ProposalAnswer.Answer.BECAME else ""
    proposal = _held(proposal_id)
    return _answer(proposal, Said(said.answer, words, outcome), None, office=office, by=by, at=at)


@transaction.atomic
def hand_proposal_down(
    proposal_id: int,
    wanted: NewDirective,
    receivers: Collection[str],
    *,
    office: str,
    sender: Sender,
    on: date,
    by: Actor,
    at: datetime,
) -> Directive:
    """Hand a proposal that was taken up down as the directive that it became.

    office: that answers. Raises ProposalRefused (not-possible), DirectiveRefused,
    IdeaProposal.DoesNotExist.
    """
    proposal = _held(proposal_id)
    _check(proposal, ProposalAnswer.Answer.BECAME)
    made = hand_down(wanted, receivers, sender=sender, on=on, by=by, at=at)
    said = Said(ProposalAnswer.Answer.BECAME, made.title, ProposalAnswer.Outcome.DIRECTIVE)
    _answer(proposal, said, made, office=office, by=by, at=at)
    return made


def _held(proposal_id: int) -> IdeaProposal:
    """The proposal, held until the transaction ends: two offices do not both take it up."""
    rows = IdeaProposal.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("board").get(pk=proposal_id)


def _check(proposal: IdeaProposal, answer: str) -> ProposalAnswer | None:
    """Return the last answer. Raises ProposalRefused where the answer may not follow it."""
    last = proposal.answers.order_by("-number").first()
    if answer not in possible_answers(last.answer if last else ""):
        raise ProposalRefused("not-possible")
    return last


def _answer(
    proposal: IdeaProposal,
    said: Said,
    directive: Directive | None,
    *,
    office: str,
    by: Actor,
    at: datetime,
) -> ProposalAnswer:
    last = _check(proposal, said.answer)
    made = ProposalAnswer.objects.create(
        proposal=proposal,
        number=last.number + 1 if last else 1,
        answer=said.answer,
        outcome=said.outcome,
        words=said.words,
        directive=directive,
        office_id=office,
        by=by.reference,
        by_name=by.name,
        by_post=by.post,
        at=at,
    )
    on = f"idea-board:{proposal.board_id}/proposal:{proposal.pk}"
    record(
        _ACTS[said.answer],
        on=f"{on}/directive:{directive.pk}" if directive else on,
        by=by,
        at=at,
        place=proposal.board.place_id,
        before={"answer": last.answer if last else ""},
        after={"answer": made.answer, "outcome": made.outcome, "words": made.words},
        detail={"outcome": made.outcome, "words": made.words},
    )
    return made
