"""Rust."""

from functools import cache
from importlib.metadata import version

import tree_sitter
import tree_sitter_rust

from sleeplsp.core.languages import Language

_TYPES = r"""
[(struct_item name: (type_identifier) @name) (union_item name: (type_identifier) @name)]
  @definition.struct
(field_declaration name: (field_identifier) @name) @definition.field
(enum_item name: (type_identifier) @name) @definition.enum
(enum_variant name: (identifier) @name) @definition.constant
(trait_item name: (type_identifier) @name) @definition.interface
(type_item name: (type_identifier) @name) @definition.type
(associated_type name: (type_identifier) @name) @definition.type
(const_item name: (identifier) @name) @definition.constant
(static_item name: (identifier) @name) @definition.variable
(mod_item name: (identifier) @name body: (declaration_list)) @definition.module
(macro_definition name: (identifier) @name) @definition.macro
"""

_FUNCTIONS = r"""
(function_item name: (identifier) @name) @definition.function.method
(function_signature_item name: (identifier) @name) @definition.function.method
(let_declaration pattern: (identifier) @name value: (closure_expression)) @definition.function

; What is implemented for a type has its path, wherever it stands.
(impl_item type: [
  (type_identifier) @name
  (primitive_type) @name
  (generic_type type: (type_identifier) @name)
  (generic_type type: (scoped_type_identifier name: (type_identifier) @name))
  (scoped_type_identifier name: (type_identifier) @name)
  (dynamic_type trait: (type_identifier) @name)
  (reference_type type: [
    (type_identifier) @name
    (generic_type type: (type_identifier) @name)])]) @scope
; A type that is no name leaves the name to the trait.
(impl_item
  trait: [
    (type_identifier) @name
    (generic_type type: (type_identifier) @name)
    (scoped_type_identifier name: (type_identifier) @name)]
  type: [(array_type) (tuple_type) (unit_type) (pointer_type) (function_type)]) @scope
"""

_BEFORE = r"""
(attribute_item) @prefix
[(line_comment outer: (_)) (block_comment outer: (_))] @doc
[(line_comment !outer !inner) (block_comment !outer !inner)] @aside
(source_file . (shebang)? . [(line_comment inner: (_)) (block_comment inner: (_))]+ @docstring)
(mod_item
  name: (identifier) @name
  body: (declaration_list . [(line_comment inner: (_)) (block_comment inner: (_))]+ @docstring))
"""

_REFERENCES = r"""
(call_expression function: [
  (identifier) @name
  (field_expression field: (field_identifier) @name)
  (scoped_identifier name: (identifier) @name)
  (generic_function function: [
    (identifier) @name
    (field_expression field: (field_identifier) @name)
    (scoped_identifier name: (identifier) @name)])]) @reference.call
(macro_invocation macro: [
  (identifier) @name
  (scoped_identifier name: (identifier) @name)]) @reference.call

(type_identifier) @name @reference.type
(struct_expression name: [
  (type_identifier) @name
  (scoped_type_identifier name: (type_identifier) @name)
  (generic_type_with_turbofish type: (type_identifier) @name)]) @reference.class
(impl_item trait: [
  (type_identifier) @name
  (scoped_type_identifier name: (type_identifier) @name)
  (generic_type type: [
    (type_identifier) @name
    (scoped_type_identifier name: (type_identifier) @name)])]) @reference.implementation
(trait_item bounds: (trait_bounds [
  (type_identifier) @name
  (scoped_type_identifier name: (type_identifier) @name)
  (generic_type type: (type_identifier) @name)])) @reference.implementation

; Names that are declared here, not used.
(struct_item name: (type_identifier) @name) @reference
(union_item name: (type_identifier) @name) @reference
(enum_item name: (type_identifier) @name) @reference
(trait_item name: (type_identifier) @name) @reference
(type_item name: (type_identifier) @name) @reference
(associated_type name: (type_identifier) @name) @reference
(type_parameter name: (type_identifier) @name) @reference
"""

_LAYOUT = r"""
[(line_comment) (block_comment) (shebang)] @comment
[(string_literal) (raw_string_literal) (char_literal)] @opaque
"""


@cache
def _grammar() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_rust.language())


LANGUAGE = Language(
    name="rust",
    suffixes=(".rs",),
    grammar=_grammar,
    grammar_version=version("tree-sitter-rust"),
    definitions=_TYPES + _FUNCTIONS + _BEFORE,
    references=_REFERENCES,
    layout=_LAYOUT,
)
