"""Course packs as text: front matter, Markdown and YAML in, plain objects out.

A pack is a folder: `course.md`; one folder a module under `modules/` with `module.md`, the lessons
(`1-….md`, `2-….md`, in the order of their names) and `questions.yaml`. A lesson is Markdown with
fenced blocks; a fence names the block and holds YAML. docs/course-packs.md describes the format.
Whatever is wrong is said with file and line.
"""

from courses.packfiles.places import PackError, Place
from courses.packfiles.reading import Pack, PackLesson, PackModule, read_pack
from courses.packfiles.streams import NAMESPACE

__all__ = ["NAMESPACE", "Pack", "PackError", "PackLesson", "PackModule", "Place", "read_pack"]
