"""Acts in the words of the office. What is not in the list is shown by its verb.

The words of all areas stand in one list, as text, so that an entry can still be read when the
area that wrote it is gone. An area may add its own with ``name_act``.
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
    "import_villages": _("imported villages"),
    "import_shapes": _("imported map shapes"),
    "edit_group": _("changed a group of places"),
    "create_group": _("created a group of places"),
    "add_group": _("created a group of places"),
    "change_group": _("changed a group of places"),
    "close_group": _("closed a group of places"),
    "add_members": _("added places to a group"),
    "add_member": _("added a place to a group"),
    "remove_member": _("took a place out of a group"),
    "end_membership": _("took a place out of a group"),
    # frameworks
    "create_framework": _("created a framework"),
    "draft_framework": _("began a draft of a framework"),
    "copy_framework": _("copied a framework"),
    "edit_framework": _("changed a draft of a framework"),
    "import_framework": _("imported a framework"),
    "publish_framework": _("published a framework"),
    "close_framework": _("closed a framework"),
    "discard_draft": _("discarded a draft of a framework"),
    # rounds, targets, results
    "open_round": _("opened a round"),
    "close_round": _("closed a round"),
    "reopen_round": _("reopened a round"),
    "set_target": _("set a target"),
    "cascade_target": _("split a target to the offices below"),
    "acknowledge_target": _("acknowledged a target"),
    "object_to_target": _("objected to a target"),
    "report_result": _("reported a result"),
    "submit_result": _("submitted a result"),
    "submit_results": _("submitted results"),
    "check_result": _("checked a result"),
    "check_results": _("checked results"),
    "approve_result": _("approved a result"),
    "approve_results": _("approved results"),
    "return_result": _("returned a result with a reason"),
    "return_results": _("returned results with a reason"),
    "withdraw_result": _("withdrew a result"),
    "import_results": _("imported results"),
    "upload_results": _("handed in a file of results"),
    "issue_report": _("issued a report"),
    # money
    "import_treasury": _("imported the treasury's weekly workbook"),
    "import_cgd": _("imported the treasury's weekly workbook"),
    # set-up
    "load_demonstration": _("loaded demonstration data"),
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


def name_act(act: str, words: Words) -> None:
    """Add an area's act in words, as a verb phrase in the past."""
    _ACTS[act] = words


def act_words(act: str) -> str:
    """Return the act in the words of the page's language; the verb itself when it is unknown."""
    return str(_ACTS.get(act, act))


def problem_words(code: str) -> str:
    """Return in words what a verification found wrong."""
    return str(_CODES.get(code, code))
