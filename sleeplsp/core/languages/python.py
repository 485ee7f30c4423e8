"""Python: the language that is also lowered and deduced (see `core.lower.python`)."""

from functools import cache
from importlib.metadata import version

import tree_sitter
import tree_sitter_python

from sleeplsp.core.languages import Language

_OWN_TAGS = """
(decorated_definition definition: (class_definition name: (identifier) @name)) @definition.class
(decorated_definition definition: (function_definition name: (identifier) @name)) @definition.function

(class_definition body: (block . (expression_statement . (string) @doc)) name: (identifier) @name) @definition.class
"""


@cache
def _grammar() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_python.language())


LANGUAGE = Language(
    name="python",
    suffixes=(".py", ".pyi", ".pyw"),
    grammar=_grammar,
    grammar_version=version("tree-sitter-python"),
    tags=tree_sitter_python.TAGS_QUERY + _OWN_TAGS,
    layout="(comment) @comment (string) @opaque (block) @block (block (_) @statement) (module (_) @statement)",
)
