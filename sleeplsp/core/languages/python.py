"""Python: the language that is also lowered and deduced (see `core.lower.python`)."""

from functools import cache
from importlib.metadata import version

import tree_sitter
import tree_sitter_python

from sleeplsp.core.languages import Language

_DEFINITIONS = r"""
(class_definition name: (identifier) @name) @definition.class

(function_definition name: (identifier) @name) @definition.function.method

(decorated_definition definition: (class_definition name: (identifier) @name)) @definition.class

(decorated_definition
  definition: (function_definition name: (identifier) @name)) @definition.function.method

; The first or last decorator says it: to look at each would be slow where there are many.
((decorated_definition
  . (decorator [
    (identifier) @_decorator
    (attribute attribute: (identifier) @_decorator)
    (call function: [(identifier) @_decorator (attribute attribute: (identifier) @_decorator)])])
  definition: (function_definition name: (identifier) @name)) @definition.function.property
  (#match? @_decorator "^(.*property|getter|setter|deleter)$"))
((decorated_definition
  (decorator [
    (identifier) @_decorator
    (attribute attribute: (identifier) @_decorator)])
  . definition: (function_definition name: (identifier) @name)) @definition.function.property
  (#match? @_decorator "^(.*property|getter|setter|deleter)$"))

(type_alias_statement
  left: (type [(identifier) @name (generic_type . (identifier) @name)])) @definition.type
"""

_VARIABLES = r"""
(assignment left: [
  (identifier) @name
  (pattern_list (identifier) @name)
  (tuple_pattern (identifier) @name)
  (list_pattern (identifier) @name)
  (_ (list_splat_pattern (identifier) @name))
  (_ (tuple_pattern [(identifier) @name (list_splat_pattern (identifier) @name)]))
  (_ (list_pattern [(identifier) @name (list_splat_pattern (identifier) @name)]))
]) @definition.variable.field

((assignment left: (identifier) @name) @definition.constant.field
  (#match? @name "^(_*[A-Z][A-Z0-9_]*|__[a-z0-9_]+__)$"))

(assignment left: (identifier) @name right: (lambda)) @definition.function
"""

# A comment between the head of a definition and its body belongs to neither for the grammar. Bytes
# and f-strings are no documentation.
_DOCSTRINGS = r"""
((module . (comment)* . (expression_statement . (string) @docstring .))
  (#match? @docstring "^[rRuU]?['\"]"))

((class_definition
  name: (identifier) @name
  body: (block . (comment)* . (expression_statement . (string) @docstring .)))
  (#match? @docstring "^[rRuU]?['\"]"))

((function_definition
  name: (identifier) @name
  body: (block . (comment)* . (expression_statement . (string) @docstring .)))
  (#match? @docstring "^[rRuU]?['\"]"))
"""

_REFERENCES = """
(call function: [(identifier) @name (attribute attribute: (identifier) @name)]) @reference.call

(decorator [(identifier) @name (attribute attribute: (identifier) @name)]) @reference.call

(class_definition superclasses: (argument_list [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (subscript value: [
    (identifier) @name
    (attribute attribute: (identifier) @name)])])) @reference.implementation

(raise_statement . [(identifier) @name (attribute attribute: (identifier) @name)]) @reference.class

(except_clause value: [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (tuple [(identifier) @name (attribute attribute: (identifier) @name)])
  (as_pattern . [
    (identifier) @name
    (attribute attribute: (identifier) @name)
    (tuple [(identifier) @name (attribute attribute: (identifier) @name)])])]) @reference.class

(class_pattern (dotted_name (identifier) @name .)) @reference.class

(type [
  (identifier) @name
  (attribute attribute: (identifier) @name)
  (generic_type . (identifier) @name)
  (subscript value: [
    (identifier) @name
    (attribute attribute: (identifier) @name)])]) @reference.type

; The parts of a union, which are an ordinary expression to the grammar, down to four of them.
(type (binary_operator [
  (identifier) @name
  (attribute attribute: (identifier) @name)])) @reference.type
(type (binary_operator left: (binary_operator [
  (identifier) @name
  (attribute attribute: (identifier) @name)]))) @reference.type
(type (binary_operator left: (binary_operator left: (binary_operator [
  (identifier) @name
  (attribute attribute: (identifier) @name)])))) @reference.type
"""

_LAYOUT = """
[(comment) (line_continuation)] @comment
(string) @opaque
(block) @block
(block (_) @statement)
(module (_) @statement)
"""


@cache
def _grammar() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_python.language())


LANGUAGE = Language(
    name="python",
    suffixes=(".py", ".pyi", ".pyw"),
    grammar=_grammar,
    grammar_version=version("tree-sitter-python"),
    definitions=_DEFINITIONS + _VARIABLES + _DOCSTRINGS,
    references=_REFERENCES,
    layout=_LAYOUT,
)
