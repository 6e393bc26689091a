"""Questionnaires: the list, one as respondents see it, and the way of a draft to being published."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from surveys.actions.questionnaire_drafts import discard_draft, publish_draft, set_comparison
from surveys.exports.questionnaire_file import questionnaire_file_name, questionnaire_yaml
from surveys.exports.questionnaire_workbook import questionnaire_template, questionnaire_workbook
from surveys.forms.questionnaires import (
    ComparabilityForm,
    CompareWithForm,
    QuestionnaireFileForm,
    SeenForm,
)
from surveys.imports.questionnaires import keep_file
from surveys.models import Questionnaire
from surveys.permissions import Permission, require_anywhere
from surveys.queries.comparability_map import comparability_map
from surveys.queries.questionnaire_changes import questionnaire_changes
from surveys.queries.questionnaires import (
    DimensionPreview,
    QuestionnaireLine,
    QuestionnairePage,
    questionnaire_page,
    questionnaire_row,
    questionnaires,
)
from surveys.questionnaires.problems import Problem, QuestionnaireError
from surveys.views.crumbs import Crumb
from surveys.views.downloads import download_workbook
from surveys.views.question_cards import PartOfPage, QuestionCard
from surveys.views.requests import PersonRequest, page_or_post
from surveys.views.submitting import attempt, sent


@require_safe
def questionnaire_list(request: PersonRequest) -> HttpResponse:
    """List every version of every questionnaire."""
    context = {"questionnaires": questionnaires(request.user), "crumbs": (Crumb("Home", reverse("home")),)}
    return render(request, "surveys/questionnaires/list.html", context)


@page_or_post
def upload_questionnaire(request: PersonRequest) -> HttpResponse:
    """Take a file and keep it as a draft, or say everything that keeps it from being one."""
    require_anywhere(request.user, Permission.MANAGE)
    form = QuestionnaireFileForm(sent(request), request.FILES if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    draft: Questionnaire | None = None
    try:
        draft = attempt(form, lambda: _kept(request, form.cleaned_data["questionnaire"]))
    except QuestionnaireError as error:
        problems = error.problems
        many = f"{len(problems)} problems" if len(problems) > 1 else "1 problem"
        form.add_error("questionnaire", f"The file has {many}, so nothing is kept. They are listed below")
    if draft is not None:
        messages.success(request, f"“{draft}” is kept as a draft. Read it, then publish it.")
        return redirect("questionnaire", questionnaire_id=draft.pk)
    context = {"form": form, "problems": problems, "crumbs": _crumbs()}
    return render(request, "surveys/questionnaires/upload.html", context)


@require_safe
def questionnaire_preview(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Show every question as respondents see it. Nothing that is typed here is kept."""
    page = questionnaire_page(request.user, questionnaire_id)
    context = {"page": page, "dimensions": _dimensions(page), "crumbs": _crumbs()}
    return render(request, "surveys/questionnaires/questionnaire.html", context)


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})  # type: ignore[arg-type]  # typed for views without arguments
def questionnaire_questions(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Show the questions alone. Pages of this site, and no others, may show them in a frame."""
    page = questionnaire_page(request.user, questionnaire_id)
    context = {"page": page, "dimensions": _dimensions(page)}
    return render(request, "surveys/questionnaires/questions.html", context)


@require_safe
def questionnaire_on_a_phone(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Show the questions in a frame that is as wide as a small phone."""
    page = questionnaire_page(request.user, questionnaire_id)
    context = {"page": page, "crumbs": _crumbs(_crumb(page.line))}
    return render(request, "surveys/questionnaires/phone.html", context)


@require_safe
def questionnaire_file(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Download the file that publishes a questionnaire."""
    row = questionnaire_row(request.user, questionnaire_id)
    return HttpResponse(
        questionnaire_yaml(row),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{questionnaire_file_name(row)}"'},
    )


@require_safe
def questionnaire_xlsx(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Download a questionnaire as a workbook."""
    return download_workbook(questionnaire_workbook(questionnaire_row(request.user, questionnaire_id)))


@require_safe
def template_of_questionnaire(request: PersonRequest) -> HttpResponse:
    """Download the workbook of a questionnaire with nothing in it."""
    require_anywhere(request.user, Permission.MANAGE)
    return download_workbook(questionnaire_template())


@require_safe
def changes_of_questionnaire(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Show word by word what changed since another version: the one before, or that of `?with=`."""
    asked = request.GET.get("with", "")
    before_id = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    changes = questionnaire_changes(request.user, questionnaire_id, before_id)
    form = CompareWithForm(request.GET if asked else None, changes)
    context = {"changes": changes, "form": form, "crumbs": _crumbs(_crumb(changes.after))}
    return render(request, "surveys/questionnaires/changes.html", context)


@page_or_post
def questionnaire_map(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Show how each question relates to the version before; for a draft, change it."""
    page = comparability_map(request.user, questionnaire_id)
    posted = sent(request) if page.previous else None
    form = ComparabilityForm(posted, page)
    try:
        draft = attempt(
            form,
            lambda: set_comparison(
                by=request.user,
                questionnaire_id=questionnaire_id,
                seen=form.cleaned_data["seen"],
                comparison=form.comparison,
            ),
        )
    except QuestionnaireError as error:
        form.report(error)
        draft = None
    if draft is not None:
        messages.success(request, "The map is saved.")
        return redirect("questionnaire", questionnaire_id=questionnaire_id)
    context = {"page": page, "form": form, "crumbs": _crumbs(_crumb(page.line))}
    return render(request, "surveys/questionnaires/map.html", context)


@page_or_post
def publish_questionnaire(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Publish a draft for good."""
    page = questionnaire_page(request.user, questionnaire_id)
    form = SeenForm(sent(request), initial={"seen": page.line.digest})
    try:
        published = attempt(
            form,
            lambda: publish_draft(
                by=request.user, questionnaire_id=questionnaire_id, seen=form.cleaned_data["seen"]
            ),
        )
    except QuestionnaireError as error:
        for problem in error.problems:
            form.add_error(None, f"{problem.code}: {problem.message} {problem.mend}")
        published = None
    if published is not None:
        messages.success(request, f"“{published.questionnaire}” is published. Rounds can use it now.")
        return redirect("questionnaire", questionnaire_id=questionnaire_id)
    context = {"page": page, "form": form, "crumbs": _crumbs(_crumb(page.line))}
    return render(request, "surveys/questionnaires/publish.html", context)


@page_or_post
def discard_questionnaire(request: PersonRequest, questionnaire_id: int) -> HttpResponse:
    """Delete a draft."""
    page = questionnaire_page(request.user, questionnaire_id)
    form = SeenForm(sent(request), initial={"seen": page.line.digest})
    discarded = attempt(
        form,
        lambda: discard_draft(
            by=request.user, questionnaire_id=questionnaire_id, seen=form.cleaned_data["seen"]
        ),
    )
    if discarded is not None:
        messages.success(request, f"The draft “{discarded}” is discarded.")
        return redirect("questionnaires")
    context = {"page": page, "form": form, "crumbs": _crumbs(_crumb(page.line))}
    return render(request, "surveys/questionnaires/discard.html", context)


def _kept(request: PersonRequest, file: UploadedFile[bytes]) -> Questionnaire:
    return keep_file(file.read(), file.name or "questionnaire.yaml", by=request.user)


def _crumbs(*further: Crumb) -> tuple[Crumb, ...]:
    return (Crumb("Home", reverse("home")), Crumb("Questionnaires", reverse("questionnaires")), *further)


def _crumb(line: QuestionnaireLine) -> Crumb:
    return Crumb(f"{line.title} {line.version}", reverse("questionnaire", args=[line.id]))


def _dimensions(page: QuestionnairePage) -> list[tuple[DimensionPreview, tuple[PartOfPage, ...]]]:
    return [(dimension, _parts(dimension)) for dimension in page.dimensions]


def _parts(dimension: DimensionPreview) -> tuple[PartOfPage, ...]:
    return tuple(
        PartOfPage(
            part.name,
            part.about,
            tuple(QuestionCard(entry, heading=dimension.name) for entry in part.entries),
        )
        for part in dimension.parts
    )
