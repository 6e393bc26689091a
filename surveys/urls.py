"""Every address. The identity of what a page shows is in its address, never in the session."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from surveys.views import (
    activity,
    assessments,
    challenges,
    control_room,
    handing_out,
    health,
    help_pages,
    home,
    mail,
    moderation,
    organisation_changes,
    organisations,
    participants,
    people,
    people_import,
    printing,
    private_pages,
    question,
    questionnaires,
    releases,
    reminders,
    results,
    results_change,
    results_compare,
    results_correction,
    results_gap,
    results_learn,
    results_question,
    results_report,
    round_moderation,
    rounds,
    section_marks,
    sections,
    sign_in,
    signing,
    submissions,
    system_groups,
    workbooks,
)

ACCOUNT: list[URLPattern] = [
    path("", home.home_page, name="home"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", private_pages.SignOut.as_view(), name="sign_out"),
    path("password/", sign_in.password_link, name="password_link"),
    path("password/sent/", sign_in.PasswordLinkSent.as_view(), name="password_link_sent"),
    path("password/<uidb64>/<token>/", sign_in.ChoosePassword.as_view(), name="choose_password"),
    path("password/chosen/", sign_in.PasswordChosen.as_view(), name="password_chosen"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

ASSESSMENTS: list[URLPattern] = [
    path("assessments/<int:assessment_id>/", assessments.assessment, name="assessment"),
    path(
        "assessments/<int:assessment_id>/sections/<str:dimension_code>/",
        sections.section,
        name="section",
    ),
    path(
        "assessments/<int:assessment_id>/sections/<str:dimension_code>/people/",
        handing_out.section_people,
        name="section_people",
    ),
    path(
        "assessments/<int:assessment_id>/sections/<str:dimension_code>/progress/",
        section_marks.section_marks,
        name="section_marks",
    ),
    path("assessments/<int:assessment_id>/mine/", handing_out.my_questions, name="my_questions"),
    path("assessments/<int:assessment_id>/people/", handing_out.people, name="assessment_people"),
    path("assessments/<int:assessment_id>/people/invite/", handing_out.invite, name="invite_colleague"),
    path(
        "assessments/<int:assessment_id>/people/<int:person_id>/invite-again/",
        handing_out.invite_again,
        name="invite_colleague_again",
    ),
    path(
        "assessments/<int:assessment_id>/people/<int:person_id>/remove/",
        handing_out.remove,
        name="remove_colleague",
    ),
    path("assessments/<int:assessment_id>/check/", assessments.check_answers, name="check_answers"),
    path("assessments/<int:assessment_id>/send-for-sign-off/", assessments.send, name="send_for_signoff"),
    path("assessments/<int:assessment_id>/sign-off/", signing.signoff, name="signoff"),
    path("assessments/<int:assessment_id>/return/", signing.return_assessment, name="return_assessment"),
    path(
        "assessments/<int:assessment_id>/submissions/<int:number>/",
        submissions.submission,
        name="submission",
    ),
    path(
        "assessments/<int:assessment_id>/submissions/compare/",
        submissions.compare_submissions,
        name="compare_submissions",
    ),
    path(
        "assessments/<int:assessment_id>/submissions/compare.csv",
        submissions.compare_submissions_csv,
        name="compare_submissions_csv",
    ),
    path(
        "assessments/<int:assessment_id>/submissions/<int:number>.json",
        submissions.submission_json,
        name="submission_json",
    ),
    path(
        "assessments/<int:assessment_id>/submissions/<int:number>.xlsx",
        workbooks.submission_xlsx,
        name="submission_xlsx",
    ),
    path("assessments/<int:assessment_id>/workbook.xlsx", workbooks.workbook, name="workbook"),
    path("assessments/<int:assessment_id>/workbook/", workbooks.upload_workbook, name="upload_workbook"),
    path(
        "assessments/<int:assessment_id>/workbook/take-in/",
        workbooks.take_in_workbook,
        name="take_in_workbook",
    ),
    path("assessments/<int:assessment_id>/print/", printing.print_questions, name="print_questions"),
]

QUESTIONS: list[URLPattern] = [
    path(
        "assessments/<int:assessment_id>/history.csv",
        question.assessment_history,
        name="assessment_history_csv",
    ),
    *(
        path(f"assessments/<int:assessment_id>/questions/<str:question_code>/{rest}", view, name=name)
        for rest, view, name in (
            ("", question.question, "question"),
            ("history.csv", question.question_history, "question_history_csv"),
            ("comments/", question.add_comment, "add_comment"),
            ("comments/<int:comment_id>/resolve/", question.resolve_thread, "resolve_thread"),
            ("comments/<int:comment_id>/reopen/", question.reopen_thread, "reopen_thread"),
            ("comments/<int:comment_id>/withdraw/", question.withdraw_comment, "withdraw_comment"),
            ("evidence/link/", question.add_link, "add_evidence_link"),
            ("evidence/file/", question.add_file, "add_evidence_file"),
            ("evidence/<int:evidence_id>/", question.file, "evidence_file"),
            ("evidence/<int:evidence_id>/remove/", question.remove_evidence, "remove_evidence"),
        )
    ),
]

RESULTS: list[URLPattern] = [
    path("results/", results.results, name="results"),
    path("results/groups/", system_groups.group_list, name="system_groups"),
    path("results/groups/<int:group_id>/", system_groups.group, name="system_group"),
    path("results/groups/<int:group_id>/edit/", system_groups.edit_group, name="edit_system_group"),
    path("results/groups/<int:group_id>/delete/", system_groups.delete_group, name="delete_system_group"),
    path("results/<int:release_id>/groups/new/", system_groups.new_group, name="new_system_group"),
    path("results/<int:release_id>/", results.results_overview, name="results_overview"),
    path("results/<int:release_id>/overview.csv", results.results_overview_csv, name="results_overview_csv"),
    path("results/<int:release_id>/change/", results_change.results_change, name="results_change"),
    path("results/<int:release_id>/change.csv", results_change.results_change_csv, name="results_change_csv"),
    path(
        "results/<int:release_id>/change-by-dimension.csv",
        results_change.results_change_dimensions_csv,
        name="results_change_dimensions_csv",
    ),
    path(
        "results/<int:release_id>/deciles.csv",
        results_change.results_deciles_csv,
        name="results_deciles_csv",
    ),
    path("results/<int:release_id>/compare/", results_compare.results_compare, name="results_compare"),
    path(
        "results/<int:release_id>/compare.csv",
        results_compare.results_compare_csv,
        name="results_compare_csv",
    ),
    path("results/<int:release_id>/withdraw/", releases.withdraw_release, name="withdraw_release"),
    path(
        "results/<int:release_id>/correction/",
        results_correction.results_correction,
        name="results_correction",
    ),
    path(
        "results/<int:release_id>/correction.csv",
        results_correction.results_correction_csv,
        name="results_correction_csv",
    ),
    path("results/<int:release_id>/gap/", results_gap.results_gap, name="results_gap"),
    path("results/<int:release_id>/gap.csv", results_gap.results_gap_csv, name="results_gap_csv"),
    path("results/<int:release_id>/learn-from/", results_learn.results_learn, name="results_learn"),
    path(
        "results/<int:release_id>/learn-from.csv", results_learn.results_learn_csv, name="results_learn_csv"
    ),
    path("results/<int:release_id>/offers.csv", results_learn.results_offers_csv, name="results_offers_csv"),
    path("results/<int:release_id>/scores.csv", results.results_scores_csv, name="results_scores_csv"),
    path(
        "results/<int:release_id>/dimensions/<str:dimension_code>/",
        results.results_dimension,
        name="results_dimension",
    ),
    path(
        "results/<int:release_id>/dimensions/<str:dimension_code>.csv",
        results.results_dimension_csv,
        name="results_dimension_csv",
    ),
    path(
        "results/<int:release_id>/questions/<str:question_code>/",
        results_question.results_question,
        name="results_question",
    ),
    path(
        "results/<int:release_id>/questions/<str:question_code>.csv",
        results_question.results_question_csv,
        name="results_question_csv",
    ),
    path(
        "results/<int:release_id>/systems/<int:assessment_id>/",
        results.results_system,
        name="results_system",
    ),
    path(
        "results/<int:release_id>/systems/<int:assessment_id>/report/",
        results_report.results_report,
        name="results_report",
    ),
    path(
        "results/<int:release_id>/systems/<int:assessment_id>.csv",
        results.results_system_csv,
        name="results_system_csv",
    ),
    path(
        "results/<int:release_id>/systems/<int:assessment_id>/dimensions/<str:dimension_code>/",
        results.results_answers,
        name="results_answers",
    ),
]

ROUNDS: list[URLPattern] = [
    path("rounds/", rounds.round_list, name="rounds"),
    path("rounds/new/", rounds.new_round, name="new_round"),
    path("rounds/<int:round_id>/", rounds.round_room, name="round"),
    path("rounds/<int:round_id>/control-room/", control_room.control_room, name="control_room"),
    path("rounds/<int:round_id>/control-room.csv", control_room.control_room_csv, name="control_room_csv"),
    path("rounds/<int:round_id>/burn-up.csv", control_room.burn_up_csv, name="burn_up_csv"),
    path("rounds/<int:round_id>/flags.csv", control_room.flags_csv, name="flags_csv"),
    path("rounds/<int:round_id>/reminders/", reminders.reminders, name="reminders"),
    path("rounds/<int:round_id>/reminders/usual/", reminders.plan_usual, name="plan_usual_reminders"),
    path("rounds/<int:round_id>/reminders/new/", reminders.plan_reminder, name="plan_reminder"),
    path("rounds/<int:round_id>/reminders/send/", reminders.send_reminder, name="send_reminder"),
    path(
        "rounds/<int:round_id>/reminders/<int:planned_id>/",
        reminders.change_reminder,
        name="change_reminder",
    ),
    path(
        "rounds/<int:round_id>/reminders/<int:planned_id>/stop/",
        reminders.stop_reminder,
        name="stop_reminder",
    ),
    path("rounds/<int:round_id>/progress.csv", rounds.progress_file, name="round_progress_csv"),
    path("rounds/<int:round_id>/time.csv", rounds.time_file, name="round_time_csv"),
    path("rounds/<int:round_id>/edit/", rounds.edit_round, name="edit_round"),
    path("rounds/<int:round_id>/participants/", rounds.round_participants, name="round_participants"),
    path("rounds/<int:round_id>/participants/add/", participants.add_participant, name="add_participant"),
    path("rounds/<int:round_id>/open/", rounds.open_round, name="open_round"),
    path("rounds/<int:round_id>/close/", rounds.close_round, name="close_round"),
    path("rounds/<int:round_id>/reopen/", rounds.reopen_round, name="reopen_round"),
    path("assessments/<int:assessment_id>/extend/", rounds.extend, name="extend"),
    path(
        "assessments/<int:assessment_id>/withdraw/",
        participants.withdraw_participant,
        name="withdraw_participant",
    ),
    path(
        "assessments/<int:assessment_id>/take-part-again/",
        participants.restore_participant,
        name="restore_participant",
    ),
    path("rounds/<int:round_id>/challenges/", challenges.round_challenges, name="round_challenges"),
    path(
        "rounds/<int:round_id>/challenges.csv", challenges.round_challenges_csv, name="round_challenges_csv"
    ),
    path("rounds/<int:round_id>/challenges/time/", challenges.challenge_time, name="challenge_time"),
    path("challenges/<int:challenge_id>/", challenges.answer_challenge, name="answer_challenge"),
    path(
        "assessments/<int:assessment_id>/challenges/",
        challenges.system_challenges,
        name="system_challenges",
    ),
    path("rounds/<int:round_id>/release/", releases.release_results, name="release_provisionally"),
    path("rounds/<int:round_id>/publish/", releases.publish_results, name="publish_round"),
    path("rounds/<int:round_id>/correct/", releases.correct_results, name="correct_round"),
]

MODERATION: list[URLPattern] = [
    path("rounds/<int:round_id>/moderation/", round_moderation.round_moderation, name="round_moderation"),
    path("rounds/<int:round_id>/moderation.csv", round_moderation.moderation_csv, name="moderation_csv"),
    path("rounds/<int:round_id>/moderation/plan/", round_moderation.plan, name="moderation_plan"),
    path(
        "rounds/<int:round_id>/moderation/agreement/",
        round_moderation.moderation_agreement,
        name="moderation_agreement",
    ),
    path(
        "rounds/<int:round_id>/moderation/agreement.csv",
        round_moderation.moderation_agreement_csv,
        name="moderation_agreement_csv",
    ),
    path("assessments/<int:assessment_id>/moderation/", moderation.moderation, name="assessment_moderation"),
    path(
        "assessments/<int:assessment_id>/moderation/questions/<str:question_code>/",
        moderation.moderated_level,
        name="moderated_level",
    ),
    path("assessments/<int:assessment_id>/moderation/reviewers/", moderation.reviewers, name="reviewers"),
    path(
        "assessments/<int:assessment_id>/moderation/reviewers/<int:review_id>/end/",
        moderation.end_review,
        name="end_review",
    ),
]

QUESTIONNAIRES: list[URLPattern] = [
    path("questionnaires/", questionnaires.questionnaire_list, name="questionnaires"),
    path("questionnaires/upload/", questionnaires.upload_questionnaire, name="upload_questionnaire"),
    path("questionnaires/template/", questionnaires.template_of_questionnaire, name="questionnaire_template"),
    path(
        "questionnaires/<int:questionnaire_id>/",
        questionnaires.questionnaire_preview,
        name="questionnaire",
    ),
    path(
        "questionnaires/<int:questionnaire_id>/file/",
        questionnaires.questionnaire_file,
        name="questionnaire_file",
    ),
    path(
        "questionnaires/<int:questionnaire_id>/questions/",
        questionnaires.questionnaire_questions,
        name="questionnaire_questions",
    ),
    path(
        "questionnaires/<int:questionnaire_id>/phone/",
        questionnaires.questionnaire_on_a_phone,
        name="questionnaire_on_a_phone",
    ),
    path(
        "questionnaires/<int:questionnaire_id>/workbook/",
        questionnaires.questionnaire_xlsx,
        name="questionnaire_workbook",
    ),
    path(
        "questionnaires/<int:questionnaire_id>/changes/",
        questionnaires.changes_of_questionnaire,
        name="questionnaire_changes",
    ),
    path(
        "questionnaires/<int:questionnaire_id>/map/",
        questionnaires.questionnaire_map,
        name="questionnaire_map",
    ),
    path(
        "questionnaires/<int:questionnaire_id>/publish/",
        questionnaires.publish_questionnaire,
        name="publish_questionnaire",
    ),
    path(
        "questionnaires/<int:questionnaire_id>/discard/",
        questionnaires.discard_questionnaire,
        name="discard_questionnaire",
    ),
    path(
        "questionnaires/<int:questionnaire_id>/print/",
        printing.print_questionnaire,
        name="print_questionnaire",
    ),
]

ORGANISATIONS: list[URLPattern] = [
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/changes/", organisation_changes.upload_changes, name="organisation_changes"),
    path(
        "organisations/changes/apply/",
        organisation_changes.apply_changes,
        name="apply_organisation_changes",
    ),
    path("organisations/<int:organisation_id>/", organisations.organisation_life, name="organisation"),
]

PEOPLE: list[URLPattern] = [
    path("people/", people.people_list, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/import/", people_import.upload_people, name="import_people"),
    path("people/import/take-in/", people_import.take_in_people, name="take_in_people"),
    path("people/import/template.csv", people_import.template_file, name="people_template_csv"),
    path("people/<int:person_id>/", people.person_details, name="person"),
    path("people/<int:person_id>/edit/", people.edit_person, name="edit_person"),
    path("people/<int:person_id>/memberships/new/", people.add_membership, name="add_membership"),
    path(
        "people/<int:person_id>/memberships/<int:membership_id>/end/",
        people.end_membership,
        name="end_membership",
    ),
    path("people/<int:person_id>/deactivate/", people.deactivate_person, name="deactivate_person"),
    path("people/<int:person_id>/reactivate/", people.reactivate_person, name="reactivate_person"),
    path("people/<int:person_id>/invite/", people.invite_person, name="invite_person"),
]

MAIL: list[URLPattern] = [
    path("mail/", mail.demo_mail, name="demo_mail"),
    path("mail/status/", mail.mail_status, name="mail_status"),
    path("mail/<int:message_id>/send-again/", mail.send_message_again, name="send_message_again"),
]

ACTIVITY: list[URLPattern] = [
    path("activity/", activity.activity, name="activity"),
    path("activity.csv", activity.activity_file, name="activity_csv"),
]

HELP: list[URLPattern] = [
    path("help/roles/", help_pages.roles, name="roles"),
    path("method/", help_pages.method, name="method"),
    path("accessibility/", help_pages.accessibility, name="accessibility"),
    path("privacy/", help_pages.privacy, name="privacy"),
]

urlpatterns: list[URLPattern] = [
    *ACCOUNT,
    *ASSESSMENTS,
    *QUESTIONS,
    *RESULTS,
    *ROUNDS,
    *MODERATION,
    *QUESTIONNAIRES,
    *ORGANISATIONS,
    *PEOPLE,
    *MAIL,
    *ACTIVITY,
    *HELP,
]
