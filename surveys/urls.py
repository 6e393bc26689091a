"""Every address. The identity of what a page shows is in its address, never in the session."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.urls.resolvers import URLPattern

from surveys.views import health, help_pages, releases, results, sign_in

ACCOUNT: list[URLPattern] = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("password/", sign_in.password_link, name="password_link"),
    path("password/sent/", sign_in.PasswordLinkSent.as_view(), name="password_link_sent"),
    path("password/<uidb64>/<token>/", sign_in.ChoosePassword.as_view(), name="choose_password"),
    path("password/chosen/", sign_in.PasswordChosen.as_view(), name="password_chosen"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

ASSESSMENTS: list[URLPattern] = []

RESULTS: list[URLPattern] = [
    path("results/", results.results, name="results"),
    path("results/<int:release_id>/", results.results_overview, name="results_overview"),
    path("results/<int:release_id>/overview.csv", results.results_overview_csv, name="results_overview_csv"),
    path("results/<int:release_id>/scores.csv", results.results_scores_csv, name="results_scores_csv"),
    path(
        "results/<int:release_id>/dimensions/<slug:dimension_code>/",
        results.results_dimension,
        name="results_dimension",
    ),
    path(
        "results/<int:release_id>/dimensions/<slug:dimension_code>.csv",
        results.results_dimension_csv,
        name="results_dimension_csv",
    ),
    path(
        "results/<int:release_id>/systems/<int:assessment_id>/",
        results.results_system,
        name="results_system",
    ),
    path(
        "results/<int:release_id>/systems/<int:assessment_id>.csv",
        results.results_system_csv,
        name="results_system_csv",
    ),
    path(
        "results/<int:release_id>/systems/<int:assessment_id>/dimensions/<slug:dimension_code>/",
        results.results_answers,
        name="results_answers",
    ),
]

ROUNDS: list[URLPattern] = [
    path("rounds/<int:round_id>/release/", releases.release_results, name="release_provisionally"),
    path("rounds/<int:round_id>/publish/", releases.publish_results, name="publish_round"),
    path("rounds/<int:round_id>/correct/", releases.correct_results, name="correct_round"),
]

QUESTIONNAIRES: list[URLPattern] = []

ORGANISATIONS: list[URLPattern] = []

PEOPLE: list[URLPattern] = []

HELP: list[URLPattern] = [
    path("help/roles/", help_pages.roles, name="roles"),
    path("method/", help_pages.method, name="method"),
    path("accessibility/", help_pages.accessibility, name="accessibility"),
    path("privacy/", help_pages.privacy, name="privacy"),
]

urlpatterns: list[URLPattern] = [
    *ACCOUNT,
    *ASSESSMENTS,
    *RESULTS,
    *ROUNDS,
    *QUESTIONNAIRES,
    *ORGANISATIONS,
    *PEOPLE,
    *HELP,
]
