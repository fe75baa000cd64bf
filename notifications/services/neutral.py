"""What a subject must not say: others read it on a locked screen, over a shoulder, at work."""

import re
import unicodedata

# One list, to be made longer. Stems end in '*'; other words are matched whole, with their plural.
TELLING_WORDS = (
    "arrest*",
    "bail",
    "barrister",
    "conviction",
    "convicted",
    "court",
    "crime",
    "criminal*",
    "custod*",
    "dbs",
    "defendant",
    "gaol*",
    "hmp",
    "incarcerat*",
    "inmate",
    "jail*",
    "judge",
    "magistrate",
    "offence",
    "offend*",
    "parole",
    "police",
    "prison*",
    "probation",
    "remand*",
    "sentenc*",
    "solicitor",
    "verdict",
    "vetting",
)
_TELLING = re.compile(
    "|".join(
        rf"\b{word[:-1]}\w*" if word.endswith("*") else rf"\b{word}(?:s|'s|’s)?\b"
        for word in TELLING_WORDS
    )
)


def telling_words(text: str) -> list[str]:
    """List the words of `text` that would tell a bystander what it is about, as they stand there.

    Letters of another width or with marks on them are read as plain ones.
    """
    letters = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return list(dict.fromkeys(_TELLING.findall(plain.casefold())))
