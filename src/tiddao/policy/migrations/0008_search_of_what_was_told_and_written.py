from django.db import migrations

from tiddao.policy.search_watch import MANY, take_in_all, watch, watch_many

PUBLISHED = "$1.state = 'published'"


class Migration(migrations.Migration):

    dependencies = [
        ('policy', '0007_search_of_own_documents'),
    ]

    operations = [
        MANY,
        watch('policy_fieldvisit', 'visit'),
        watch('policy_followup', 'visit', 'visit_id'),
        watch('policy_ideaboard', 'board'),
        watch('policy_ideagroup', 'board', 'board_id'),
        watch('policy_idea', 'idea'),
        watch_many('policy_ideaboard', 'idea', 'SELECT id FROM policy_idea WHERE board_id = $1.id'),
        watch_many(
            'policy_strategyversion',
            'strategy',
            f'SELECT id FROM policy_strategyversion WHERE strategy_id = $1.strategy_id AND {PUBLISHED}',
        ),
        watch_many(
            'policy_strategyversion',
            'mission',
            'SELECT mission.id FROM policy_mission AS mission'
            ' JOIN policy_strategyversion AS version ON version.id = mission.version_id'
            f' WHERE version.strategy_id = $1.strategy_id AND {PUBLISHED}',
        ),
        watch('policy_paper', 'letter'),
        watch('policy_issuedpaper', 'letter', 'paper_id'),
        watch('policy_issuedminutes', 'minutes', 'meeting_id'),
        take_in_all('visit', 'SELECT id FROM policy_fieldvisit'),
        take_in_all('board', 'SELECT id FROM policy_ideaboard'),
        take_in_all('idea', 'SELECT id FROM policy_idea WHERE NOT withdrawn'),
        take_in_all('strategy', "SELECT id FROM policy_strategyversion WHERE state = 'published'"),
        take_in_all(
            'mission',
            "SELECT mission.id FROM policy_mission AS mission"
            " JOIN policy_strategyversion AS version ON version.id = mission.version_id"
            " WHERE version.state = 'published'",
        ),
        take_in_all('letter', "SELECT id FROM policy_paper WHERE state = 'issued'"),
        take_in_all('minutes', 'SELECT DISTINCT meeting_id FROM policy_issuedminutes'),
    ]
