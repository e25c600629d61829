from django.db import migrations, models
from django.db.models import Q

WHAT_HAS_ENDED = """
UPDATE assistance_benefitoffer o SET again_from = ended.ends_on + 1
FROM (
    SELECT offer_id, max(ends_on) AS ends_on FROM assistance_entitlement GROUP BY offer_id
    HAVING bool_and(state = 'ended') AND bool_or(end_reason IN ('not_met', 'moved'))
) ended
WHERE ended.offer_id = o.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ("assistance", "0007_only_encrypted_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name='benefitoffer',
            name='again_from',
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(WHAT_HAS_ENDED, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='benefitoffer',
            name='benefit_offer_once',
        ),
        migrations.AddConstraint(
            model_name='benefitoffer',
            constraint=models.UniqueConstraint(condition=Q(('again_from', None)), fields=('resident', 'benefit'), name='benefit_offer_once'),
        ),
    ]
