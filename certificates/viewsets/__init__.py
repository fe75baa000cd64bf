from certificates.viewsets.awards import (
    AwardListView,
    GivenAwardView,
    ReissueAwardView,
    RenderAgainView,
    RevokeAwardView,
)
from certificates.viewsets.designs import DesignViewSet, UseDesignView

__all__ = [
    "AwardListView",
    "DesignViewSet",
    "GivenAwardView",
    "ReissueAwardView",
    "RenderAgainView",
    "RevokeAwardView",
    "UseDesignView",
]
