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
from accounts.forms.people import (
    AT_ONCE,
    WITH_A_DAY,
    CloseAccountForm,
    GiveRoleForm,
    PeopleForm,
    ResetSecondFactorForm,
    TakeRoleForm,
)
from accounts.forms.profile import ProfileForm, SignupForm

__all__ = [
    "AT_ONCE",
    "WITH_A_DAY",
    "CloseAccountForm",
    "ColumnsForm",
    "DeclineForm",
    "FindOrganisationForm",
    "GiveRoleForm",
    "HowToImportForm",
    "InvitePersonForm",
    "LastDayForm",
    "OrganisationsFilterForm",
    "PeopleFilterForm",
    "PeopleForm",
    "ProfileForm",
    "ResetSecondFactorForm",
    "SignupForm",
    "StartsOnForm",
    "TakeRoleForm",
    "TeamLinkForm",
    "UploadForm",
    "WordsForm",
]
