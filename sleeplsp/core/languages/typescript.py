"""TypeScript, without JSX and with it: two grammars, one set of queries on top of JavaScript's."""

from functools import cache
from importlib.metadata import version

import tree_sitter
import tree_sitter_typescript

from sleeplsp.core.languages import Language
from sleeplsp.core.languages.javascript import (
    CORE_DEFINITIONS,
    CORE_LAYOUT,
    CORE_REFERENCES,
    JSX_LAYOUT,
    JSX_REFERENCES,
)

_DEFINITIONS = r"""
(abstract_class_declaration name: (type_identifier) @name) @definition.class
(interface_declaration name: (type_identifier) @name) @definition.interface
(type_alias_declaration name: (type_identifier) @name) @definition.type
(enum_declaration name: (identifier) @name) @definition.enum
[
  (internal_module name: [(identifier) (nested_identifier)] @name)
  (internal_module name: (string (string_fragment) @name))
  (module name: [(identifier) (nested_identifier)] @name)
  (module name: (string (string_fragment) @name))
] @definition.module

(function_signature name: (identifier) @name) @definition.function

(enum_body [
  (property_identifier) @name
  (string (string_fragment) @name)] @definition.constant)
(enum_assignment name: [
  (property_identifier) @name
  (string (string_fragment) @name)]) @definition.constant

[
  (public_field_definition name: (property_identifier) @name)
  (public_field_definition name: (private_property_identifier) @name)
  (public_field_definition name: (string (string_fragment) @name))
] @definition.field
(public_field_definition
  name: [(property_identifier) @name (private_property_identifier) @name]
  value: [(arrow_function) (function_expression)]) @definition.method
(abstract_method_signature name: (property_identifier) @name) @definition.method
(abstract_method_signature ["get" "set"] name: (property_identifier) @name) @definition.property
(class_body (method_signature name: (property_identifier) @name) @definition.method)
((class_body (method_signature name: (property_identifier) @name) @definition.constructor)
  (#eq? @name "constructor"))
"""

# The members of a type that has a name; the others are parts of what they describe.
_MEMBERS = (
    """
[
  (property_signature name: (property_identifier) @name)
  (property_signature name: (string (string_fragment) @name))
] @definition.field
""",
    """
[
  (method_signature name: (property_identifier) @name)
  (method_signature name: (string (string_fragment) @name))
] @definition.method
""",
    '(method_signature ["get" "set"] name: (property_identifier) @name) @definition.property',
)
_TYPES = (
    "(interface_body %s)",
    "(type_alias_declaration value: (object_type %s))",
    "(type_alias_declaration value: (_ (object_type %s)))",
)
_SIGNATURES = "".join(body % each for body in _TYPES for each in _MEMBERS)

_BEFORE = r"""
(ambient_declaration "declare" @prefix)
"""

_REFERENCES = r"""
(type_identifier) @name @reference.type
(implements_clause [
  (type_identifier) @name
  (nested_type_identifier name: (type_identifier) @name)
  (generic_type name: (type_identifier) @name)]) @reference.implementation
(extends_type_clause [
  (type_identifier) @name
  (nested_type_identifier name: (type_identifier) @name)
  (generic_type name: (type_identifier) @name)]) @reference.implementation
(extends_clause value: [
  (identifier) @name
  (member_expression property: (property_identifier) @name)]) @reference.implementation

; Names that are declared here, not used.
(class_declaration name: (type_identifier) @name) @reference
(class name: (type_identifier) @name) @reference
(abstract_class_declaration name: (type_identifier) @name) @reference
(interface_declaration name: (type_identifier) @name) @reference
(type_alias_declaration name: (type_identifier) @name) @reference
(type_parameter name: (type_identifier) @name) @reference
"""

_LAYOUT = r"""
(template_literal_type) @opaque
[
  (public_field_definition) (property_signature) (method_signature) (abstract_method_signature)
  (index_signature) (call_signature) (construct_signature)
] @statement
"""

_ALL_DEFINITIONS = CORE_DEFINITIONS + _DEFINITIONS + _SIGNATURES + _BEFORE


@cache
def _grammar() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_typescript.language_typescript())


@cache
def _grammar_with_jsx() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_typescript.language_tsx())


LANGUAGES = (
    Language(
        name="typescript",
        suffixes=(".ts", ".mts", ".cts"),
        grammar=_grammar,
        grammar_version=version("tree-sitter-typescript"),
        definitions=_ALL_DEFINITIONS,
        references=CORE_REFERENCES + _REFERENCES,
        layout=CORE_LAYOUT + _LAYOUT,
    ),
    Language(
        name="typescriptreact",
        suffixes=(".tsx",),
        grammar=_grammar_with_jsx,
        grammar_version=version("tree-sitter-typescript"),
        definitions=_ALL_DEFINITIONS,
        references=CORE_REFERENCES + _REFERENCES + JSX_REFERENCES,
        layout=CORE_LAYOUT + _LAYOUT + JSX_LAYOUT,
    ),
)
