from django.urls import path

from certificates.views import awards, bundles, names

app_name = "certificates"
urlpatterns = [
    path("check/", awards.VerifyView.as_view(), name="verify"),
    path("check/<str:code>/", awards.VerifyCodeView.as_view(), name="verify-code"),
    path("certificates/", awards.MyCertificatesView.as_view(), name="mine"),
    path("certificates/<uuid:public_id>/", awards.AwardView.as_view(), name="award"),
    path("certificates/<uuid:public_id>/download/", awards.DownloadView.as_view(), name="download"),
    path(
        "certificates/<uuid:public_id>/name/", names.AskForNameView.as_view(), name="ask-for-name"
    ),
    path(
        "certificates/names/<uuid:public_id>/withdraw/",
        names.WithdrawNameView.as_view(),
        name="name-withdraw",
    ),
    path("certificates/given/", bundles.BundleListView.as_view(), name="bundle-list"),
    path("certificates/given/new/", bundles.NewBundleView.as_view(), name="bundle-new"),
    path("certificates/given/files/<uuid:public_id>/", bundles.BundleView.as_view(), name="bundle"),
    path(
        "certificates/given/files/<uuid:public_id>/download/",
        bundles.DownloadBundleView.as_view(),
        name="bundle-download",
    ),
    path("certificates/given/names/", names.NameListView.as_view(), name="name-list"),
    path("certificates/given/names/<uuid:public_id>/", names.NameView.as_view(), name="name"),
]
