"""Go."""

from functools import cache
from importlib.metadata import version

import tree_sitter
import tree_sitter_go

from sleeplsp.core.languages import Language

_FUNCTIONS = r"""
(function_declaration name: (identifier) @name) @definition.function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @owner
    (generic_type type: (type_identifier) @owner)
    (pointer_type [(type_identifier) @owner (generic_type type: (type_identifier) @owner)])]))
  name: (field_identifier) @name) @definition.method
(short_var_declaration
  left: (expression_list . (identifier) @name .)
  right: (expression_list . (func_literal))) @definition.function
"""

_TYPES = r"""
(type_spec name: (type_identifier) @name) @definition.type
(type_spec name: (type_identifier) @name type: (struct_type)) @definition.struct
(type_spec name: (type_identifier) @name type: (interface_type)) @definition.interface
(type_alias name: (type_identifier) @name) @definition.type

; The parts of a type that has a name.
(type_spec type: (struct_type (field_declaration_list
  (field_declaration name: (field_identifier) @name) @definition.field)))
(type_spec type: (interface_type
  (method_elem name: (field_identifier) @name) @definition.method))
"""

# Only the first of several constants has the field of a name. A list of variables is a node of its
# own in some versions of the grammar.
_VARIABLES = r"""
((source_file (const_declaration (const_spec (identifier) @name) @definition.constant))
  (#not-eq? @name "_"))
((source_file (var_declaration (var_spec name: (identifier) @name) @definition.variable))
  (#not-eq? @name "_"))
((source_file (var_declaration (_ (var_spec name: (identifier) @name) @definition.variable)))
  (#not-eq? @name "_"))
(var_spec
  . name: (identifier) @name
  value: (expression_list . (func_literal))) @definition.function
"""

_BEFORE = r"""
(const_declaration "const" @prefix)
(var_declaration "var" @prefix)
(type_declaration "type" @prefix)
((comment) @doc (#not-match? @doc "^//(go:|line |export )"))
((comment) @aside (#match? @aside "^//(go:|line |export )"))
(package_clause) @definition.module
"""

_REFERENCES = r"""
(call_expression function: [
  (identifier) @name
  (selector_expression field: (field_identifier) @name)
  (parenthesized_expression [
    (identifier) @name
    (selector_expression field: (field_identifier) @name)])]) @reference.call

(type_identifier) @name @reference.type
(composite_literal type: [
  (type_identifier) @name
  (qualified_type name: (type_identifier) @name)
  (generic_type type: [
    (type_identifier) @name
    (qualified_type name: (type_identifier) @name)])]) @reference.class

; What is embedded is taken over: the nearest Go has to a base class.
(field_declaration !name type: [
  (type_identifier) @name
  (qualified_type name: (type_identifier) @name)]) @reference.implementation
(interface_type (type_elem . [
  (type_identifier) @name
  (qualified_type name: (type_identifier) @name)] .)) @reference.implementation

; Names that are declared here, not used.
(type_spec name: (type_identifier) @name) @reference
(type_alias name: (type_identifier) @name) @reference
"""

# Some comments are instructions to the compiler. Statements are marked because a line end mostly is
# a semicolon: `struct { a; b }` has two fields and `struct { a b }` one.
_LAYOUT = r"""
(comment) @comment
((comment) @opaque (#match? @opaque "^//(go:|line |export )"))
[(interpreted_string_literal) (raw_string_literal) (rune_literal)] @opaque
(_statement) @statement
[
  (const_spec) (var_spec) (type_spec) (type_alias) (import_spec)
  (field_declaration) (method_elem) (type_elem)
] @statement
"""


@cache
def _grammar() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_go.language())


LANGUAGE = Language(
    name="go",
    suffixes=(".go",),
    grammar=_grammar,
    grammar_version=version("tree-sitter-go"),
    definitions=_FUNCTIONS + _TYPES + _VARIABLES + _BEFORE,
    references=_REFERENCES,
    layout=_LAYOUT,
)
