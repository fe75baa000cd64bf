"""A person's messages, and the desk of whoever looks after them."""

from django.urls import URLPattern, path

from notifications.views import desk

app_name = "notifications"
urlpatterns: list[URLPattern] = [
    # The person's own: inbox, preferences, unsubscribing: notifications.views.mine
    # Whoever looks after messages: outbox, returned mail: notifications.views.desk
    path("outbox/", desk.OutboxView.as_view(), name="outbox"),
    path("outbox/<int:pk>/retry/", desk.RetryNoticeView.as_view(), name="notice-retry"),
    path(
        "outbox/returned/<int:pk>/try-again/",
        desk.TryAddressView.as_view(),
        name="address-try-again",
    ),
]
