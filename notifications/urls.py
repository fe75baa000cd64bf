"""A person's messages, and the desk of whoever looks after them."""

from django.urls import URLPattern, path

from notifications.views import desk, mine

app_name = "notifications"
urlpatterns: list[URLPattern] = [
    path("messages/", mine.InboxView.as_view(), name="inbox"),
    path("messages/read/", mine.ReadAllView.as_view(), name="read-all"),
    path("messages/<uuid:public_id>/", mine.MessageView.as_view(), name="message"),
    path("messages/unsubscribe/<str:token>/", mine.UnsubscribeView.as_view(), name="unsubscribe"),
    path("account/messages/", mine.PreferencesView.as_view(), name="preferences"),
    # Whoever looks after messages: outbox, returned mail: notifications.views.desk
    path("outbox/", desk.OutboxView.as_view(), name="outbox"),
    path("outbox/<int:pk>/retry/", desk.RetryNoticeView.as_view(), name="notice-retry"),
    path(
        "outbox/returned/<int:pk>/try-again/",
        desk.TryAddressView.as_view(),
        name="address-try-again",
    ),
]
