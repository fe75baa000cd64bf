"""How old somebody must be to read a text with ease, and how long it takes.

The age is that of the Automated Readability Index (R. J. Senter and E. A. Smith, *Automated
Readability Index*, AMRL-TR-66-220, Wright-Patterson Air Force Base, 1967): it counts letters and
words, so that no syllable needs to be guessed. It gives a school year of the United States; who is
in year n is about n + 5 years old.
"""

import math
import re
from collections.abc import Sequence

# The interface says: 12-14 in practitioners' courses.
OLDEST = 14
# Below this the index says more about one long name than about the text.
FEWEST_WORDS = 100
# Silent reading of non-fiction in English: M. Brysbaert, 'How many words do we read per minute?',
# Journal of Memory and Language 109 (2019). People who learn stop and think.
WORDS_A_MINUTE = 238

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")


def words_in(text: str) -> list[str]:
    """List the words of a plain text; a number and a word with a hyphen are one."""
    return _WORD.findall(text)


def reading_age(sentences: Sequence[str]) -> int | None:
    """Say at which age `sentences` are read with ease; None when there are too few words."""
    words = [word for sentence in sentences for word in words_in(sentence)]
    if len(words) < FEWEST_WORDS:
        return None
    letters = sum(len(re.sub(r"[\W_]", "", word)) for word in words)
    year = 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43
    return max(5, math.ceil(year) + 5)


def longest(sentences: Sequence[str]) -> tuple[str, int]:
    """Find the sentence of most words, and say how many it has."""
    counted = [(sentence, len(words_in(sentence))) for sentence in sentences]
    return max(counted, key=lambda each: each[1], default=("", 0))


def minutes_to_read(words: int, *, questions: int = 0, seconds: float = 0) -> int:
    """Estimate the minutes `words` take, with a minute for each question and all recordings."""
    return math.ceil(words / WORDS_A_MINUTE + questions + seconds / 60)
