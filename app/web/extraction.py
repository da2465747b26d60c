"""Finding what is to be translated below the doors: there, words are plain Vietnamese constants (see babel.cfg)."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

VIETNAMESE = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE
)
Message = tuple[int, None, str, list[str]]


def constants(
    file: IO[bytes],
    _keywords: Mapping[str, Any],
    _tags: Collection[str],
    options: Mapping[str, Any],  # noqa: ARG001 - given by name
) -> Iterator[Message]:
    """Every Vietnamese string of a module that is no documentation; the signature is Babel's."""
    for node in ast.walk(ast.parse(file.read())):
        for child in ast.iter_child_nodes(node):
            # An expression of its own is documentation; a part of an f-string is no sentence.
            if isinstance(node, (ast.Expr, ast.JoinedStr)) or not isinstance(child, ast.Constant):
                continue
            if isinstance(child.value, str) and _is_said(child.value):
                yield child.lineno, None, child.value, []


def _is_said(text: str) -> bool:
    return len(text) > 1 and bool(VIETNAMESE.search(text))
