from accounts.forms.imports import ColumnsForm, HowToImportForm, UploadForm, WordsForm
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
    "ColumnsForm",
    "DeclineForm",
    "FindOrganisationForm",
    "HowToImportForm",
    "InvitePersonForm",
    "LastDayForm",
    "OrganisationsFilterForm",
    "PeopleFilterForm",
    "SignupForm",
    "StartsOnForm",
    "TeamLinkForm",
    "UploadForm",
    "WordsForm",
]
