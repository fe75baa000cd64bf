from certificates.forms.awards import (
    CheckForm,
    DesignForm,
    HolderNameForm,
    ReissueForm,
    RevokeForm,
    code_not_found,
)
from certificates.forms.bundles import BundleForm
from certificates.forms.names import AskForNameForm, DecideNameForm

__all__ = [
    "AskForNameForm",
    "BundleForm",
    "CheckForm",
    "DecideNameForm",
    "DesignForm",
    "HolderNameForm",
    "ReissueForm",
    "RevokeForm",
    "code_not_found",
]
