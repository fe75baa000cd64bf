"""Verification codes: twelve characters that are easy to read aloud and hard to guess."""

import re
import secrets

# Crockford's base 32: no I, L, O (read as 1, 1, 0) and no U. https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_GROUP = 4
_LOOKALIKES = str.maketrans("OIL", "011")
_FILLERS = re.compile(r"[\s\-\u2010-\u2015_.]+")
_PART = re.compile(rf"[{ALPHABET}]{{{_GROUP},{LENGTH}}}")
_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """Draw a code at random: 60 bits from the system's own source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def parse_code(typed: str) -> str | None:
    """Read a code as somebody typed it: any capitals, any grouping, O for 0, I or L for 1.

    None when it cannot be one.
    """
    code = _FILLERS.sub("", typed).upper().translate(_LOOKALIKES)
    return code if _CODE.fullmatch(code) else None


def part_of_code(typed: str) -> str:
    """Read at least four letters of a code as somebody typed them; "" when they cannot be any."""
    part = _FILLERS.sub("", typed).upper().translate(_LOOKALIKES)
    return part if _PART.fullmatch(part) else ""


def written_code(code: str) -> str:
    """Write a code as it is printed: in groups of four."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
