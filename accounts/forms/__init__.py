from accounts.forms.joining import (
    DeclineForm,
    FindOrganisationForm,
    InvitePersonForm,
    LastDayForm,
    OrganisationsFilterForm,
    PeopleFilterForm,
    StartsOnForm,
    TeamLinkForm,
)
from accounts.forms.profile import SignupForm

__all__ = [
    "DeclineForm",
    "FindOrganisationForm",
    "InvitePersonForm",
    "LastDayForm",
    "OrganisationsFilterForm",
    "PeopleFilterForm",
    "SignupForm",
    "StartsOnForm",
    "TeamLinkForm",
]
