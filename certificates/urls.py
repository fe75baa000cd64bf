from django.urls import path

from certificates import views

app_name = "certificates"
urlpatterns = [
    path("check/", views.VerifyView.as_view(), name="verify"),
    path("check/<str:code>/", views.VerifyCodeView.as_view(), name="verify-code"),
    path("certificates/", views.MyCertificatesView.as_view(), name="mine"),
    path("certificates/<uuid:public_id>/", views.AwardView.as_view(), name="award"),
    path("certificates/<uuid:public_id>/download/", views.DownloadView.as_view(), name="download"),
]
