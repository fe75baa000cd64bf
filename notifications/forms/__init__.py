from notifications.forms.desk import MessageTextForm, OutboxForm
from notifications.forms.mine import PreferencesForm

__all__ = ["MessageTextForm", "OutboxForm", "PreferencesForm"]
