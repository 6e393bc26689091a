import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0007_invitations_are_messages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("body", models.TextField()),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, help_text="When its author took it back.", null=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("link", "Link"), ("file", "File")], max_length=4)),
                ("about", models.CharField(blank=True, help_text="What it shows.", max_length=200)),
                ("address", models.CharField(blank=True, help_text="Of a link.", max_length=2000)),
                ("file_name", models.CharField(blank=True, max_length=120)),
                (
                    "file_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pdf", "a PDF"),
                            ("png", "a PNG picture"),
                            ("jpeg", "a JPEG picture"),
                            ("csv", "a CSV file"),
                            ("text", "a text file"),
                            ("excel", "an Excel workbook"),
                            ("word", "a Word document"),
                            ("powerpoint", "a PowerPoint presentation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("size", models.PositiveIntegerField(blank=True, help_text="In bytes.", null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("stored_as", models.CharField(blank=True, max_length=64)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "evidence",
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="message_kind_known",
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "Invitation"),
                    ("password_link", "Password link"),
                    ("reminder", "Reminder"),
                    ("mention", "Mention in a comment"),
                ],
                max_length=20,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="28d42aa795f34172134c7e81dea654564a923bb9",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_f90e4",
                    table="surveys_answer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="5bcd1e588d4027a390fa6e1d5f18aaeedae0f9bc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_c1c59",
                    table="surveys_answer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answerevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="157f6837fdc8339d26e01ba980c472cc50ac75f2",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_0041a",
                    table="surveys_answerevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["invitation", "password_link", "reminder", "mention"])),
                name="message_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="surveys.assessment"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="surveys.question"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="reply_to",
            field=models.ForeignKey(
                blank=True,
                help_text="The comment that opened the thread; empty for that one itself.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies",
                to="surveys.comment",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="resolved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="threads_resolved",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence_added",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="surveys.assessment"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="surveys.question"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="removed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence_removed",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="mentions", to="surveys.comment"
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mentions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["assessment", "question"], name="comment_of_a_question"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                fields=("assessment", "author", "key"), name="comment_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("body__regex", "\\S"),
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.text.Length("body"), 5000
                    ),
                    models.Q(("body__regex", "[\\x01-\\x08\\x0b-\\x1f\\x7f]"), _negated=True),
                ),
                name="comment_is_text_of_a_fair_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_at__isnull", True), ("resolved_by__isnull", True)),
                    models.Q(("resolved_at__isnull", False), ("resolved_by__isnull", False)),
                    _connector="OR",
                ),
                name="comment_resolved_by_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reply_to__isnull", True), ("resolved_at__isnull", True), _connector="OR"
                ),
                name="comment_resolved_where_it_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True),
                    ("withdrawn_at__gte", models.F("written_at")),
                    _connector="OR",
                ),
                name="comment_withdrawn_after_it_was_written",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="unchanged",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."assessment_id" IS DISTINCT FROM (NEW."assessment_id") OR OLD."question_id" IS DISTINCT FROM (NEW."question_id") OR OLD."reply_to_id" IS DISTINCT FROM (NEW."reply_to_id") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."written_at" IS DISTINCT FROM (NEW."written_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="324d8f70a2851e3a259954f056923eadad8dae1e",
                    operation="UPDATE",
                    pgid="pgtrigger_unchanged_6e5be",
                    table="surveys_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="withdrawn_for_good",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at") AND OLD."withdrawn_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="197571db41e47f3bbfb5134ed35d9197f3f460d7",
                    operation="UPDATE",
                    pgid="pgtrigger_withdrawn_for_good_fc38a",
                    table="surveys_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="replies_to_what_opened",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."reply_to_id" IS NOT NULL)',
                    func="\n                    IF NOT EXISTS (SELECT FROM surveys_comment AS opening\n                                   WHERE opening.id = NEW.reply_to_id AND opening.reply_to_id IS NULL\n                                       AND opening.assessment_id = NEW.assessment_id\n                                       AND opening.question_id = NEW.question_id) THEN\n                        RAISE EXCEPTION 'pgtrigger: A comment replies to one that opened a thread there';\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="e802ab9e7c9f5126414337e69768675e0b5134e9",
                    operation="INSERT",
                    pgid="pgtrigger_replies_to_what_opened_4a284",
                    table="surveys_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="b39ba0a03c0ee27865cc52f4ba3916d41a52633f",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_ee832",
                    table="surveys_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="c6d8a04b72576d346dc304fcd471d8f4197878e6",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_e58c5",
                    table="surveys_comment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["assessment", "question"], name="evidence_of_a_question"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("file_kind", ""),
                        ("file_name", ""),
                        ("kind", "link"),
                        ("sha256", ""),
                        ("size", None),
                        ("stored_as", ""),
                        ("address__regex", "^https?://[^[:space:][:cntrl:]]+$"),
                    ),
                    models.Q(
                        ("address", ""),
                        ("kind", "file"),
                        (
                            "file_kind__in",
                            ["pdf", "png", "jpeg", "csv", "text", "excel", "word", "powerpoint"],
                        ),
                        ("sha256__regex", "^[0-9a-f]{64}$"),
                        ("size__gte", 1),
                        ("size__isnull", False),
                        ("size__lte", 10485760),
                        ("file_name__regex", "^[^/\\\\[:cntrl:]]+$"),
                    ),
                    _connector="OR",
                ),
                name="evidence_is_a_link_or_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "link"),
                    ("stored_as__regex", "^[0-9a-f]{32}$"),
                    models.Q(("removed_at__isnull", False), ("stored_as", "")),
                    _connector="OR",
                ),
                name="evidence_file_is_stored_until_removed",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True)),
                    models.Q(
                        ("removed_at__gte", models.F("added_at")),
                        ("removed_at__isnull", False),
                        ("removed_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="evidence_removed_by_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stored_as", ""), _negated=True),
                fields=("stored_as",),
                name="evidence_stored_under_one_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "file"), ("removed_at__isnull", True)),
                fields=("assessment", "question", "sha256"),
                name="evidence_file_once_a_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                models.F("assessment"),
                models.F("question"),
                django.db.models.functions.text.MD5("address"),
                condition=models.Q(("kind", "link"), ("removed_at__isnull", True)),
                name="evidence_link_once_a_question",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="unchanged",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."assessment_id" IS DISTINCT FROM (NEW."assessment_id") OR OLD."question_id" IS DISTINCT FROM (NEW."question_id") OR OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."file_name" IS DISTINCT FROM (NEW."file_name") OR OLD."file_kind" IS DISTINCT FROM (NEW."file_kind") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."added_at" IS DISTINCT FROM (NEW."added_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="84caa6f6f68c4bda68e0cd20ee4dcdcb1e0c1fdd",
                    operation="UPDATE",
                    pgid="pgtrigger_unchanged_cb3a4",
                    table="surveys_evidence",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="removed_for_good",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."removed_at" IS NOT NULL AND (OLD."removed_at" IS DISTINCT FROM (NEW."removed_at") OR OLD."removed_by_id" IS DISTINCT FROM (NEW."removed_by_id")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="0a0417e33f9684fc9119d77d9cf0814888654a5a",
                    operation="UPDATE",
                    pgid="pgtrigger_removed_for_good_f1627",
                    table="surveys_evidence",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="stored_in_one_place",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."stored_as" IS DISTINCT FROM (NEW."stored_as") AND NOT (NEW."stored_as" = \'\'))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="f9e30947794f688ede75d62deef3126059d78d5e",
                    operation="UPDATE",
                    pgid="pgtrigger_stored_in_one_place_ace41",
                    table="surveys_evidence",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="57420ebfb983d2518c3f0edbe897af06e87e68a8",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_4f40f",
                    table="surveys_evidence",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="c7729ad850b42ca025c4f81d7cfb076b099bc0da",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_039c4",
                    table="surveys_evidence",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(fields=("comment", "person"), name="mention_once_a_comment"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mention",
            trigger=pgtrigger.compiler.Trigger(
                name="written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="64e36600ba725e46bd216e25a2f31957b18b43da",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_written_once_4e397",
                    table="surveys_mention",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mention",
            trigger=pgtrigger.compiler.Trigger(
                name="never_truncated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                    hash="e85bd12bca4017838c84913ec0b97ab3874a1091",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_truncated_b3dea",
                    table="surveys_mention",
                    when="BEFORE",
                ),
            ),
        ),
    ]
