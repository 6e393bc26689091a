import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0005_keep_points_beside_a_percentage"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invitation", "Invitation"),
                            ("password_link", "Password link"),
                            ("reminder", "Reminder"),
                        ],
                        max_length=20,
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=300)),
                ("body", models.TextField()),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "status",
                    models.CharField(
                        choices=[("queued", "Queued"), ("sent", "Sent"), ("failed", "Not delivered")],
                        default="queued",
                        max_length=8,
                    ),
                ),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, help_text="Since it was last queued."),
                ),
                (
                    "tried_at",
                    models.DateTimeField(blank=True, help_text="When the last attempt began.", null=True),
                ),
                (
                    "last_error",
                    models.TextField(blank=True, help_text="Why the last attempt failed, in plain English."),
                ),
                (
                    "sent_at",
                    models.DateTimeField(blank=True, help_text="When the mail server took it.", null=True),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="surveys.assessment",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "queued_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty when the recipient asked for it, or a command did.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages_caused",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="surveys.round",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["status", "-queued_at"], name="message_by_status")],
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="message_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invitation", "password_link", "reminder"])),
                        name="message_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["queued", "sent", "failed"])),
                        name="message_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address", ""), _negated=True),
                            models.Q(("subject", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                        ),
                        name="message_texts_not_blank",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address__regex", "[[:cntrl:]]"), _negated=True),
                            models.Q(("subject__regex", "[[:cntrl:]]"), _negated=True),
                        ),
                        name="message_headers_on_one_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["invitation", "password_link"]), _negated=True),
                            ("person__isnull", False),
                            _connector="OR",
                        ),
                        name="message_with_key_has_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("attempts", 0), ("tried_at__isnull", True)),
                            models.Q(("attempts__gt", 0), ("tried_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="message_attempts_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("attempts__gt", 0),
                                ("last_error", ""),
                                ("sent_at__isnull", False),
                                ("status", "sent"),
                            ),
                            models.Q(models.Q(("status", "sent"), _negated=True), ("sent_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="message_sent_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "failed"), _negated=True),
                            models.Q(("last_error", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="message_failed_says_why",
                    ),
                ],
            },
        ),
    ]
