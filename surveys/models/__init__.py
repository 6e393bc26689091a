"""The tables: one file for each aggregate."""

from surveys.models.assessment import (
    Answer,
    AnswerValue,
    Assessment,
    Extension,
    SectionAssignment,
    SectionMark,
    Submission,
)
from surveys.models.audit import Event
from surveys.models.challenge import Challenge, ChallengeAnswer, ChallengeWindow
from surveys.models.conversation import Comment, Mention
from surveys.models.evidence import Evidence
from surveys.models.mail import Message
from surveys.models.moderation import (
    ChallengeEvidence,
    Moderation,
    ModerationAnswer,
    ModerationDecision,
    ModerationPlan,
    ReleasedModeration,
    ReviewAssignment,
)
from surveys.models.organisation import (
    Affiliation,
    Organisation,
    OrganisationCode,
    OrganisationName,
    Population,
    Succession,
)
from surveys.models.person import Membership, Person
from surveys.models.presence import Presence, WorkSpell
from surveys.models.questionnaire import Choice, Dimension, Question, Questionnaire
from surveys.models.reminder import PlannedReminder, Reminder
from surveys.models.result import LeftOut, Release, ReleasedAnswer, ReleasedSubmission, Result, Withdrawal
from surveys.models.round import Participant, Round
from surveys.models.system_group import SystemGroup

__all__ = [
    "Affiliation",
    "Answer",
    "AnswerValue",
    "Assessment",
    "Challenge",
    "ChallengeAnswer",
    "ChallengeEvidence",
    "ChallengeWindow",
    "Choice",
    "Comment",
    "Dimension",
    "Event",
    "Evidence",
    "Extension",
    "LeftOut",
    "Membership",
    "Mention",
    "Message",
    "Moderation",
    "ModerationAnswer",
    "ModerationDecision",
    "ModerationPlan",
    "Organisation",
    "OrganisationCode",
    "OrganisationName",
    "Participant",
    "Person",
    "PlannedReminder",
    "Population",
    "Presence",
    "Question",
    "Questionnaire",
    "Release",
    "ReleasedAnswer",
    "ReleasedModeration",
    "ReleasedSubmission",
    "Reminder",
    "Result",
    "ReviewAssignment",
    "Round",
    "SectionAssignment",
    "SectionMark",
    "Submission",
    "Succession",
    "SystemGroup",
    "Withdrawal",
    "WorkSpell",
]
