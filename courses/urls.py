from django.urls import path

from courses.views import assessment, catalogue, learning, question_statistics

app_name = "courses"
urlpatterns = [
    path("courses/", catalogue.CatalogueView.as_view(), name="catalogue"),
    path("courses/<slug:slug>/", catalogue.CourseView.as_view(), name="course"),
    path("courses/<slug:slug>/enrol/", catalogue.EnrolView.as_view(), name="enrol"),
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
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/finish/",
        learning.FinishLessonView.as_view(),
        name="lesson-finish",
    ),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/place/",
        learning.KeepPlaceView.as_view(),
        name="lesson-place",
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
    path("my-learning/", learning.MyLearningView.as_view(), name="my-learning"),
]
