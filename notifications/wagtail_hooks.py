from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.enums import Permission
from notifications.views.texts import OriginalTextView, TextListView, TextView


class TextsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(Permission.EDIT_MESSAGES)


@hooks.register("register_admin_urls")
def register_text_urls() -> list[URLPattern]:
    return [
        path("message-texts/", TextListView.as_view(), name="message_texts"),
        path("message-texts/<str:code>/", TextView.as_view(), name="message_text"),
        path(
            "message-texts/<str:code>/original/",
            OriginalTextView.as_view(),
            name="message_text_original",
        ),
    ]


@hooks.register("register_admin_menu_item")
def register_texts() -> MenuItem:
    return TextsMenuItem(
        _("Texts of messages"), reverse("message_texts"), icon_name="mail", order=350
    )
