"""Turn a document into the dataclasses, filling in what the file leaves to the scale and to the option
sets.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from surveys.questionnaires.document import (
    AskedIfDocument,
    ComparedQuestionDocument,
    ComparisonDocument,
    ConditionDocument,
    ContradictionDocument,
    DimensionDocument,
    LevelDocument,
    NotApplicableDocument,
    OptionDocument,
    OptionSetDocument,
    QuestionDocument,
    QuestionnaireDocument,
    ScaleDocument,
    SectionDocument,
    SharedOptionDocument,
    is_exact,
)
from surveys.questionnaires.problems import Problem, QuestionnaireError
from surveys.questionnaires.schema import (
    DEFAULT_SPLIT_TOTAL,
    AskedIf,
    Comparator,
    ComparedQuestion,
    Comparison,
    ComparisonStatus,
    Condition,
    Contradiction,
    Dimension,
    Gap,
    Group,
    LeadRole,
    Level,
    Match,
    NotApplicable,
    Option,
    Part,
    Question,
    QuestionKind,
    Questionnaire,
    Scale,
    ScoringMethod,
    Section,
    Theme,
)

PERCENTAGE_KINDS = frozenset({QuestionKind.PERCENTAGE, QuestionKind.PERCENTAGE_SPLIT})
ORDER_COMPARATORS = (
    Comparator.EQUALS,
    Comparator.AT_LEAST,
    Comparator.AT_MOST,
    Comparator.MORE_THAN,
    Comparator.LESS_THAN,
)


def build(document: QuestionnaireDocument, name: str) -> Questionnaire:
    """The questionnaire that the document describes. Raises QuestionnaireError for what cannot be filled
    in.
    """
    builder = _Builder(document, name)
    questionnaire = builder.questionnaire()
    if builder.problems:
        raise QuestionnaireError(tuple(builder.problems))
    return questionnaire


class _Builder:
    """Holds what questions may refer to while they are built, and gathers problems."""

    def __init__(self, document: QuestionnaireDocument, name: str) -> None:
        self.document = document
        self.name = name
        self.problems: list[Problem] = []
        self.scale = _scale(document.scale) if document.scale else None
        self.option_sets = self._option_sets(document.option_sets)

    def questionnaire(self) -> Questionnaire:
        document = self.document
        return Questionnaire(
            key=document.key,
            version=document.version,
            title=document.title,
            dimensions=tuple(self._dimension(dimension) for dimension in document.dimensions),
            about=document.about or "",
            source=document.source or "",
            licence=document.licence or "",
            scoring=document.scoring,
            minimum_share=document.minimum_share,
            overall=document.overall,
            scale=self.scale,
            groups=tuple(Group(group.code, group.name, group.about or "") for group in document.groups),
            gap=Gap(document.gap.first, document.gap.second) if document.gap else None,
            themes=tuple(Theme(theme.code, theme.name, theme.about or "") for theme in document.themes),
            lead_roles=tuple(LeadRole(role.code, role.name) for role in document.lead_roles),
            contradictions=tuple(self._contradiction(each) for each in document.contradictions),
            comparison=_comparison(document.comparison) if document.comparison else None,
        )

    def _problem(self, code: str, message: str, mend: str) -> None:
        self.problems.append(Problem(self.name, code, message, mend))

    def _option_sets(self, sets: Iterable[OptionSetDocument]) -> Mapping[str, OptionSetDocument]:
        found: dict[str, OptionSetDocument] = {}
        for option_set in sets:
            if option_set.code in found:
                self._problem(option_set.code, "Two option sets have this code.", "Rename one of them.")
            found[option_set.code] = option_set
        return found

    def _dimension(self, document: DimensionDocument) -> Dimension:
        if (document.questions is None) == (document.sections is None):
            self._problem(
                document.code,
                "A dimension has either questions or sections.",
                "Give one of the two; put questions that stand outside a section in a section of their own.",
            )
        return Dimension(
            code=document.code,
            name=document.name,
            questions=tuple(self._question(question) for question in document.questions or ()),
            sections=tuple(self._section(section) for section in document.sections or ()),
            about=document.about or "",
            group=document.group or "",
            gap_core=document.gap_core,
            weight=document.weight,
        )

    def _section(self, document: SectionDocument) -> Section:
        return Section(
            code=document.code,
            name=document.name,
            questions=tuple(self._question(question) for question in document.questions),
            about=document.about or "",
            weight=document.weight,
        )

    def _question(self, document: QuestionDocument) -> Question:
        kind = document.kind
        splits = kind is QuestionKind.PERCENTAGE_SPLIT
        return Question(
            code=document.code,
            kind=kind,
            text=document.text,
            help=document.help or "",
            why=document.why or "",
            evidence=document.evidence or "",
            suggested_lead=document.suggested_lead or "",
            theme=document.theme or "",
            minutes=document.minutes,
            required=document.required,
            scored=kind is QuestionKind.MATURITY if document.scored is None else document.scored,
            weight=document.weight,
            comment_allowed=document.comment_allowed,
            not_applicable=self._not_applicable(document.code, document.not_applicable),
            asked_if=self._asked_if(document.code, document.asked_if),
            levels=self._levels(document),
            options=self._options(document),
            max_choices=document.max_choices,
            points_cap=document.points_cap,
            unit=document.unit or ("%" if kind in PERCENTAGE_KINDS else ""),
            minimum=_bound(document, document.minimum, Decimal(0)),
            maximum=_bound(document, document.maximum, Decimal(100)),
            decimals=document.decimals,
            parts=tuple(Part(part.code, part.label, part.hint or "") for part in document.parts or ()),
            total=DEFAULT_SPLIT_TOTAL if splits and document.total is None else document.total,
            max_words=document.max_words,
            consent=document.consent or "",
        )

    def _levels(self, document: QuestionDocument) -> tuple[Level, ...]:
        """The question's levels with names and codes from the scale, or the scale's own; their sequence is
        checked.
        """
        inherits = (
            document.kind is QuestionKind.MATURITY and document.levels is None and self.scale is not None
        )
        omitted = frozenset(document.omits_levels or ())
        if inherits and self.scale:
            levels = tuple(level for level in self.scale.levels if level.value not in omitted)
        else:
            levels = tuple(self._level(document.code, level) for level in document.levels or ())
        if levels or omitted:
            self._check_sequence(document.code, [level.value for level in levels], omitted)
        return levels

    def _level(self, code: str, document: LevelDocument) -> Level:
        standard = next(
            (level for level in (self.scale.levels if self.scale else ()) if level.value == document.value),
            None,
        )
        if standard is None and document.name is None:
            self._problem(
                code,
                f"Level {document.value} has no name and the scale has no such level to take one from.",
                "Give the level a name, or correct its value.",
            )
        return Level(
            value=document.value,
            code=document.code or (standard.code if standard else f"level_{document.value}"),
            name=document.name or (standard.name if standard else str(document.value)),
            text=document.text or (standard.text if standard else ""),
            points=document.points,
        )

    def _check_sequence(self, code: str, values: list[int], omitted: frozenset[int]) -> None:
        both = sorted(omitted & set(values))
        if both:
            self._problem(
                code,
                f"{_numbered(both)} given and also in omits_levels.",
                "Take each out of one of the two.",
            )
        absent = sorted(expected_levels(self.document.scoring, self.scale, values) - set(values) - omitted)
        if absent:
            self._problem(
                code,
                f"{_numbered(absent)} missing.",
                f"Write the descriptors, or leave levels out on purpose with omits_levels: {absent}.",
            )
        if values != sorted(set(values)):
            self._problem(
                code,
                "The levels are not in order, each once.",
                "List them from the lowest to the highest.",
            )

    def _options(self, document: QuestionDocument) -> tuple[Option, ...]:
        if document.option_set is None:
            if document.points is not None:
                self._problem(
                    document.code,
                    "`points` goes with option_set only.",
                    "Give points to each option instead.",
                )
            return tuple(self._option(document.code, option) for option in document.options or ())
        if document.options is not None:
            self._problem(document.code, "It has both options and option_set.", "Keep one of the two.")
        option_set = self.option_sets.get(document.option_set)
        if option_set is None:
            known = ", ".join(self.option_sets) or "none yet"
            self._problem(
                document.code,
                f"option_set names {document.option_set}, which is not in option_sets.",
                f"Use one of: {known}.",
            )
            return ()
        return tuple(self._shared_option(document, option) for option in option_set.options)

    def _option(self, code: str, document: OptionDocument) -> Option:
        return Option(
            code=document.code,
            label=document.label,
            hint=document.hint or "",
            points=document.points,
            exclusive=document.exclusive,
            other=document.other,
            not_applicable=self._not_applicable(code, document.not_applicable),
        )

    def _shared_option(self, question: QuestionDocument, document: SharedOptionDocument) -> Option:
        points = None
        if question.points is not None and document.share_of_points is not None:
            points = question.points * document.share_of_points
            if not is_exact(points):
                self._problem(
                    question.code,
                    f"Option {document.code} would earn {points} points, which is too finely divided.",
                    "Change points or share_of_points so that it has at most 4 decimal places.",
                )
        return Option(
            code=document.code,
            label=document.label,
            hint=document.hint or "",
            points=points,
            exclusive=document.exclusive,
            other=document.other,
            not_applicable=self._not_applicable(question.code, document.not_applicable),
        )

    def _not_applicable(self, code: str, document: NotApplicableDocument | None) -> NotApplicable | None:
        if document is None:
            return None
        if (document.effect == "points") != (document.points is not None):
            self._problem(
                code,
                "not_applicable states points exactly when its effect is points.",
                "Write effect: left_out alone, or effect: points with a number of points.",
            )
        return NotApplicable(document.points)

    def _asked_if(self, code: str, document: AskedIfDocument | None) -> AskedIf | None:
        if document is None:
            return None
        forms = [
            document.all is not None,
            document.any is not None,
            document.model_dump(exclude={"all", "any"}, exclude_none=True) != {},
        ]
        if forms.count(True) != 1:
            self._problem(
                code,
                "asked_if must be one condition, or `all`, or `any`.",
                "Put several conditions in a list under `all` or `any`.",
            )
        match = Match.ANY if document.any is not None else Match.ALL
        listed = document.any or document.all or [document]
        conditions = (self._condition(code, condition) for condition in listed)
        return AskedIf(match, tuple(condition for condition in conditions if condition))

    def _contradiction(self, document: ContradictionDocument) -> Contradiction:
        conditions = (self._condition(document.code, condition) for condition in document.all)
        held = tuple(condition for condition in conditions if condition is not None)
        return Contradiction(document.code, held, document.words)

    def _condition(self, code: str, document: ConditionDocument) -> Condition | None:
        given = [comparator for comparator in Comparator if getattr(document, comparator) is not None]
        if document.question is None or len(given) != 1:
            self._problem(
                code,
                "A condition names one question and one comparison.",
                f"Write question, and one of: {', '.join(Comparator)}.",
            )
            return None
        compared = getattr(document, given[0])
        if given[0] in ORDER_COMPARATORS:
            return Condition(document.question, given[0], value=compared)
        return Condition(document.question, given[0], options=tuple(compared))


def expected_levels(scoring: ScoringMethod, scale: Scale | None, values: Sequence[int]) -> frozenset[int]:
    """The level values that a question should have: the scale's, or in a points questionnaire its own
    unbroken run.
    """
    if scale and scoring is ScoringMethod.SCALE:
        return frozenset(level.value for level in scale.levels)
    return frozenset(range(min(values), max(values) + 1)) if values else frozenset()


def _numbered(values: Sequence[int]) -> str:
    """`Level 2 is` or `Levels 2, 3 are`."""
    listed = ", ".join(str(value) for value in values)
    return f"Level {listed} is" if len(values) == 1 else f"Levels {listed} are"


def _scale(document: ScaleDocument) -> Scale:
    return Scale(
        code=document.code,
        name=document.name,
        rule=document.rule,
        levels=tuple(
            Level(level.value, level.code, level.name, level.text or "", level.points)
            for level in document.levels
        ),
    )


def _bound(document: QuestionDocument, given: Decimal | None, default: Decimal) -> Decimal | None:
    return default if given is None and document.kind is QuestionKind.PERCENTAGE else given


def _comparison(document: ComparisonDocument) -> Comparison:
    return Comparison(
        document.previous_version, tuple(_compared_question(question) for question in document.questions)
    )


def _compared_question(document: ComparedQuestionDocument) -> ComparedQuestion:
    """A code that is given once holds for both versions, unless the question is new or retired."""
    code, previous = document.code or "", document.previous or ""
    if document.status is ComparisonStatus.RETIRED:
        code, previous = ("", code) if not previous else (code, previous)
    elif document.status is not ComparisonStatus.NEW:
        previous = previous or code
    return ComparedQuestion(code, previous, document.status, document.note or "")
