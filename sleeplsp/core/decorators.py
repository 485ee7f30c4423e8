"""What decorators leave as it is, by the names they are commonly used under."""

ABSTRACT = frozenset(("abstractmethod", "abc.abstractmethod"))
# They keep results by arguments, which must have a hash.
CACHES = frozenset(
    (
        "functools.cache",
        "cache",
        "functools.lru_cache",
        "functools.lru_cache()",
        "lru_cache",
        "lru_cache()",
    )
)
# Decorators after which calling the name still calls the function below it.
TRANSPARENT = frozenset(
    (
        "staticmethod",
        "classmethod",
        "override",
        "typing.override",
        "typing_extensions.override",
        "final",
        "typing.final",
        "functools.wraps()",
        "wraps()",
    )
).union(CACHES, ABSTRACT)
# They keep their result in the object.
CACHED_PROPERTIES = frozenset(("cached_property", "functools.cached_property"))
PROPERTIES = CACHED_PROPERTIES.union(("property", "abc.abstractproperty"))
# Decorators after which a class is still made by its own `__init__`.
CLASS_TRANSPARENT = frozenset(
    (
        "final",
        "typing.final",
        "typing_extensions.final",
        "runtime_checkable",
        "typing.runtime_checkable",
        "total_ordering",
        "functools.total_ordering",
        "unique",
        "enum.unique",
    )
)
# They write an `__init__` where the class itself has none.
DATACLASSES = frozenset(("dataclass", "dataclass()", "dataclasses.dataclass", "dataclasses.dataclass()"))
# Methods that are given their class without being told so by a decorator.
CLASS_METHODS = frozenset(("__init_subclass__", "__class_getitem__"))
OVERLOADS = frozenset(("overload", "typing.overload", "typing_extensions.overload"))
