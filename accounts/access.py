"""Where Django's `has_perm` meets the role matrix."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from accounts.enums import Permission
from accounts.models import Area, Organisation, RoleGrant, Venue
from accounts.permissions import covers_organisation, covers_venue, grants_carrying
from accounts.queries import current_grants


class RoleBackend(AuthenticationBackend):
    """allauth's sign-in, with `user.has_perm(permission, place)` answered by roles and their scope.

    Without a place the question is 'anywhere?'. Permissions that are not in the matrix (Wagtail's
    own) are answered by the person's groups, which are synced from the same roles.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if perm not in Permission.values:
            return super().has_perm(user_obj, perm, obj)
        if not user_obj.is_active or user_obj.is_anonymous:
            return False
        grants = grants_carrying(self._grants(user_obj), Permission(perm))
        if obj is None:
            return bool(grants)
        return any(self._covers(grant, obj) for grant in grants)

    @staticmethod
    def _grants(user: Any) -> list[RoleGrant]:
        """Read a person's roles once a request: they are kept on the user object."""
        if not hasattr(user, "_current_grants"):
            user._current_grants = current_grants(user, on=timezone.localdate())
        return user._current_grants

    @staticmethod
    def _covers(grant: RoleGrant, place: Any) -> bool:
        if isinstance(place, Organisation):
            return covers_organisation(grant, place)
        if isinstance(place, Venue):
            return covers_venue(grant, place)
        if isinstance(place, Area):
            return covers_venue(grant, Venue(area=place))
        raise TypeError(f"A role has no scope that could reach {place!r}.")
