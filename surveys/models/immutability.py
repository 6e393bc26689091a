"""Triggers that keep a row as it was written, whoever writes: a page, a migration or somebody with psql."""

from __future__ import annotations

import pgtrigger


def written_once() -> list[pgtrigger.Trigger]:
    """Return triggers that refuse to change, delete or truncate the rows of a table."""
    return [
        pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete),
        never_truncated(),
    ]


def never_deleted() -> list[pgtrigger.Trigger]:
    """Return triggers that refuse to delete or truncate the rows of a table."""
    return [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete), never_truncated()]


def never_truncated() -> pgtrigger.Trigger:
    """Return a trigger that refuses to truncate a table."""
    return pgtrigger.Trigger(
        name="never_truncated",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
    )


def unchanged(*fields: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses to change these fields of a row."""
    return pgtrigger.ReadOnly(name="unchanged", fields=list(fields))


def frozen_once_published(questionnaire_id: str) -> list[pgtrigger.Trigger]:
    """Return triggers that refuse any write to the parts of a published questionnaire.

    `questionnaire_id` is an SQL expression that yields the key of the row's questionnaire; {row} in it
    stands for the row, NEW or OLD.
    """

    def refuse(row: str) -> str:
        return f"""
            IF EXISTS (SELECT 1 FROM surveys_questionnaire
                       WHERE id = {questionnaire_id.format(row=row)} AND published_at IS NOT NULL) THEN
                RAISE EXCEPTION 'pgtrigger: Cannot change % of a published questionnaire', TG_TABLE_NAME;
            END IF;
        """  # noqa: S608 - the expression is written in the models, never by a request

    return [
        pgtrigger.Trigger(
            name="not_added_once_published",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func=refuse("NEW") + "RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name="not_changed_once_published",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func=refuse("OLD") + refuse("NEW") + "RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name="not_deleted_once_published",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            func=refuse("OLD") + "RETURN OLD;",
        ),
        never_truncated(),
    ]
