from django.urls import path, re_path

from courses.models.recordings import RECORDING_FOLDERS
from courses.views import (
    assessment,
    branching,
    catalogue,
    cpd,
    drafts,
    evaluation,
    evaluation_results,
    figures,
    learning,
    library,
    question_statistics,
    records,
    reflections,
    sharing,
    team,
    trying,
    versions,
)

app_name = "courses"
_TEAM = "our-people/<uuid:organisation>/courses"
urlpatterns = [
    path("courses/", catalogue.CatalogueView.as_view(), name="catalogue"),
    path("courses/<slug:slug>/", catalogue.CourseView.as_view(), name="course"),
    path("courses/<slug:slug>/enrol/", catalogue.EnrolView.as_view(), name="enrol"),
    path("courses/<slug:slug>/leave/", sharing.LeaveCourseView.as_view(), name="leave"),
    path("courses/<slug:slug>/continue/", learning.ContinueView.as_view(), name="continue"),
    path("courses/<slug:slug>/completed/", learning.CompletedView.as_view(), name="completed"),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/",
        learning.LessonView.as_view(),
        name="lesson",
    ),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/questions/<uuid:question_id>/",
        learning.AnswerView.as_view(),
        name="answer",
    ),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/questions/<uuid:question_id>/draft/",
        drafts.DraftView.as_view(),
        name="draft",
    ),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/questions/<uuid:question_id>/step/",
        branching.StepView.as_view(),
        name="step",
    ),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/reflections/<slug:block_id>/",
        reflections.ReflectionView.as_view(),
        name="reflection",
    ),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/finish/",
        learning.FinishLessonView.as_view(),
        name="lesson-finish",
    ),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/place/",
        learning.KeepPlaceView.as_view(),
        name="lesson-place",
    ),
    path("courses/<slug:slug>/move-up/", versions.MoveUpView.as_view(), name="move-up"),
    path("courses/<slug:slug>/versions/", versions.VersionsView.as_view(), name="versions"),
    path("learning/", records.LearningListView.as_view(), name="learning-list"),
    path("learning/<uuid:public_id>/", records.LearningView.as_view(), name="learning"),
    path(
        "learning/<uuid:public_id>/repair/<slug:action>/",
        records.RepairView.as_view(),
        name="repair",
    ),
    path(
        "learning/<uuid:public_id>/repair/<slug:action>/<slug:target>/",
        records.RepairView.as_view(),
        name="repair-of",
    ),
    path("courses/<slug:slug>/assessment/", assessment.AssessmentView.as_view(), name="assessment"),
    path(
        "courses/<slug:slug>/assessment/start/",
        assessment.StartAttemptView.as_view(),
        name="attempt-start",
    ),
    path(
        "courses/<slug:slug>/assessment/<uuid:attempt_id>/",
        assessment.AttemptView.as_view(),
        name="attempt",
    ),
    path(
        "courses/<slug:slug>/assessment/<uuid:attempt_id>/questions/<int:position>/",
        assessment.AttemptQuestionView.as_view(),
        name="attempt-question",
    ),
    path(
        "courses/<slug:slug>/assessment/<uuid:attempt_id>/hand-in/",
        assessment.HandInView.as_view(),
        name="attempt-hand-in",
    ),
    path(
        "courses/<slug:slug>/questions/",
        question_statistics.QuestionStatisticsView.as_view(),
        name="question-statistics",
    ),
    path(
        "courses/<slug:slug>/questions.csv",
        question_statistics.QuestionStatisticsFileView.as_view(),
        name="question-statistics-csv",
    ),
    path("courses/<slug:slug>/figures/", figures.FiguresView.as_view(), name="figures"),
    path("courses/<slug:slug>/figures.csv", figures.FiguresFileView.as_view(), name="figures-csv"),
    path("courses/<slug:slug>/test/", trying.TestView.as_view(), name="test"),
    path("courses/<slug:slug>/test/end/", trying.EndTestView.as_view(), name="test-end"),
    path("courses/<slug:slug>/evaluation/", evaluation.EvaluationView.as_view(), name="evaluation"),
    path(
        "courses/<slug:slug>/evaluation/questions/<uuid:question>/",
        evaluation.EvaluationQuestionView.as_view(),
        name="evaluation-question",
    ),
    path(
        "courses/<slug:slug>/evaluation/results/",
        evaluation_results.EvaluationResultsView.as_view(),
        name="evaluation-results",
    ),
    path(
        "courses/<slug:slug>/evaluation/results.csv",
        evaluation_results.EvaluationResultsFileView.as_view(),
        name="evaluation-results-csv",
    ),
    path(
        "evaluations/",
        evaluation_results.EvaluationListView.as_view(),
        name="evaluation-list",
    ),
    re_path(r"^c/(?P<code>[0-9a-f]{12})/$", sharing.ShortAddressView.as_view(), name="short"),
    path(f"{_TEAM}/", team.TeamCoursesView.as_view(), name="team"),
    path(f"{_TEAM}.csv", team.TeamCoursesFileView.as_view(), name="team-csv"),
    path(f"{_TEAM}/enrol/", team.ChooseTeamCourseView.as_view(), name="team-enrol"),
    path(
        f"{_TEAM}/enrol/<slug:slug>/<slug:route>/",
        team.TeamPeopleView.as_view(),
        name="team-people",
    ),
    path(f"{_TEAM}/invite/<slug:slug>/", sharing.InviteToCourseView.as_view(), name="team-invite"),
    path("my-learning/", learning.MyLearningView.as_view(), name="my-learning"),
    path(
        "my-learning/reflections/",
        reflections.MyReflectionsView.as_view(),
        name="reflections",
    ),
    path(
        "my-learning/reflections/download/",
        reflections.DownloadReflectionsView.as_view(),
        name="reflections-download",
    ),
    path(
        "my-learning/reflections/<int:pk>/erase/",
        reflections.EraseReflectionView.as_view(),
        name="reflection-erase",
    ),
    *(
        path(f"media/{folder}/<path:path>", library.RecordingFileView.as_view(folder=folder))
        for folder in RECORDING_FOLDERS
    ),
    path(
        "my-learning/reflections/<int:pk>/cpd/",
        reflections.ChooseReflectionView.as_view(),
        name="reflection-cpd",
    ),
    path("my-learning/cpd/", cpd.CpdView.as_view(), name="cpd"),
    path("my-learning/cpd/year/", cpd.CpdYearView.as_view(), name="cpd-year"),
    path("my-learning/cpd/add/", cpd.AddEntryView.as_view(), name="cpd-add"),
    path("my-learning/cpd/record.csv", cpd.CpdTableView.as_view(), name="cpd-csv"),
    path("my-learning/cpd/pdf/", cpd.AskForFileView.as_view(), name="cpd-pdf"),
    path("my-learning/cpd/pdf/<uuid:public_id>/", cpd.FileView.as_view(), name="cpd-file"),
    path(
        "my-learning/cpd/pdf/<uuid:public_id>/download/",
        cpd.DownloadFileView.as_view(),
        name="cpd-download",
    ),
    path(
        "my-learning/cpd/<uuid:public_id>/",
        cpd.ChangeEntryView.as_view(),
        name="cpd-change",
    ),
    path(
        "my-learning/cpd/<uuid:public_id>/delete/",
        cpd.DeleteEntryView.as_view(),
        name="cpd-delete",
    ),
]
