"""Things of Chiang Rai that strangers must not see, for the walk of all pages."""

from __future__ import annotations

from tests.policy.directives.acts import AT, ON, part, sender_of, sent
from tiddao.people.models import User
from tiddao.policy.actions.answering import ask_question
from tiddao.policy.actions.obligations import NewObligation, set_obligation
from tiddao.policy.actions.reading import Given, decide, read_by_rule, take_in_document
from tiddao.policy.models import Proposal
from tiddao.policy.rules.intake import pasted
from tiddao.policy.rules.receivers import Choice
from tiddao.policy.rules.recurrence import Recurrence


def directives_of_57(head: User, title: str) -> dict[str, object]:
    """A document, a directive to two districts with a question, and a report, all of province 57."""
    sender, by, _ = sender_of(head)
    text = f"เรื่อง {title}\n\nขอให้อำเภอเร่งรัดการเบิกจ่ายให้แล้วเสร็จภายในวันที่ 30 มิถุนายน 2569\n"
    document = take_in_document(Given(pasted(text), "pasted"), place="57", on=ON, by=by, at=AT)
    read_by_rule(document.pk, on=ON, by=by, at=AT)
    proposal = Proposal.objects.filter(document=document, kind="directive").first()
    assert proposal is not None
    decide(proposal.pk, "confirmed", seen=0, by=by, at=AT)
    directive = sent(["CDD-5712", "CDD-5713"], sender=sender, by=by, title=title)
    one = part(directive, "CDD-5712")
    question = ask_question(one.pk, title, by=by, at=AT)
    report = set_obligation(
        NewObligation(
            title=title,
            text=title,
            recurrence=Recurrence("month", 5),
            receivers=Choice(frozenset({"district"}), ("57",)),
            starts_on=ON,
        ),
        sender=sender,
        on=ON,
        by=by,
        at=AT,
    )
    return {
        "document_id": document.pk,
        "proposal_id": proposal.pk,
        "directive_id": directive.pk,
        "assignment_id": one.pk,
        "question_id": question.pk,
        "obligation_id": report.pk,
    }
