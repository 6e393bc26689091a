"""What people might write beside their answers. All of it is made up, and none of it is about a real "
"place."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final

from surveys.questionnaires.schema import Question

WEAK, MIDDLING = 2.2, 3.4
"""Comments differ below each of these strengths, in levels."""

Bands = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]

COMMENTS: Final[Mapping[str, Bands]] = {
    "data_infrastructure": (
        (
            ("Each trust still sends its own extract. We have asked for funding to join them up from April."),
            "There is a business case, but no platform yet. Today it is spreadsheets and goodwill.",
            "We lost the two people who understood the old warehouse, so this has gone backwards.",
        ),
        (
            (
                "True for the acute and mental health trusts. Community data arrives late and needs "
                "fixing by hand."
            ),
            (
                "The linked dataset covers about four in five residents; the rest wait for two "
                "practices' agreements."
            ),
            "Agreed and in use, but the contract ends next year and nobody has said who pays after that.",
        ),
        (
            "Refreshed overnight. The coverage table goes to the data board every quarter.",
            "Social care joined in the spring. We have closed the last local warehouse.",
            "Two neighbouring systems have taken over our data quality checks.",
        ),
    ),
    "shared_care_records": (
        (
            "GP and acute records show; nothing from the community trust yet.",
            "Most staff do not know how to open it from their own system.",
        ),
        (
            "Well used in urgent care and hardly at all in outpatients.",
            "The council can see it in two of our four places. The others wait for single sign-on.",
            "We count log-ins, not whether it changed what somebody did.",
        ),
        (
            "Over 30,000 views a week, and care homes have been in it since last winter.",
            "Residents can see the same summary that clinicians see.",
        ),
    ),
    "analytics_phm": (
        (
            "One analyst covers this for the whole system, two days a week.",
            "We describe what happened. We do not yet say what is likely to happen.",
            "Segmentation was done once by a supplier and not repeated.",
        ),
        (
            "The new intelligence function has a lead and a work plan; half of its posts are filled.",
            "Deprivation is in every board report now. Ethnicity coding is too patchy to say much.",
            "Good work in one place on frailty. It has not spread.",
        ),
        (
            "The neighbourhood teams choose whom to call from the risk list each Monday.",
            "We tested whether the winter scheme worked, and stopped the part that did not.",
        ),
    ),
    "sharing_within": (
        (
            "Every practice asks for its own agreement, and a third have not signed.",
            "The council's data team and ours met for the first time this year.",
        ),
        (
            "Monthly from all main providers. Weekly would be possible, but nobody has asked for it.",
            "Voluntary organisations get our reports; we do not get their data.",
            "Places ask us for extracts because they cannot reach the platform themselves.",
        ),
        (
            "One agreement covers all partners, and new uses are decided within three weeks.",
            "The hospice and two charities send activity data and see it beside the rest.",
        ),
    ),
    "sharing_beyond": (
        (
            "National returns take up most of the team, and we rarely see anything come back.",
            "Patients who cross our border disappear from our figures.",
        ),
        (
            "We take part in the secure data environment, with primary care data still to come.",
            "Working well with the system to the north. Nothing formal with the other three.",
            "Research requests are met one by one; there is no front door.",
        ),
        (
            ("Shared tables for everybody who lives on one side of the border and is treated on the other."),
            "Two studies used our linked data last year and both published their code.",
        ),
    ),
    "leadership_direction": (
        (
            "The strategy was written before the last reorganisation and nobody looks at it.",
            "Data comes up at board when a target is missed.",
            "Three changes of senior lead in two years.",
        ),
        (
            "The board has a data item every quarter, mostly about performance.",
            "There is a plan for three years and money for one.",
            "Partners agree in the room. Priorities change when the pressure comes.",
        ),
        (
            "A non-executive member leads on data and asks hard questions.",
            "Last year's commissioning round was decided on the joint analysis, including one closure.",
        ),
    ),
    "workforce_skills": (
        (
            "Four vacancies out of eleven, advertised twice. Private firms pay more.",
            "No training budget this year.",
            "Managers ask for a dashboard when they mean a question.",
        ),
        (
            "The analyst network meets every month and shares code, when work allows.",
            "Career paths exist for analysts and not yet for data engineers.",
            "Half of senior managers have done the data course. It is not compulsory.",
        ),
        (
            "Six apprentices so far, and five have stayed.",
            "Clinicians with two sessions a week for analysis in every trust.",
        ),
    ),
    "information_governance": (
        (
            "Agreements sit in people's inboxes. We could not list them all today.",
            "The Caldicott Guardian gets involved at the end and not at the start.",
        ),
        (
            "One framework is signed by all NHS partners; the councils use their own.",
            "Impact assessments are done in time for big projects and forgotten for small ones.",
            "We have principles for using models. Nobody has checked a model against them.",
        ),
        (
            "Requests are decided in fifteen working days and the register is public.",
            "The ethics group has members of the public and has said no twice.",
        ),
    ),
    "public_engagement": (
        (
            "There is a privacy notice. We do not think anybody reads it.",
            "Engagement belongs to communications and nobody there works on data.",
            "We asked once, before the shared record started, and have not gone back.",
        ),
        (
            "A panel of twelve residents meets twice a year. Younger people are missing.",
            "Leaflets in nine languages, and a page that says who uses the data and why.",
            "We hear opinions on services; on data itself we rely on national surveys.",
        ),
        (
            "The panel changed what we show in the shared record, and we published why.",
            "We pay community researchers, and they present the findings themselves.",
        ),
    ),
}

GENERAL: Final[Bands] = (
    ("Not in place yet.", "Depends on one person."),
    ("In place in parts of the system.", "Agreed, and under way."),
    ("Routine across the system.", "Others have visited to see it."),
)

REASONS: Final = {
    "gp_practice_coverage": (
        "There is no linked dataset yet, so practices have nothing to supply to.",
        "The dataset takes a national feed and not one from each practice.",
    ),
    "analyst_fte": (
        "Analysts work for a shared service of two systems and cannot be divided.",
        "Posts are being moved between employers this year, and no count would be right.",
    ),
    "analyst_time_split": (
        "We do not record how analysts spend their time.",
        "The shared service does not report its time by system.",
    ),
}
GENERAL_REASONS: Final = ("This does not arise in our system.",)

LONG_TEXTS: Final = {
    "opportunities": (
        (
            "Joining social care data with health data for people in their last year of life. "
            "Everybody agrees that it would help, and it needs one agreement and two interfaces."
        ),
        (
            "Fewer national returns. If three of the monthly ones came from data that we already "
            "send, we would have a whole post back."
        ),
        (
            "Using the linked data in neighbourhood teams, where people decide whom to visit. It "
            "works in one place because one GP made it work."
        ),
        "Telling residents what their data has changed. We have examples and nobody whose job it is.",
        "A shared team of data engineers with our neighbours. None of us can recruit alone.",
        "Data quality at the source: the same three fields cause most of our corrections.",
    ),
    "peer_offer": (
        "Our one-page data sharing agreement, and the story of how we got eighteen partners to sign it.",
        "Open code for matching care home addresses to residents.",
        "How we run the residents' panel, including what we got wrong in its first year.",
        "An apprenticeship for analysts, shared between three employers.",
        "The risk list for neighbourhood teams, with an evaluation that shows where it did not help.",
        (
            "Nothing yet that is ready to be copied, but we would gladly talk about moving off two "
            "old warehouses."
        ),
    ),
}
GENERAL_TEXTS: Final = ("We would like to hear how others have done this.",)

OTHER: Final = {
    "external_flows": ("A data trust run with two universities", "The ambulance service's own platform"),
    "support_priorities": ("Help with merging two warehouses", "A year without reorganisation"),
}
GENERAL_OTHER: Final = ("Something that the list leaves out",)

RETURN_REASONS: Final = (
    "Please check the percentage of practices against the latest extract, as at the reference date.",
    "The chair of the public panel has not seen the section on engagement. Please have it read.",
    "The number of analysts looks like a headcount. We need whole-time equivalents.",
    "Please say in a comment what has changed since last year where the level went up by two.",
)

DONE_NOTES: Final = (
    "All answered. I asked the trusts' data leads before I did.",
    "Done. One level is lower than last year; the comment says why.",
    "Complete as far as I know. Please look at the comments before you send it.",
)

CHANGES_WANTED: Final = (
    "Thank you. Please say in a comment what shows that the highest level is true.",
    "Please check the two levels that went up with the people who run the service.",
)

EXTENSION_REASONS: Final = (
    "The data lead is on leave until after the closing time.",
    "The system waits for the council to confirm its answers.",
    "An outage of the platform in the last week before the closing time.",
    "The approver changed, and the new one starts next week.",
)


def comment_for(dimension_code: str, strength: float, place: int) -> str:
    """Return a comment that fits a dimension and a strength in levels; `place` picks one of several."""
    weak, middling, strong = COMMENTS.get(dimension_code, GENERAL)
    fitting = weak if strength < WEAK else middling if strength < MIDDLING else strong
    return fitting[place % len(fitting)]


def reason_for(question: Question, luck: random.Random) -> str:
    """Return why a question does not apply."""
    return luck.choice(REASONS.get(question.code, GENERAL_REASONS))


def long_text_for(question_code: str, luck: random.Random) -> str:
    """Return a paragraph that answers a question."""
    return luck.choice(LONG_TEXTS.get(question_code, GENERAL_TEXTS))


def other_for(question_code: str, luck: random.Random) -> str:
    """Return what stands beside the option for anything else."""
    return luck.choice(OTHER.get(question_code, GENERAL_OTHER))
