from django.db import migrations

from tiddao.policy.search_watch import watch_many

# When each was made stands in the history of its ideas; who made it, only in the ledger.
KEEP = """
    INSERT INTO policy_ideaproposal (board_id, kind, words, by, by_name, at)
    SELECT idea.board_id, idea.became, idea.became_words, '', '', coalesce(min(event.pgh_created_at), now())
    FROM policy_idea AS idea
    LEFT JOIN policy_ideaevent AS event ON event.pgh_obj_id = idea.id AND event.became = idea.became
    WHERE idea.became IN ('indicator', 'project')
    GROUP BY idea.board_id, idea.became, idea.became_words
"""
TIE = """
    UPDATE policy_idea AS idea SET proposal_id = made.id FROM policy_ideaproposal AS made
    WHERE made.board_id = idea.board_id AND made.kind = idea.became AND made.words = idea.became_words
"""


class Migration(migrations.Migration):

    dependencies = [
        ('policy', '0009_proposals_from_ideas'),
    ]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(TIE, 'UPDATE policy_idea SET proposal_id = NULL'),
        watch_many(
            'policy_proposalanswer',
            'idea',
            'SELECT id FROM policy_idea WHERE proposal_id = $1.proposal_id',
        ),
    ]
