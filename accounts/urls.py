"""A person's own page, the people of organisations, and those who join."""

from django.urls import URLPattern, path

from accounts.enums import MembershipKind
from accounts.views import (
    closings,
    imports,
    invitations,
    joining,
    me,
    my_organisation,
    organisations,
    our_people,
    people,
)
from accounts.views.devices import DeviceListView, EndDeviceView, EndOtherDevicesView
from accounts.views.security import GoOnView, SecondFactorView, SecurityView

app_name = "accounts"

_ORGANISATION = "our-people/<uuid:organisation>/"
_PERSON = f"{_ORGANISATION}people/<uuid:person>/"
_INVITATION = f"{_ORGANISATION}invitations/<uuid:invitation>/"
_REQUEST = f"{_ORGANISATION}requests/<uuid:join_request>/"
_CHAMPION, _LEAD = {"kind": MembershipKind.CHAMPION}, {"kind": MembershipKind.LEAD}

urlpatterns: list[URLPattern] = [
    # Signing in: accounts.views.security, accounts.views.devices
    path("account/security/", SecurityView.as_view(), name="security"),
    path("account/security/second-step/", SecondFactorView.as_view(), name="second-factor"),
    path("account/security/second-step/go-on/", GoOnView.as_view(), name="second-factor-done"),
    path("account/security/devices/", DeviceListView.as_view(), name="device-list"),
    path("account/security/devices/<int:pk>/end/", EndDeviceView.as_view(), name="device-end"),
    path(
        "account/security/devices/end-others/",
        EndOtherDevicesView.as_view(),
        name="device-end-others",
    ),
    # The person's own page
    path("account/", me.MyAccountView.as_view(), name="me"),
    path("account/profile/", me.ProfileView.as_view(), name="profile"),
    path("account/held/", me.HeldView.as_view(), name="held"),
    path("account/held/download/", me.HeldDownloadView.as_view(), name="held-download"),
    # Our people, invitations, requests to join
    path("our-people/", our_people.OurPeopleView.as_view(), name="our-people"),
    path(_ORGANISATION, our_people.PeopleView.as_view(), name="organisation-people"),
    path(_PERSON, our_people.PersonView.as_view(), name="organisation-person"),
    path(f"{_PERSON}left/", our_people.LeftView.as_view(), name="person-left"),
    path(
        f"{_PERSON}champion/",
        our_people.NamePlaceView.as_view(**_CHAMPION),
        name="champion-name",
    ),
    path(
        f"{_PERSON}champion/end/",
        our_people.EndPlaceView.as_view(**_CHAMPION),
        name="champion-end",
    ),
    path(f"{_PERSON}lead/", our_people.NamePlaceView.as_view(**_LEAD), name="lead-name"),
    path(f"{_PERSON}lead/end/", our_people.EndPlaceView.as_view(**_LEAD), name="lead-end"),
    path(
        f"{_ORGANISATION}invitations/",
        invitations.InvitationListView.as_view(),
        name="invitation-list",
    ),
    path(
        f"{_ORGANISATION}invitations/person/",
        invitations.InvitePersonView.as_view(),
        name="invitation-person",
    ),
    path(
        f"{_ORGANISATION}invitations/team/",
        invitations.InviteTeamView.as_view(),
        name="invitation-team",
    ),
    path(_INVITATION, invitations.TeamLinkView.as_view(), name="invitation-team-link"),
    path(f"{_INVITATION}send/", invitations.SendInvitationView.as_view(), name="invitation-send"),
    path(
        f"{_INVITATION}withdraw/",
        invitations.WithdrawInvitationView.as_view(),
        name="invitation-withdraw",
    ),
    path(
        f"{_ORGANISATION}requests/",
        our_people.JoinRequestListView.as_view(),
        name="join-request-list",
    ),
    path(
        f"{_REQUEST}confirm/",
        invitations.ConfirmJoinRequestView.as_view(),
        name="join-request-confirm",
    ),
    path(
        f"{_REQUEST}decline/",
        invitations.DeclineJoinRequestView.as_view(),
        name="join-request-decline",
    ),
    path("organisations/", organisations.OrganisationListView.as_view(), name="organisation-list"),
    # Joining by a link
    path("join/done/<uuid:organisation>/", joining.JoinedView.as_view(), name="joined"),
    path("join/<str:token>/", joining.JoinView.as_view(), name="join"),
    # A person's own organisation
    path(
        "account/organisation/",
        my_organisation.MyOrganisationView.as_view(),
        name="my-organisation",
    ),
    path(
        "account/organisation/<uuid:organisation>/ask/",
        my_organisation.AskToJoinView.as_view(),
        name="join-request-ask",
    ),
    path(
        "account/organisation/<uuid:organisation>/leave/",
        my_organisation.LeaveOrganisationView.as_view(),
        name="organisation-leave",
    ),
    path(
        "account/organisation/requests/<uuid:join_request>/withdraw/",
        my_organisation.WithdrawJoinRequestView.as_view(),
        name="join-request-withdraw",
    ),
    # Importing people: accounts.views.imports
    path("people/imports/", imports.ImportListView.as_view(), name="import-list"),
    path("people/import/", imports.StartImportView.as_view(), name="import-start"),
    path("people/import/<uuid:public_id>/", imports.ImportView.as_view(), name="import-detail"),
    path(
        "people/import/<uuid:public_id>/columns/",
        imports.ColumnsView.as_view(),
        name="import-columns",
    ),
    path("people/import/<uuid:public_id>/words/", imports.WordsView.as_view(), name="import-words"),
    path(
        "people/import/<uuid:public_id>/preview/",
        imports.PreviewView.as_view(),
        name="import-preview",
    ),
    path("people/import/<uuid:public_id>/how/", imports.HowView.as_view(), name="import-how"),
    path(
        "people/import/<uuid:public_id>/to-put-right.csv",
        imports.RefusedRowsView.as_view(),
        {"form": "csv"},
        name="import-refused-csv",
    ),
    path(
        "people/import/<uuid:public_id>/to-put-right.xlsx",
        imports.RefusedRowsView.as_view(),
        {"form": "xlsx"},
        name="import-refused-xlsx",
    ),
    path("people/import/<uuid:public_id>/undo/", imports.UndoView.as_view(), name="import-undo"),
    path(
        "people/import/<uuid:public_id>/send-invitations/",
        imports.SendHeldView.as_view(),
        name="import-send-held",
    ),
    path(
        "people/import/<uuid:public_id>/give-up/",
        imports.AbandonView.as_view(),
        name="import-abandon",
    ),
    # People and roles
    path("people/", people.PersonListView.as_view(), name="person-list"),
    path("people/<uuid:public_id>/", people.PersonView.as_view(), name="person"),
    path("people/<uuid:public_id>/roles/give/", people.GiveRoleView.as_view(), name="role-give"),
    path(
        "people/<uuid:public_id>/roles/<int:pk>/take/",
        people.TakeRoleView.as_view(),
        name="role-take",
    ),
    path(
        "people/<uuid:public_id>/second-step/forget/",
        people.ResetSecondFactorView.as_view(),
        name="second-factor-reset",
    ),
    path(
        "people/<uuid:public_id>/close/",
        closings.CloseAccountView.as_view(),
        name="account-close",
    ),
    path("people/<uuid:public_id>/open/", closings.OpenAccountView.as_view(), name="account-open"),
    path("permissions/", people.PermissionsView.as_view(), name="permissions"),
]
