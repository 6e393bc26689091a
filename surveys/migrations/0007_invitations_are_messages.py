from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0006_queue_messages"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="person",
            name="person_invitation_when_and_whether",
        ),
        migrations.RemoveField(
            model_name="person",
            name="invitation_sent",
        ),
        migrations.RemoveField(
            model_name="person",
            name="invitation_tried_at",
        ),
    ]
