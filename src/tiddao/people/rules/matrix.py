"""Which role may do which act. The one place where this is said; change it by review only.

Roles and acts are plain text here, so that the table can be read, printed and tested without a
database. Where a role acts is another question: see ``people.access``.

Source: product.md "Who, and the job they come for"; domain.md §6.1; the department has published
no table of rights (requirements.md F), so this one is proposed.
"""

from __future__ import annotations

from typing import Final

TAMBON_OFFICER = "tambon_officer"
FINANCE_OFFICER = "finance_officer"
DISTRICT_HEAD = "district_head"
ZONE_OFFICER = "zone_officer"
GROUP_DIRECTOR = "group_director"
PROVINCIAL_HEAD = "provincial_head"
INSPECTOR = "inspector"
EXECUTIVE = "executive"
ADMINISTRATOR = "administrator"
AUDITOR = "auditor"

ROLES: Final = (
    TAMBON_OFFICER, FINANCE_OFFICER, DISTRICT_HEAD, ZONE_OFFICER, GROUP_DIRECTOR, PROVINCIAL_HEAD,
    INSPECTOR, EXECUTIVE, ADMINISTRATOR, AUDITOR,
)  # fmt: skip

OFFICERS_AT_WORK: Final = (
    TAMBON_OFFICER, DISTRICT_HEAD, ZONE_OFFICER, GROUP_DIRECTOR, PROVINCIAL_HEAD, INSPECTOR, EXECUTIVE,
)  # fmt: skip

