"""JavaScript with JSX. The queries in public names are TypeScript's as well."""

from functools import cache
from importlib.metadata import version

import tree_sitter
import tree_sitter_javascript

from sleeplsp.core.languages import Language

_FUNCTIONS = r"""
[
  (function_declaration name: (identifier) @name)
  (generator_function_declaration name: (identifier) @name)
  (variable_declarator
    name: (identifier) @name
    value: [(arrow_function) (function_expression) (generator_function)])
  (assignment_expression
    left: [(identifier) @name (member_expression property: (property_identifier) @name)]
    right: [(arrow_function) (function_expression) (generator_function)])
  (pair
    key: [(property_identifier) @name (string (string_fragment) @name)]
    value: [(arrow_function) (function_expression) (generator_function)])
  (export_statement
    "default" @name
    value: [(arrow_function) (function_expression) (generator_function)])
] @definition.function

; A function expression's own name may repeat the name that the function is given to.
[
  (function_expression name: (identifier) @name)
  (generator_function name: (identifier) @name)
] @definition.function
(variable_declarator value: [
  (function_expression name: (identifier) @name)
  (generator_function name: (identifier) @name)]) @definition
(assignment_expression right: [
  (function_expression name: (identifier) @name)
  (generator_function name: (identifier) @name)]) @definition
(pair value: [
  (function_expression name: (identifier) @name)
  (generator_function name: (identifier) @name)]) @definition

; `A.f = ...` and `A.prototype.f = ...` are A.f; what is put into the module itself has no owner.
((assignment_expression
  left: (member_expression
    object: [
      (identifier) @owner
      (member_expression object: (identifier) @owner property: (property_identifier) @_prototype)]
    property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)]) @definition.function
  (#eq? @_prototype "prototype")
  (#not-match? @owner "^(exports|module|window|globalThis|self)$"))
"""

_METHODS = r"""
(method_definition name: [
  (property_identifier) @name
  (private_property_identifier) @name
  (number) @name
  (string (string_fragment) @name)
  (computed_property_name [
    (identifier) @name
    (string (string_fragment) @name)
    (member_expression property: (property_identifier) @name)])]) @definition.method

(method_definition ["get" "set"] name: [
  (property_identifier) @name
  (private_property_identifier) @name]) @definition.property

((method_definition name: (property_identifier) @name) @definition.constructor
  (#eq? @name "constructor"))

; An object lends its name to its methods.
(pair
  key: [(property_identifier) @name (string (string_fragment) @name)]
  value: (object)) @scope
"""

_VARIABLES = r"""
(variable_declarator name: [
  (identifier) @name
  (array_pattern (identifier) @name)
  (object_pattern [
    (shorthand_property_identifier_pattern) @name
    (pair_pattern value: (identifier) @name)
    (rest_pattern (identifier) @name)])]) @definition.variable
(lexical_declaration
  kind: "const"
  (variable_declarator name: (identifier) @name) @definition.constant)

[
  (arrow_function) (function_expression) (generator_function) (method_definition)
  (class_static_block) (if_statement) (for_statement) (for_in_statement) (while_statement)
  (do_statement) (try_statement) (switch_statement)
] @local
"""

_CLASSES = r"""
[
  (class_declaration name: (_) @name)
  (variable_declarator name: (identifier) @name value: (class))
  (assignment_expression
    left: [(identifier) @name (member_expression property: (property_identifier) @name)]
    right: (class))
  (export_statement "default" @name value: (class))
] @definition.class
"""

_BEFORE = r"""
(export_statement ["export" "default"] @prefix)
(lexical_declaration . ["const" "let"] @prefix)
(variable_declaration . "var" @prefix)
(decorator) @prefix

((comment) @doc (#match? @doc "^/[*][*]"))
((comment) @aside (#not-match? @aside "^/[*][*]"))
"""

CORE_REFERENCES = r"""
(call_expression function: [
  (identifier) @name
  (member_expression property: [(property_identifier) (private_property_identifier)] @name)
]) @reference.call

(decorator [
  (identifier) @name
  (member_expression property: (property_identifier) @name)]) @reference.call

(new_expression constructor: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)]) @reference.class
"""

CORE_DEFINITIONS = _VARIABLES + _FUNCTIONS + _METHODS + _CLASSES + _BEFORE

JSX_REFERENCES = r"""
; A lower-case element is the platform's own.
((jsx_opening_element name: (identifier) @name) @reference.call (#match? @name "^[A-Z]"))
((jsx_self_closing_element name: (identifier) @name) @reference.call (#match? @name "^[A-Z]"))
(jsx_opening_element
  name: (member_expression property: (property_identifier) @name)) @reference.call
(jsx_self_closing_element
  name: (member_expression property: (property_identifier) @name)) @reference.call
"""

_FIELDS = r"""
((field_definition property: [
  (property_identifier) @name
  (private_property_identifier) @name
  (string (string_fragment) @name)]) @definition.field)

(field_definition
  property: [(property_identifier) @name (private_property_identifier) @name]
  value: [(arrow_function) (function_expression)]) @definition.method

"""

_HERITAGE = """
(class_heritage [
  (identifier) @name
  (member_expression property: (property_identifier) @name)]) @reference.implementation
"""

# Statements are marked because a line end may or may not be a semicolon: the grammar knows which.
# A semicolon that could be left out is a token like any other, so leaving it out changes a digest.
CORE_LAYOUT = r"""
[(comment) (html_comment) (hash_bang_line)] @comment
[(string) (template_string) (regex)] @opaque
(statement) @statement
"""

# Between elements JSX drops white space with a line end in it; other text is kept to the letter.
JSX_LAYOUT = r"""
((jsx_text) @opaque (#match? @opaque "\\S|\\A[^\\n]*\\Z"))
(html_character_reference) @opaque
"""


@cache
def _grammar() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_javascript.language())


LANGUAGE = Language(
    name="javascript",
    suffixes=(".js", ".jsx", ".mjs", ".cjs"),
    editor_ids=("javascriptreact",),
    grammar=_grammar,
    grammar_version=version("tree-sitter-javascript"),
    definitions=CORE_DEFINITIONS + _FIELDS,
    references=CORE_REFERENCES + JSX_REFERENCES + _HERITAGE,
    layout=CORE_LAYOUT + JSX_LAYOUT + "(field_definition) @statement",
)
