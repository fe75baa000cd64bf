from django.urls import path

from certificates.views import awards

app_name = "certificates"
urlpatterns = [
    path("check/", awards.VerifyView.as_view(), name="verify"),
    path("check/<str:code>/", awards.VerifyCodeView.as_view(), name="verify-code"),
    path("certificates/", awards.MyCertificatesView.as_view(), name="mine"),
    path("certificates/<uuid:public_id>/", awards.AwardView.as_view(), name="award"),
    path("certificates/<uuid:public_id>/download/", awards.DownloadView.as_view(), name="download"),
]
