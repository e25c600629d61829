"""A contact is a guardian by a paper that two have looked at, and by no mark alone."""

from django.db import migrations


class Migration(migrations.Migration):
    """The mark is set again when the paper has been looked at (`verify_guardian`)."""

    dependencies = [("people", "0007_wording_of_consents_and_grounds_of_guardians")]

    operations = [
        migrations.RunSQL(
            "UPDATE people_contact SET is_guardian = false WHERE is_guardian",
            migrations.RunSQL.noop,
        )
    ]
