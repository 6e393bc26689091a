"""The one app of the project."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Rounds of self-assessment: asked, answered, signed, released, compared."""

    name = "surveys"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Data maturity survey"
