"""What courses holds about people, and how its audit lines read."""

from accounts.services import register_action
from accounts.services.held import register_holdings
from courses.services.held import assessment, corrections, cpd, facts, keeping, learning, packs


def register() -> None:
    """Hand them to the registry, once, when the app is ready."""
    register_holdings(learning.HOLDINGS)
    register_holdings(facts.HOLDINGS)
    register_holdings(corrections.HOLDINGS)
    for code, (sentence, words) in corrections.ACTIONS.items():
        register_action(code, sentence, words)
    register_holdings(keeping.HOLDINGS)
    register_holdings(assessment.HOLDINGS)
    register_holdings(packs.HOLDINGS)
    for code, (sentence, words) in packs.ACTIONS.items():
        register_action(code, sentence, words)
    register_holdings(cpd.HOLDINGS)
