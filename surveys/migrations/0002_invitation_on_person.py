from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="invitation_tried_at",
            field=models.DateTimeField(
                blank=True, help_text="When the last invitation was handed to the mail server.", null=True
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="invitation_sent",
            field=models.BooleanField(
                blank=True, help_text="Whether the mail server took the last invitation.", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=Q(invitation_sent__isnull=True, invitation_tried_at__isnull=True)
                | Q(invitation_sent__isnull=False, invitation_tried_at__isnull=False),
                name="person_invitation_when_and_whether",
            ),
        ),
    ]
