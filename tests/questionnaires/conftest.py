"""How hard property tests try: enough to find an edge, little enough to run on every save."""

from hypothesis import settings

settings.register_profile("questionnaires", max_examples=60, deadline=None)
settings.load_profile("questionnaires")
