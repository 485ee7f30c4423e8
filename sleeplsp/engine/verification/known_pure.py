"""What of Python and its library is known to change nothing but, at most, the object it is called on.

Tables, and how a name is looked up in them. What is not in them is not called.
"""

import builtins
import importlib
from functools import cache
from types import ModuleType

from sleeplsp.prompts.reply.checks import BUILTINS as CHECK_BUILTINS

_BUILTINS = "builtins."
_ERRORS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)
_BUILTIN_NAMES = (
    "ascii bin bytearray callable Ellipsis False filter format map memoryview None NotImplemented "
    "object oct True type"
)
BUILTINS = CHECK_BUILTINS | frozenset(_BUILTIN_NAMES.split()) | _ERRORS
"""Builtin names that may be used."""

_MODULE_NAMES = (
    "base64 binascii bisect calendar cmath collections collections.abc colorsys copy dataclasses "
    "datetime decimal difflib enum fractions functools hashlib heapq html itertools json keyword math "
    "numbers operator re statistics string struct textwrap typing unicodedata zlib"
)
MODULES = frozenset(_MODULE_NAMES.split())
"""Modules of the library whose public names may be used, but for those in `BUT`."""

_OTHER_NAMES = (
    "ipaddress.ip_address ipaddress.ip_network os.linesep os.path.basename os.path.commonprefix "
    "os.path.dirname os.path.isabs os.path.join os.path.normpath os.path.sep os.path.split "
    "os.path.splitdrive os.path.splitext os.sep posixpath.join posixpath.normpath shlex.quote "
    "shlex.split sys.maxsize urllib.parse.parse_qs urllib.parse.parse_qsl urllib.parse.quote "
    "urllib.parse.quote_plus urllib.parse.unquote urllib.parse.unquote_plus urllib.parse.urlencode "
    "urllib.parse.urljoin urllib.parse.urlparse urllib.parse.urlsplit urllib.parse.urlunparse"
)
NAMES = frozenset(_OTHER_NAMES.split())
"""Names of other modules that may be used."""

_BUT_NAMES = (
    "bisect.insort bisect.insort_left bisect.insort_right calendar.setfirstweekday datetime.date.today "
    "datetime.datetime.now datetime.datetime.today datetime.datetime.utcnow decimal.getcontext "
    "decimal.localcontext decimal.setcontext functools.cache functools.cached_property "
    "functools.lru_cache functools.singledispatch functools.update_wrapper functools.wraps "
    "hashlib.file_digest heapq.heapify heapq.heappop heapq.heappush heapq.heappushpop heapq.heapreplace "
    "json.dump json.load operator.call operator.delitem operator.methodcaller operator.setitem re.purge "
    "typing.get_type_hints"
)
_IN_PLACE = "iadd iand iconcat ifloordiv ilshift imatmul imod imul ior ipow irshift isub itruediv ixor"
BUT = frozenset((*_BUT_NAMES.split(), *(f"operator.{name}" for name in _IN_PLACE.split())))
"""Of the modules above what changes what it is passed, is not the same twice, or reads and writes."""

_METHOD_NAMES = (
    "as_integer_ratio bit_count bit_length capitalize casefold center conjugate count date decode "
    "denominator difference digest elements encode end endswith expandtabs find findall finditer format "
    "format_map fromisoformat fromkeys fromtimestamp fullmatch get group groupdict groups hex hexdigest "
    "index intersection is_integer isalnum isalpha isascii isdecimal isdigit isdisjoint isidentifier "
    "islower isnumeric isocalendar isoformat isoweekday isprintable isspace issubset issuperset istitle "
    "isupper items join keys ljust lower lstrip match most_common partition quantize removeprefix "
    "removesuffix rfind rindex rjust rpartition rsplit rstrip search span split splitlines start "
    "startswith strftime strip sub subn swapcase symmetric_difference time timestamp timetuple title "
    "to_bytes total total_seconds translate union upper utcoffset values weekday zfill"
)
METHODS = frozenset(_METHOD_NAMES.split())
"""Methods that change nothing, of the objects that functions here can come by."""

REPLACE = "replace"
"""A method that changes nothing when it is given two arguments: a path's, which has one, renames a file."""

COPY = "copy"
"""A method that changes nothing when it is given none: of a path, it copies a file."""

_CHANGING_NAMES = (
    "add append appendleft clear difference_update discard extend extendleft insert intersection_update "
    "move_to_end pop popitem popleft remove reverse rotate setdefault sort subtract "
    "symmetric_difference_update update"
)
CHANGING = frozenset(_CHANGING_NAMES.split())
"""Methods that change the container they are called on."""

_FRESH_NAMES = (
    "builtins.bytearray builtins.dict builtins.list builtins.set builtins.sorted collections.Counter "
    "collections.OrderedDict collections.defaultdict collections.deque"
)
FRESH = frozenset(_FRESH_NAMES.split())
"""What gives a new container when it is called."""

_MAKER_NAMES = (
    "builtins.dict builtins.frozenset builtins.list builtins.set builtins.tuple datetime.date "
    "datetime.timedelta decimal.Decimal fractions.Fraction re.compile typing.TypeVar"
)
MAKERS = frozenset(_MAKER_NAMES.split())
"""What makes a value of values that are written out, and does nothing else."""


def is_known(name: str) -> bool:
    """Tell whether a dotted name outside of the workspace may be used."""
    if name.startswith(_BUILTINS):
        builtin, _, method = name.removeprefix(_BUILTINS).partition(".")
        return builtin in BUILTINS and (not method or method in METHODS)
    if name in BUT:
        return False
    return name in NAMES or _is_public(name)


@cache
def _is_public(name: str) -> bool:
    """Tell whether a name is one that a module of the list offers, or a value or method of such."""
    owner = next((each for each in _owners(name) if each in MODULES), "")
    first, _, rest = name.removeprefix(f"{owner}.").partition(".")
    if not owner or first.startswith("_"):
        return False
    module = importlib.import_module(owner)
    found = getattr(module, first, None)
    offered = getattr(module, "__all__", None)
    if found is None or isinstance(found, ModuleType) or (offered is not None and first not in offered):
        return False
    if not rest or rest in METHODS:
        return True
    return "." not in rest and not rest.startswith("_") and not callable(getattr(found, rest, None))


def _owners(name: str) -> list[str]:
    """Return what may be the module of a name, the longest first."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]
