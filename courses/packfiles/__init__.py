"""Course packs as text: front matter, Markdown and YAML in, plain objects out, and back.

A pack is a folder, or a zip of one: `course.md`; one folder a module under `modules/` with
`module.md`, the lessons (`1-….md`, `2-….md`, in the order of their names) and `questions.yaml`;
`assessment.md` with `bank.yaml`; `facts.yaml`; and files under `images/` and `media/`. A lesson is
Markdown with fenced blocks; a fence names the block and holds YAML. docs/course-packs.md describes
the format. Whatever is wrong is said with file and line.
"""

from courses.packfiles.opening import opened_pack
from courses.packfiles.places import PackError, Place
from courses.packfiles.reading import (
    Pack,
    PackAssessment,
    PackFact,
    PackLesson,
    PackModule,
    read_pack,
)

__all__ = [
    "Pack",
    "PackAssessment",
    "PackError",
    "PackFact",
    "PackLesson",
    "PackModule",
    "Place",
    "opened_pack",
    "read_pack",
]
