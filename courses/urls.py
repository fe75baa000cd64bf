from django.urls import path

from courses import views

app_name = "courses"
urlpatterns = [
    path("courses/", views.CatalogueView.as_view(), name="catalogue"),
    path("courses/<slug:slug>/", views.CourseView.as_view(), name="course"),
    path("courses/<slug:slug>/enrol/", views.EnrolView.as_view(), name="enrol"),
    path("courses/<slug:slug>/continue/", views.ContinueView.as_view(), name="continue"),
    path("courses/<slug:slug>/completed/", views.CompletedView.as_view(), name="completed"),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/", views.LessonView.as_view(), name="lesson"
    ),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/questions/<uuid:question_id>/",
        views.AnswerView.as_view(),
        name="answer",
    ),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/finish/",
        views.FinishLessonView.as_view(),
        name="lesson-finish",
    ),
    path(
        "courses/<slug:slug>/lessons/<uuid:lesson_id>/place/",
        views.KeepPlaceView.as_view(),
        name="lesson-place",
    ),
    path("my-learning/", views.MyLearningView.as_view(), name="my-learning"),
]
