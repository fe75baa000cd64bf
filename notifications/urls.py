"""A person's messages, and the desk of whoever looks after them."""

from django.urls import URLPattern

app_name = "notifications"
urlpatterns: list[URLPattern] = [
    # The person's own: inbox, preferences, unsubscribing: notifications.views.mine
    # Whoever looks after messages: outbox, returned mail: notifications.views.desk
]
