"""Acts in the words of the office. What is not in the list is shown by its verb.

The words of all areas stand in one list, as text, so that an entry can still be read when the
area that wrote it is gone; a test holds the list to the acts that the code records.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

_ACTS: dict[str, Words] = {
    # people
    "open_account": _("opened an account"),
    "close_account": _("closed an account"),
    "reopen_account": _("reopened an account"),
    "reset_password": _("gave a new one-time password"),
    "change_password": _("changed the own password"),
    "set_preferences": _("changed the own preferences"),
    "add_alias": _("added another spelling of a name"),
    "appoint": _("appointed to a post"),
    "end_post": _("ended a post"),
    # places
    "load_geography": _("loaded the official register of places"),
    "receive_village_file": _("handed in a list of villages"),
    "accept_village_import": _("accepted a list of villages"),
    "refuse_village_import": _("refused a list of villages"),
    "import_villages": _("imported villages"),
    "succeed_place": _("wrote down what became of a place"),
    "import_shapes": _("imported map shapes"),
    "create_group": _("created a group of places"),
    "edit_group": _("changed the description of a group of places"),
    "change_members": _("changed the members of a group of places"),
    "close_group": _("closed a group of places"),
    # frameworks and rounds
    "create_framework": _("created a framework"),
    "new_draft": _("began a draft of a framework"),
    "save_draft": _("changed a draft of a framework"),
    "publish_version": _("published a framework"),
    "add_round": _("added a round"),
    "open_round": _("opened a round"),
    "close_round": _("closed a round"),
    "reopen_round": _("reopened a round"),
    "allow_late_entry": _("let an office report after the round was closed"),
    "end_late_entry": _("ended the late reports of an office"),
    # targets and results
    "set_target": _("set a target"),
    "hand_down_target": _("handed a target down"),
    "answer_target": _("answered a target handed down"),
    "begin_personal_targets": _("began personal targets"),
    "write_personal_targets": _("wrote personal targets"),
    "move_personal_targets": _("took personal targets a step further"),
    "assess_personal_targets": _("assessed personal targets"),
    "report_results": _("reported results"),
    "submit_results": _("handed in results"),
    "keep_conflict": _("reported what another person had just reported"),
    "settle_conflict": _("chose between two reports of one result"),
    "judge_result": _("judged a result"),
    "check_results": _("checked results"),
    "approve_results": _("approved results"),
    "return_results": _("returned results with a reason"),
    "issue_report": _("issued a report"),
    "look_at_figures": _("looked for unusual figures in a round"),
    "answer_question": _("answered a question about figures"),
    "receive_result_import": _("handed in a file of results"),
    "accept_result_import": _("accepted a file of results"),
    "refuse_result_import": _("refused a file of results"),
    # evidence
    "add_evidence": _("added evidence"),
    "add_evidence_version": _("added a newer version of evidence"),
    "set_evidence_expiry": _("set until when evidence holds"),
    "attach_evidence": _("attached evidence"),
    "detach_evidence": _("detached evidence with a reason"),
    "sweep_evidence_files": _("removed left-over files of broken-off uploads"),
    # money
    "receive_workbook": _("handed in an office's workbook"),
    "mend_cell": _("mended a cell of an office's workbook"),
    "unmend_cell": _("took back the mend of a cell"),
    "change_mapping": _("said how an office's workbook is to be read"),
    "set_as_of": _("said for which day an office's workbook is true"),
    "read_workbook_again": _("compared an office's workbook with the books again"),
    "accept_workbook": _("took an office's workbook into the books"),
    "drop_workbook": _("put aside an office's workbook"),
    "receive_treasury_file": _("handed in the treasury's weekly workbook"),
    "drop_treasury_upload": _("put aside the treasury's weekly workbook"),
    "import_treasury": _("imported the treasury's weekly workbook"),
    "set_deadline": _("set a deadline for spending"),
    "move_deadline": _("moved a deadline for spending"),
    "end_deadline": _("ended a deadline for spending"),
    "write_plan": _("wrote a catch-up plan"),
    "submit_plan": _("handed in a catch-up plan"),
    "approve_plan": _("approved a catch-up plan"),
    "return_plan": _("returned a catch-up plan with a reason"),
    "ask_help": _("asked for help"),
    "pass_up_help": _("passed a request for help up"),
    "answer_help": _("answered a request for help"),
    "close_help": _("closed a request for help"),
    "take_boards": _("kept the boards of a week"),
    # the offices' own books
    "open_book": _("opened an office's book of money"),
    "name_programme": _("named a programme"),
    "add_project": _("added a project"),
    "complete_project": _("completed the names of a project"),
    "put_under_programme": _("put a project under a programme"),
    "open_envelope": _("opened an envelope of money"),
    "keep_by_entries": _("took an envelope of money over from the workbook"),
    "post_entries": _("posted entries in a book of money"),
    "reverse_entry": _("reversed an entry in a book of money"),
    "hold_paper": _("attached a financial paper to an entry"),
    "end_paper": _("took a financial paper away from an entry"),
    "take_over_books": _("took whole books of money over from an earlier system"),
    "note_difference": _("noted why the books and the treasury differ"),
    "end_note": _("withdrew a note on a difference"),
    "explain_issue": _("explained a finding in a workbook"),
    # official papers
    "try_paper_template": _("tried a template of papers"),
    "put_paper_template_in_force": _("put a template of papers in force"),
    "return_to_standard_paper": _("took the standard template of papers again"),
    "drop_paper_template": _("gave up a template of papers"),
    "write_letter": _("began a letter"),
    "change_letter": _("changed a letter"),
    "issue_letter": _("issued a letter"),
    "drop_letter": _("gave up a letter"),
    "issue_minutes": _("issued minutes of a meeting"),
    "draft_news": _("began news from a meeting"),
    "edit_news": _("changed news from a meeting"),
    "declare_news_ready": _("said that news is ready to be published"),
    "drop_news": _("gave up news from a meeting"),
    # documents and directives
    "take_in_document": _("took in a document"),
    "read_document": _("read a document by rule"),
    "decide_proposal": _("decided about what was read in a document"),
    "confirm_proposals": _("confirmed what was read in a document"),
    "point_at_directive": _("added a directive that the rules had missed"),
    "hand_down_directive": _("handed a directive down"),
    "cancel_directive": _("called a directive off"),
    "answer_directive": _("answered a directive"),
    "rule_on_answer": _("ruled on an answer to a directive"),
    "accept_reports": _("accepted reports on a directive"),
    "answer_directive_question": _("answered a question about a directive"),
    "move_directive_deadline": _("moved the deadline of a directive"),
    "set_obligation": _("set a report that recurs"),
    "end_obligation": _("ended a report that recurs"),
    "remind_offices": _("reminded offices of directives"),
    # strategy
    "begin_strategy": _("began a strategy of a fiscal year"),
    "new_strategy_version": _("began a new version of a strategy"),
    "carry_strategy_forward": _("carried a strategy into a later year"),
    "save_strategy": _("wrote in a strategy"),
    "drop_strategy_part": _("took a part out of a strategy"),
    "check_direction": _("checked a point of a direction"),
    "publish_strategy": _("published a strategy"),
    "hang_directive": _("hung a directive on a key mission"),
    "take_directive_off": _("took a directive off a key mission"),
    # meetings
    "prepare_meeting": _("prepared a meeting"),
    "change_meeting": _("changed a meeting"),
    "call_meeting": _("called a meeting"),
    "hold_meeting": _("closed a meeting as held"),
    "call_off_meeting": _("called a meeting off"),
    "change_agenda": _("changed the agenda of a meeting"),
    "invite_to_meeting": _("invited to a meeting"),
    "withdraw_invitation": _("withdrew an invitation to a meeting"),
    "reply_to_invitation": _("replied to an invitation to a meeting"),
    "record_attendance": _("recorded who came to a meeting"),
    "strike_attendance": _("struck out a line of an attendance list"),
    "write_agenda_note": _("wrote a note on an agenda item"),
    "record_resolution": _("recorded a decision of a meeting"),
    "replace_resolution": _("replaced a decision of a meeting"),
    "direct_resolution": _("handed a decision of a meeting down as a directive"),
    "add_review_words": _("added to the review after a meeting"),
    "begin_meeting_series": _("began a series of meetings"),
    "keep_usual_agenda": _("kept an agenda as the usual one of a series"),
    "end_meeting_series": _("ended a series of meetings"),
    "make_calendar_address": _("made a calendar address"),
    "end_calendar_address": _("ended a calendar address"),
    # ideas and field visits
    "open_idea_board": _("opened an idea board"),
    "close_idea_board": _("closed an idea board"),
    "reopen_idea_board": _("opened an idea board again"),
    "post_idea": _("posted an idea"),
    "withdraw_idea": _("withdrew an own idea"),
    "vote_idea": _("voted on an idea board"),
    "take_vote_back": _("took a vote on an idea board back"),
    "group_ideas": _("grouped ideas"),
    "rename_idea_group": _("changed the heading of a group of ideas"),
    "propose_ideas": _("turned ideas into a proposal"),
    "hand_ideas_down": _("turned ideas into a directive"),
    "record_visit": _("wrote a field visit down"),
    "correct_visit": _("mended what was written of a field visit"),
    "add_follow_up": _("added a follow-up to a field visit"),
    "finish_follow_up": _("finished a follow-up of a field visit"),
    "hand_follow_up_down": _("turned a follow-up into a directive"),
}

_THINGS: dict[str, Words] = {
    "paper-template": _("template of papers"),
    "letter": _("letter"),
    "document": _("document"),
    "proposal": _("proposal"),
    "directive": _("directive"),
    "strategy": _("strategy"),
    "office": _("office"),
    "question": _("question"),
    "obligation": _("report that recurs"),
    "reminders": _("reminders of"),
    "meeting": _("meeting"),
    "resolution": _("decision of a meeting"),
    "meeting-series": _("series of meetings"),
    "idea-board": _("idea board"),
    "idea": _("idea"),
    "visit": _("field visit"),
    "follow-up": _("follow-up"),
    "user": _("account"),
    "post": _("post"),
    "framework": _("framework"),
    "version": _("version"),
    "indicator": _("indicator"),
    "personal": _("personal targets"),
    "round": _("round"),
    "place": _("place"),
    "group": _("group"),
    "shapes": _("map shapes"),
    "geography": _("register of places"),
    "evidence": _("evidence"),
    "evidence-files": _("evidence files"),
    "village-import": _("list of villages"),
    "result-import": _("file of results"),
    "treasury-upload": _("treasury file"),
    "treasury-report": _("treasury report"),
    "deadline": _("deadline for spending"),
    "plan": _("catch-up plan"),
    "help": _("request for help"),
    "boards": _("boards of a week"),
    "book": _("book of money"),
    "envelope": _("envelope of money"),
    "entry": _("entry"),
    "project": _("project"),
    "programme": _("programme"),
    "books": _("books of money of fiscal year"),
    "reconciliation-note": _("note on a difference"),
    "workbook-issue": _("finding in a workbook"),
}

_CODES: dict[str, Words] = {
    "altered": _("the entry is not what its digest says: it was altered"),
    "not-waiting": _("the entry is neither sealed nor waiting: it was slipped in"),
    "sealed-and-waiting": _("the entry is sealed and waiting at once"),
    "entry-missing": _("the seal has no entry: the entry was deleted"),
    "gap": _("seals are missing before this one"),
    "broken": _("the seal does not follow from the one before: altered, swapped or forged"),
    "anchor-differs": _("the chain is not the one that was anchored: it was rewritten"),
    "anchor-beyond": _("the chain ends before this anchor: its end was cut off"),
    "anchor-unreadable": _("the line of the anchor file cannot be read"),
}


def act_words(act: str) -> str:
    """Return the act in the words of the page's language; the verb itself when it is unknown."""
    return str(_ACTS.get(act, act))


def problem_words(code: str) -> str:
    """Return in words what a verification found wrong."""
    return str(_CODES.get(code, code))


def thing_words(reference: str) -> str:
    """Return a text reference in words: "round:3/place:5712" as "รอบ 3 · พื้นที่ 5712".

    What is not in the list stays as it was written.
    """
    parts = []
    for part in reference.split("/"):
        kind, _colon, which = part.partition(":")
        parts.append(f"{_THINGS.get(kind, kind)} {which}".strip() if kind in _THINGS else part)
    return " · ".join(parts)