# act: the roles that may do it, within their posts' scope
MATRIX: Final[dict[str, frozenset[str]]] = {
    act: frozenset(roles)
    for act, roles in {
        # every post sees its places
        "see_place": ROLES,
        # results
        "report_result": (TAMBON_OFFICER, DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD),
        "import_results": (
            TAMBON_OFFICER,
            DISTRICT_HEAD,
            GROUP_DIRECTOR,
            PROVINCIAL_HEAD,
            EXECUTIVE,
        ),
        "check_result": (DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD),
        "approve_results": (PROVINCIAL_HEAD, EXECUTIVE),
        "set_target": (PROVINCIAL_HEAD, EXECUTIVE),
        # one's own place's target among the places below; answer_target for the place itself
        "hand_down_target": (DISTRICT_HEAD, PROVINCIAL_HEAD, EXECUTIVE),
        "answer_target": (TAMBON_OFFICER, DISTRICT_HEAD, PROVINCIAL_HEAD),
        "answer_question": (TAMBON_OFFICER, DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD),
        "open_round": (PROVINCIAL_HEAD, EXECUTIVE),
        "close_round": (PROVINCIAL_HEAD, EXECUTIVE),
        # a person's own targets: everybody writes the own; who assesses: rules/personal.py
        "write_personal_targets": ROLES,
        "assess_personal_targets": (DISTRICT_HEAD, PROVINCIAL_HEAD, EXECUTIVE),
        "issue_report": (DISTRICT_HEAD, PROVINCIAL_HEAD, EXECUTIVE),
        # definitions: a province owns its own, the department the nation's
        "edit_framework": (GROUP_DIRECTOR, PROVINCIAL_HEAD, EXECUTIVE),
        "publish_framework": (PROVINCIAL_HEAD, EXECUTIVE),
        # places
        "edit_group": (PROVINCIAL_HEAD, EXECUTIVE, ADMINISTRATOR),
        "import_villages": (PROVINCIAL_HEAD, EXECUTIVE, ADMINISTRATOR),
        "import_shapes": (EXECUTIVE, ADMINISTRATOR),
        # people
        "see_people": (DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD, EXECUTIVE, ADMINISTRATOR),
        "manage_people": (PROVINCIAL_HEAD, EXECUTIVE, ADMINISTRATOR),
        # the treasury's series
        "import_treasury": (EXECUTIVE, ADMINISTRATOR),
        # the offices' own books
        "keep_books": (FINANCE_OFFICER, DISTRICT_HEAD, GROUP_DIRECTOR),
        "import_workbook": (FINANCE_OFFICER, GROUP_DIRECTOR, PROVINCIAL_HEAD),
        "explain_issue": (FINANCE_OFFICER, DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD),
        "reconcile_books": (FINANCE_OFFICER, GROUP_DIRECTOR, PROVINCIAL_HEAD),
        # deadlines for spending: support before blame
        "set_deadline": (PROVINCIAL_HEAD, EXECUTIVE),
        "write_plan": (FINANCE_OFFICER, DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD),
        "approve_plan": (DISTRICT_HEAD, PROVINCIAL_HEAD, EXECUTIVE),  # never one's own
        "ask_help": (FINANCE_OFFICER, DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD),
        "answer_help": (GROUP_DIRECTOR, PROVINCIAL_HEAD, INSPECTOR, EXECUTIVE),
        # evidence: add_evidence also for versions and expiry, attach_evidence also for detaching
        "add_evidence": (
            TAMBON_OFFICER,
            FINANCE_OFFICER,
            DISTRICT_HEAD,
            GROUP_DIRECTOR,
            PROVINCIAL_HEAD,
            EXECUTIVE,
        ),
        "attach_evidence": (
            TAMBON_OFFICER,
            FINANCE_OFFICER,
            DISTRICT_HEAD,
            GROUP_DIRECTOR,
            PROVINCIAL_HEAD,
            EXECUTIVE,
        ),
        "see_originals": (DISTRICT_HEAD, PROVINCIAL_HEAD, EXECUTIVE, INSPECTOR, AUDITOR),
        # papers of one's own office: write_letter also for giving a draft up; replace_template also
        # for trying one and taking it back; issue_minutes for the office that called the meeting
        "issue_minutes": (DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD, INSPECTOR, EXECUTIVE),
        "write_letter": (
            TAMBON_OFFICER,
            DISTRICT_HEAD,
            ZONE_OFFICER,
            GROUP_DIRECTOR,
            PROVINCIAL_HEAD,
            INSPECTOR,
            EXECUTIVE,
        ),
        "issue_letter": (DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD, INSPECTOR, EXECUTIVE),
        "replace_template": (DISTRICT_HEAD, PROVINCIAL_HEAD, EXECUTIVE, ADMINISTRATOR),
        "write_news": (
            TAMBON_OFFICER,
            DISTRICT_HEAD,
            ZONE_OFFICER,
            GROUP_DIRECTOR,
            PROVINCIAL_HEAD,
            INSPECTOR,
            EXECUTIVE,
        ),
        "ready_news": (DISTRICT_HEAD, PROVINCIAL_HEAD, EXECUTIVE),
        # documents and directives: take_in_document also for deciding what was read
        "take_in_document": (
            TAMBON_OFFICER,
            DISTRICT_HEAD,
            ZONE_OFFICER,
            GROUP_DIRECTOR,
            PROVINCIAL_HEAD,
            INSPECTOR,
            EXECUTIVE,
        ),
        "hand_down_directive": (DISTRICT_HEAD, PROVINCIAL_HEAD, INSPECTOR, EXECUTIVE),
        # for the sender's own office: accept, return, answer questions, move a deadline, call off
        "follow_directive": (DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD, INSPECTOR, EXECUTIVE),
        # for the receiving office itself, never for an office below it
        "answer_directive": (TAMBON_OFFICER, DISTRICT_HEAD, GROUP_DIRECTOR, PROVINCIAL_HEAD),
        "set_obligation": (PROVINCIAL_HEAD, EXECUTIVE),
        # the office's own strategy of the year; checked by others than those who wrote it
        "write_strategy": (GROUP_DIRECTOR, PROVINCIAL_HEAD, EXECUTIVE),
        "check_direction": (GROUP_DIRECTOR, PROVINCIAL_HEAD, EXECUTIVE),
        "publish_strategy": (PROVINCIAL_HEAD, EXECUTIVE),
        # meetings of one's own office: call_meeting also to hold it and call it off; keep_meeting to
        # prepare the agenda, put people on the list, write notes and decisions down
        "call_meeting": (
            DISTRICT_HEAD,
            ZONE_OFFICER,
            GROUP_DIRECTOR,
            PROVINCIAL_HEAD,
            INSPECTOR,
            EXECUTIVE,
        ),
        "keep_meeting": (
            TAMBON_OFFICER,
            DISTRICT_HEAD,
            ZONE_OFFICER,
            GROUP_DIRECTOR,
            PROVINCIAL_HEAD,
            INSPECTOR,
            EXECUTIVE,
        ),
        # ideas: run_idea_board for opening, grouping, closing the own office's boards
        "run_idea_board": OFFICERS_AT_WORK,
        "post_idea": (*OFFICERS_AT_WORK, FINANCE_OFFICER),
        # what ideas were proposed as: take it up, say what became of it, decline it; for the board's
        # own office, and for any that covers its place
        "answer_proposal": (
            DISTRICT_HEAD,
            ZONE_OFFICER,
            GROUP_DIRECTOR,
            PROVINCIAL_HEAD,
            EXECUTIVE,
        ),
        # field visits: follow_visit also for saying that a follow-up is done
        "record_visit": OFFICERS_AT_WORK,
        "follow_visit": OFFICERS_AT_WORK,
        # who did what
        "read_ledger": (PROVINCIAL_HEAD, INSPECTOR, EXECUTIVE, ADMINISTRATOR, AUDITOR),
    }.items()
}


def may(role: str, act: str) -> bool:
    """Say whether the role may do the act somewhere. Raises KeyError for an unknown act.

    Source: this module's table (proposed).
    """
    return role in MATRIX[act]
