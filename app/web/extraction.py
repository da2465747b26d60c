"""Finding what is to be translated below the doors: there, words are plain Vietnamese constants (see babel.cfg)."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
Message = tuple[int, None, str, list[str]]


def constants(
    file: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """Every Vietnamese string of a module that is no documentation; the signature is Babel's."""
    for node in ast.walk(ast.parse(file.read())):
        for child in ast.iter_child_nodes(node):
            if _is_said(node, child):
                yield child.lineno, None, child.value, []


def _is_said(parent: ast.AST, node: ast.AST) -> bool:
    if isinstance(parent, (ast.Expr, ast.JoinedStr)):  # documentation; a part of a sentence
        return False
    said = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return said and len(node.value) > 1 and bool(VIETNAMESE.search(node.value))
