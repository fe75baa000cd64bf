"""Words of a file, and what they mean here: job roles, kinds of organisation, areas."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from accounts.enums import ImportField, OrganisationKind
from accounts.models import Area, JobRole

# What a word may be answered with besides one of ours.
NEW = "new"  # an area is made of this name
NONE = "none"  # the row is imported without a job role
REFUSE = "refuse"  # the rows that say this are wrong

WORD_FIELDS = (ImportField.JOB_ROLE, ImportField.KIND, ImportField.AREA)
_CLOSE = 75

# Letters that Unicode does not take apart into a plain letter and a sign.
_PLAIN = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"})

_KIND_WORDS: dict[OrganisationKind, str] = {
    OrganisationKind.SCHOOL: "primary school, secondary school, academy, nursery school, education",
    OrganisationKind.CHILDRENS_CENTRE: "family centre, childrens centre",
    OrganisationKind.SOCIAL_CARE: "social care, social services, childrens services",
    OrganisationKind.PROBATION: "probation service, probation trust",
    OrganisationKind.POLICE: "police force, police service, constabulary",
    OrganisationKind.HEALTH: "nhs, health service, healthcare, health care",
    OrganisationKind.COURT: "crown court, magistrates court, courts and tribunals, hmcts",
    OrganisationKind.PRISON: "prison service, hmp, hm prison",
    OrganisationKind.HOUSING: "housing association, housing provider",
    OrganisationKind.CHARITY: "voluntary, voluntary sector, voluntary organisation, third sector",
}


def fold(text: str) -> str:
    """Write text so that what people take for the same is so: no capitals, accents, spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def word_key(word: str) -> str:
    """Fold a word further: no apostrophes and signs, every noun in the singular."""
    plain = re.sub(r"[^\w\s]", " ", fold(word).replace("'", "").replace("&", " and "))
    return " ".join(
        part[:-1] if len(part) > 3 and part.endswith("s") and not part.endswith("ss") else part
        for part in plain.split()
    )


def ways_to_say(label: str) -> set[str]:
    """List what a label of ours answers to: 'Teacher or lecturer' to both, and to the whole."""
    parts = re.split(r"\s+or\s+|\s*[,/]\s*", label)
    said = {word_key(label), *(word_key(part) for part in parts)}
    last = word_key(parts[-1]).split()
    if len(parts) > 1 and len(last) > 1:  # 'Probation or prison officer' is a probation officer too
        said |= {f"{word_key(part)} {last[-1]}" for part in parts[:-1]}
    return said - {""}


@dataclass(frozen=True, slots=True)
class Meanings:
    """What may be meant: for each field, values with their labels, and the words for them."""

    labels: dict[str, dict[str, str]]
    known: dict[str, dict[str, str]]

    def means(self, field: str, word: str) -> str | None:
        """Find the value that a word of the file certainly means."""
        return self.known[field].get(word_key(word))

    def closest(self, field: str, word: str) -> str | None:
        """Find the value that comes closest to a word, for a suggestion and nothing more."""
        names = self.known[field]
        found = process.extractOne(
            word_key(word), list(names), scorer=fuzz.WRatio, score_cutoff=_CLOSE
        )
        return names[found[0]] if found else None


def meanings_today() -> Meanings:
    """Read the job roles, kinds and areas that words may mean. Two queries."""
    labels: dict[str, dict[str, str]] = {
        ImportField.JOB_ROLE: {
            str(pk): name
            for pk, name in JobRole.objects.order_by("name", "pk").values_list("pk", "name")
        },
        ImportField.KIND: {str(value): str(label) for value, label in OrganisationKind.choices},
        ImportField.AREA: {
            str(pk): name
            for pk, name in Area.objects.order_by("name", "pk").values_list("pk", "name")
        },
    }
    known = {field: _known(values) for field, values in labels.items()}
    for kind, words in _KIND_WORDS.items():
        for word in words.split(","):
            known[ImportField.KIND].setdefault(word_key(word), str(kind))
    return Meanings(labels, known)


def _known(values: Mapping[str, str]) -> dict[str, str]:
    """Map words to values; a word two labels answer to means neither, unless it is a whole one."""
    ways = Counter(way for label in values.values() for way in ways_to_say(label))
    known = {
        way: value
        for value, label in values.items()
        for way in ways_to_say(label)
        if ways[way] == 1
    }
    return known | {word_key(label): value for value, label in values.items()}


@dataclass(frozen=True, slots=True)
class WordAsked:
    """A word of the file, how many rows say it, and what it means, surely or perhaps."""

    field: str
    word: str
    rows: int
    sure: str | None
    closest: str | None
    answer: str


def words_asked(
    said: Iterable[tuple[str, str]],
    meanings: Meanings,
    answers: Mapping[str, Mapping[str, str]],
    remembered: Sequence[Mapping[str, Mapping[str, str]]] = (),
) -> list[WordAsked]:
    """List the different words of a file by field and frequency, with what is known of each.

    `said` are (field, word) of every row. An answer given before for the same word is the answer
    here until another is given.
    """
    counts: Counter[tuple[str, str]] = Counter()
    written: dict[tuple[str, str], str] = {}
    for field, word in said:
        counts[field, word_key(word)] += 1
        written.setdefault((field, word_key(word)), word)
    listed = []
    for (field, key), rows in counts.most_common():
        word = written[field, key]
        sure = meanings.means(field, word)
        earlier = [answers, *remembered] if sure is None else [answers]
        answer = next((given[field][key] for given in earlier if key in given.get(field, {})), "")
        listed.append(
            WordAsked(
                field=field,
                word=word,
                rows=rows,
                sure=sure,
                closest=None if sure else meanings.closest(field, word),
                answer=answer if is_answer(field, answer, meanings) else "",
            )
        )
    return sorted(listed, key=lambda asked: WORD_FIELDS.index(ImportField(asked.field)))


def is_answer(field: str, value: str, meanings: Meanings) -> bool:
    """Say whether a word of this field can be answered so."""
    extra = {REFUSE} | ({NONE} if field == ImportField.JOB_ROLE else set())
    extra |= {NEW} if field == ImportField.AREA else set()
    return value in extra or value in meanings.labels[field]
