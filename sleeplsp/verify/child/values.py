"""Plain values as hypothesis is to make them, wherever they stand in an annotation.

Numbers are those that code counts with: no NaN, which refutes whatever compares and tells nothing of the
function, none so large or so small that what is made of it is infinite or nought, and no whole number that
a loop would not end for. Among all are some near the values that the code itself compares with, which nobody
would come upon by chance. It must not know which function that is.
"""

import decimal
import math
import typing
from collections.abc import Iterable
from typing import Any, TypeVar

from hypothesis import strategies as st

from .constants import Constant

WHOLE_NUMBER_MAX = 10_000
NUMBER_MAX = 1e6
"""Also of whole numbers that the code compares with."""
NUMBER_MIN = 1e-9
"""Smaller ones are zero."""

LENGTH_MAX = 100
"""Of what is longer than a number of the code."""
_LENGTH_MIN = 5
"""Shorter ones come by chance."""
_REPEATED_MAX = 3

_UNCHANGEABLE = (str, bytes, int, float, bool)

_Number = TypeVar("_Number", float, decimal.Decimal)
_Text = TypeVar("_Text", str, bytes)


def use_values(near: Iterable[Constant]) -> None:
    """Have hypothesis make values like that from now on, some of them near these."""
    constants = list(near)
    numbers = [each for each in constants if isinstance(each, (int, float)) and abs(each) <= NUMBER_MAX]
    beside = sorted({each + step for each in numbers for step in (0, -1, 1)}, key=abs)
    lengths = [each + 1 for each in numbers if isinstance(each, int) and _LENGTH_MIN <= each < LENGTH_MAX]
    _use_numbers(beside)
    st.register_type_strategy(
        str, _texts(st.text(), "", [each for each in constants if isinstance(each, str)], lengths)
    )
    st.register_type_strategy(
        bytes, _texts(st.binary(), b"", [each for each in constants if isinstance(each, bytes)], lengths)
    )
    st.register_type_strategy(list, lambda annotation: _lists(annotation, lengths))


def _use_numbers(beside: list[int | float]) -> None:
    wholes = [int(each) for each in beside if math.isfinite(each) and each == int(each)]
    whole = st.integers(-100, 100) | st.integers(-WHOLE_NUMBER_MAX, WHOLE_NUMBER_MAX)
    floats = st.floats(-NUMBER_MAX, NUMBER_MAX).map(_not_tiny)
    exact = st.decimals(-int(NUMBER_MAX), int(NUMBER_MAX), allow_nan=False, allow_infinity=False)
    st.register_type_strategy(int, whole | st.sampled_from(wholes) if wholes else whole)
    st.register_type_strategy(float, floats | st.sampled_from(beside).map(float) if beside else floats)
    st.register_type_strategy(complex, st.builds(complex, floats, floats))
    st.register_type_strategy(decimal.Decimal, exact.map(_not_tiny))


def _not_tiny(number: _Number) -> _Number:
    return number if abs(number) >= NUMBER_MIN else type(number)()


def _texts(
    any_text: st.SearchStrategy[_Text], nothing: _Text, near: list[_Text], lengths: list[int]
) -> st.SearchStrategy[_Text]:
    """Return texts of all kinds, some with one of these at the beginning, in the middle or at the end."""
    found = any_text
    if near:
        beside = st.just(nothing) | any_text
        found |= st.tuples(beside, st.sampled_from(near), beside).map(nothing.join)
    if lengths:
        few = any_text.filter(bool).map(lambda text: text[:_REPEATED_MAX])
        found |= st.tuples(few, st.sampled_from(lengths)).map(_repeated)
    return found


def _lists(annotation: Any, lengths: list[int]) -> st.SearchStrategy[Any]:  # noqa: ANN401 - an annotation
    """Return lists of all kinds; of what cannot be changed, so that it may be there twice, also long ones."""
    (held,) = typing.get_args(annotation) or (Any,)
    each = st.from_type(held)
    if not lengths or held not in _UNCHANGEABLE:
        return st.lists(each)
    few = st.lists(each, min_size=1, max_size=_REPEATED_MAX)
    return st.lists(each) | st.tuples(few, st.sampled_from(lengths)).map(_repeated)


def _repeated(told: tuple[Any, int]) -> Any:  # noqa: ANN401 - a text or a list
    few, length = told
    return (few * length)[:length]
