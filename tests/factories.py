"""Rows for tests, written as the product would write them but with as few words as a test needs."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from surveys.actions.questionnaires import publish
from surveys.models import (
    Affiliation,
    Answer,
    Assessment,
    Membership,
    Organisation,
    OrganisationCode,
    OrganisationName,
    Participant,
    Person,
    Question,
    Questionnaire,
    Round,
    SectionAssignment,
)
from surveys.models.assessment import columns
from surveys.questionnaires.responses import Response
from surveys.questionnaires.schema import (
    AskedIf,
    Comparator,
    Condition,
    Dimension,
    Gap,
    Group,
    LeadRole,
    Level,
    Match,
    NotApplicable,
    Option,
    Part,
    QuestionKind,
    Scale,
    Section,
)
from surveys.questionnaires.schema import Question as QuestionContent
from surveys.questionnaires.schema import Questionnaire as QuestionnaireContent

PASSWORD = "a-long-test-password"
PASSWORD_HASH = make_password(PASSWORD, hasher="argon2")
LONG_AGO = datetime.date(2022, 7, 1)
ALWAYS = DateRange(datetime.date(2013, 4, 1), None)

_numbers = count(1)


def make_organisation(
    kind: str, name: str, ods_code: str = "", parent: Organisation | None = None
) -> Organisation:
    """An organisation that has always had this name, this code and this parent."""
    organisation = Organisation.objects.create(kind=kind, opened_on=LONG_AGO)
    OrganisationName.objects.create(
        organisation=organisation, short_name=name, official_name=f"NHS {name}", period=ALWAYS
    )
    if ods_code:
        OrganisationCode.objects.create(
            organisation=organisation, scheme=OrganisationCode.Scheme.ODS, code=ods_code, period=ALWAYS
        )
    if parent is not None:
        Affiliation.objects.create(organisation=organisation, parent=parent, period=ALWAYS)
    return organisation


def make_nation(name: str = "England") -> Organisation:
    """The national body, without a code."""
    return make_organisation(Organisation.Kind.NATIONAL, name)


def make_region(nation: Organisation, name: str = "North") -> Organisation:
    """A region of the nation."""
    return make_organisation(Organisation.Kind.REGION, name, f"Y{next(_numbers):04d}", nation)


def make_system(region: Organisation, name: str = "Ambleshire") -> Organisation:
    """A system of the region."""
    return make_organisation(Organisation.Kind.ICS, name, f"Q{next(_numbers):04d}", region)


def make_person(name: str, *, role: str = "", organisation: Organisation | None = None) -> Person:
    """An active person whose e-mail address follows from the name and whose password is PASSWORD."""
    local = name.lower().replace(" ", ".")
    person = Person.objects.create(email=f"{local}@survey.example", name=name, password=PASSWORD_HASH)
    if role and organisation is not None:
        make_membership(person, role, organisation)
    return person


def make_membership(person: Person, role: str, organisation: Organisation) -> Membership:
    """A current membership."""
    return Membership.objects.create(person=person, role=role, organisation=organisation)


def level_set(name: str = "how it is done") -> tuple[Level, ...]:
    """Five distinct levels."""
    words = ["Ad hoc", "Patchy", "Established", "Embedded", "Leading"]
    return tuple(
        Level(value=value, code=word.lower().replace(" ", "_"), name=word, text=f"{word}: {name}.")
        for value, word in enumerate(words, start=1)
    )


def maturity_question(code: str, **fields: Any) -> QuestionContent:
    """A scored maturity question with five levels."""
    return QuestionContent(
        code=code,
        kind=QuestionKind.MATURITY,
        text=f"How mature is {code.replace('_', ' ')}?",
        scored=True,
        levels=level_set(code.replace("_", " ")),
        **fields,
    )


SMALL_CONTENT = QuestionnaireContent(
    key="small",
    version="1.0",
    title="Small questionnaire",
    scale=Scale(
        code="five_level",
        name="Five levels",
        rule="Choose the highest level for which every part of the description is true.",
        levels=level_set("in general"),
    ),
    groups=(Group("infrastructure", "Infrastructure"), Group("culture", "Culture")),
    gap=Gap("infrastructure", "culture"),
    lead_roles=(LeadRole("head_of_bi", "Head of business intelligence"),),
    dimensions=(
        Dimension(
            code="data_platform",
            name="Data platform",
            group="infrastructure",
            gap_core=True,
            about="The platform on which everything rests.",
            questions=(
                maturity_question(
                    "linked_data",
                    why="Linked data shows people, not activity.",
                    evidence="A coverage table.",
                    suggested_lead="head_of_bi",
                ),
                maturity_question("shared_platform", not_applicable=NotApplicable()),
                QuestionContent(
                    code="practice_share",
                    kind=QuestionKind.PERCENTAGE,
                    text="What percentage of practices supply data?",
                    required=False,
                    unit="%",
                    minimum=Decimal(0),
                    maximum=Decimal(100),
                ),
                QuestionContent(
                    code="sectors",
                    kind=QuestionKind.MULTI_CHOICE,
                    text="Which sectors supply data?",
                    required=False,
                    options=(
                        Option("acute", "Acute hospitals"),
                        Option("primary_care", "Primary care"),
                        Option("other", "Another sector", other=True),
                        Option("none", "None", exclusive=True),
                    ),
                ),
                QuestionContent(
                    code="why_no_sectors",
                    kind=QuestionKind.LONG_TEXT,
                    text="Why does no sector supply data?",
                    required=False,
                    max_words=50,
                    asked_if=AskedIf(
                        Match.ALL, (Condition("sectors", Comparator.CHOSEN, options=("none",)),)
                    ),
                ),
            ),
        ),
        Dimension(
            code="skills",
            name="Skills",
            group="culture",
            gap_core=True,
            about="The people who work with data.",
            sections=(
                Section(
                    code="people",
                    name="People",
                    questions=(maturity_question("training"), maturity_question("recruitment")),
                ),
                Section(
                    code="facts",
                    name="Facts",
                    questions=(
                        QuestionContent(
                            code="analysts",
                            kind=QuestionKind.NUMBER,
                            text="How many analysts are there?",
                            required=False,
                            unit="WTE",
                            minimum=Decimal(0),
                            maximum=Decimal(2000),
                            decimals=1,
                        ),
                        QuestionContent(
                            code="time_split",
                            kind=QuestionKind.PERCENTAGE_SPLIT,
                            text="How is analysts' time divided?",
                            required=False,
                            unit="%",
                            total=Decimal(100),
                            parts=(Part("reporting", "Reporting"), Part("strategy", "Strategy")),
                        ),
                        QuestionContent(
                            code="clarity",
                            kind=QuestionKind.SINGLE_CHOICE,
                            text="How clear are national plans?",
                            required=False,
                            options=(Option("clear", "Clear"), Option("unclear", "Unclear")),
                        ),
                        QuestionContent(
                            code="peer_offer",
                            kind=QuestionKind.LONG_TEXT,
                            text="What could others learn from you?",
                            required=False,
                            max_words=300,
                            consent="May we show this answer to other systems?",
                        ),
                    ),
                ),
            ),
        ),
    ),
)
"""Two dimensions with every kind of question, a condition, sections, not applicable and consent."""


def reworded(
    content: QuestionnaireContent, code: str, text: str = "Asked in other words?"
) -> QuestionnaireContent:
    """The same questionnaire with another text for one question that stands in no section."""
    return replace(
        content,
        dimensions=tuple(
            replace(
                dimension,
                questions=tuple(
                    replace(question, text=text) if question.code == code else question
                    for question in dimension.questions
                ),
            )
            for dimension in content.dimensions
        ),
    )


def publish_content(content: QuestionnaireContent = SMALL_CONTENT, **changes: Any) -> Questionnaire:
    """A published questionnaire, with fields of the content changed when given."""
    return publish(by=None, content=replace(content, **changes)).questionnaire


def make_round(
    questionnaire: Questionnaire,
    *systems: Organisation,
    title: str = "Spring round",
    status: str = Round.Status.OPEN,
    **fields: Any,
) -> Round:
    """A round from yesterday to a month ahead, with an assessment for each system unless it is a draft."""
    now = timezone.now()
    values: dict[str, Any] = {
        "opens_at": now - datetime.timedelta(days=1),
        "closes_at": now + datetime.timedelta(days=30),
        "reference_date": timezone.localdate(),
        "participants_as_at": timezone.localdate(),
        "declaration": "I confirm that these answers are true to the best of my knowledge.",
    }
    values.update(fields)
    survey_round = Round.objects.create(title=title, questionnaire=questionnaire, status=status, **values)
    for system in systems:
        Participant.objects.create(round=survey_round, organisation=system)
        if status != Round.Status.DRAFT:
            make_assessment(survey_round, system)
    return survey_round


def make_assessment(survey_round: Round, system: Organisation, **fields: Any) -> Assessment:
    """An assessment that has frozen the system's name, code and region as they are today."""
    today = timezone.localdate()
    known = Organisation.objects.as_at(today).get(pk=system.pk)
    region = Organisation.objects.as_at(today).get(pk=known.parent_id)
    return Assessment.objects.create(
        round=survey_round,
        organisation=system,
        organisation_name=known.name,
        ods_code=known.ods_code,
        region=region,
        region_name=region.name,
        **fields,
    )


def make_answer(assessment: Assessment, code: str, person: Person, response: Response) -> Answer:
    """An answer saved once."""
    question = Question.objects.get(dimension__questionnaire_id=assessment.round.questionnaire_id, code=code)
    return Answer.objects.create(
        assessment=assessment, question=question, answered_by=person, **columns(response)
    )


def assign_section(
    assessment: Assessment, dimension_code: str, person: Person, by: Person
) -> SectionAssignment:
    """A dimension of the assessment handed to a person."""
    dimension = assessment.round.questionnaire.dimensions.get(code=dimension_code)
    return SectionAssignment.objects.create(
        assessment=assessment, dimension=dimension, person=person, assigned_by=by
    )


def assign_question(
    assessment: Assessment, question_code: str, person: Person, by: Person
) -> SectionAssignment:
    """A single question of the assessment handed to a person."""
    question = Question.objects.get(
        dimension__questionnaire_id=assessment.round.questionnaire_id, code=question_code
    )
    return SectionAssignment.objects.create(
        assessment=assessment, dimension=question.dimension, question=question, person=person, assigned_by=by
    )
