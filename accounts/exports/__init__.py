from accounts.exports.imports import refused_rows
from accounts.exports.matrix import matrix_as_markdown

__all__ = ["matrix_as_markdown", "refused_rows"]
