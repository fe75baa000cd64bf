"""A person's own page, the people of organisations, and those who join."""

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    # The person's own page: accounts.views.me
    # Our people, invitations, requests to join: accounts.views.joining, accounts.views.our_people
    # Importing people: accounts.views.imports
    # People and roles: accounts.views.people, accounts.views.roles
]
