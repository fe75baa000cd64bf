"""What the form of a question sends."""

from typing import Any

from django.http import QueryDict


def response_in(sent: QueryDict) -> dict[str, Any]:
    """Read a response as it was typed: choices, positions, matches, text. Nothing is judged."""

    def under(prefix: str) -> dict[str, str]:
        found = {name: str(value) for name, value in sent.items() if name.startswith(prefix)}
        return {name.removeprefix(prefix): value for name, value in found.items()}

    return {
        "choices": sent.getlist("choice"),
        "positions": under("position-"),
        "matches": under("match-"),
        "text": sent.get("given", ""),
    }
