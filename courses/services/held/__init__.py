"""What courses holds about people."""

from accounts.services.held import register_holdings
from courses.services.held import assessment, learning


def register() -> None:
    """Hand them to the registry, once, when the app is ready."""
    register_holdings(learning.HOLDINGS)
    register_holdings(assessment.HOLDINGS)
