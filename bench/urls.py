"""The site's addresses, and one page of nothing: what middleware, session and person cost alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lms.urls import urlpatterns as site

NOTHING = "bench/nothing/"


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user))


urlpatterns = [path(NOTHING, nothing), *site]
