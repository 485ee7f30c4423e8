"""What of Python and its library is known to change nothing but, at most, the object it is called on.

Tables alone. What is not in them is not called.
"""

import builtins

from sleeplsp.prompts.reply.checks import BUILTINS as CHECK_BUILTINS

_ERRORS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)

_BUILTIN_NAMES = (
    "ascii bin bytearray callable classmethod ellipsis Ellipsis False filter format int issubclass map "
    "memoryview None NotImplemented oct property sorted staticmethod super True type"
)
BUILTINS = CHECK_BUILTINS | frozenset(_BUILTIN_NAMES.split()) | _ERRORS
"""Builtin names that may be used."""

_MODULE_NAMES = (
    "abc base64 binascii bisect calendar cmath collections colorsys copy dataclasses datetime decimal "
    "difflib enum fractions functools hashlib heapq html itertools json keyword math numbers operator re "
    "statistics string stringprep struct textwrap types typing typing_extensions unicodedata uuid zlib "
    "__future__"
)
MODULES = frozenset(_MODULE_NAMES.split())
"""Modules of the library all of whose functions may be used."""

NAMES = frozenset(
    (
        *(f"os.path.{name}" for name in ("basename", "commonprefix", "dirname", "isabs", "join", "normpath")),
        *("os.path.split", "os.path.splitdrive", "os.path.splitext", "os.path.sep", "os.sep", "os.linesep"),
        *("urllib.parse.quote", "urllib.parse.quote_plus", "urllib.parse.unquote", "urllib.parse.urlencode"),
        *(
            "urllib.parse.urljoin",
            "urllib.parse.urlparse",
            "urllib.parse.urlsplit",
            "urllib.parse.urlunparse",
        ),
        *("urllib.parse.parse_qs", "urllib.parse.parse_qsl", "urllib.parse.unquote_plus", "sys.maxsize"),
        *("html.parser.HTMLParser", "ipaddress.ip_address", "ipaddress.ip_network", "shlex.quote"),
        *("shlex.split", "posixpath.join", "posixpath.normpath", "collections.abc"),
    )
)
"""Names of other modules that may be used."""

BUT = frozenset(
    (
        *("datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow"),
        *("datetime.date.today", "functools.cache", "functools.lru_cache", "uuid.uuid1", "uuid.uuid4"),
        *("json.dump", "json.load", "typing.get_type_hints", "types.CodeType", "types.FunctionType"),
        *("hashlib.file_digest", "heapq.heapify", "heapq.heappop", "heapq.heappush", "heapq.heappushpop"),
        *("heapq.heapreplace", "bisect.insort", "bisect.insort_left", "bisect.insort_right"),
        *("operator.call", "operator.delitem", "operator.methodcaller", "operator.setitem"),
        *(f"operator.i{name}" for name in ("add", "and", "concat", "floordiv", "lshift", "matmul", "mod")),
        *(f"operator.i{name}" for name in ("mul", "or", "pow", "rshift", "sub", "truediv", "xor")),
    )
)
"""Of the modules above what changes what it is passed, is not the same twice, or reads and writes."""

_METHOD_NAMES = (
    "as_integer_ratio as_posix bit_count bit_length capitalize casefold center conjugate copy count date "
    "decode denominator difference digest elements encode end endswith expandtabs find findall finditer "
    "format format_map fromisoformat fromkeys fromtimestamp fullmatch get group groupdict groups hex "
    "hexdigest index intersection is_absolute is_integer isalnum isalpha isascii isdecimal isdigit "
    "isdisjoint isidentifier islower isnumeric isocalendar isoformat isoweekday isprintable isspace "
    "issubset issuperset istitle isupper items join keys ljust lower lstrip match most_common partition "
    "quantize removeprefix removesuffix rfind rindex rjust rpartition rsplit rstrip search span split "
    "splitlines start startswith strftime strip sub subn swapcase symmetric_difference time timestamp "
    "timetuple title to_bytes total total_seconds translate union upper utcoffset values weekday "
    "with_name with_suffix zfill"
)
METHODS = frozenset(_METHOD_NAMES.split())
"""Methods that change nothing, whatever object of the library they belong to. `replace` is not among them: of
a path it renames a file."""

REPLACE = "replace"
"""A method that changes nothing when it is given two arguments, or names them: then it is no path's."""

_CHANGING_NAMES = (
    "add append appendleft clear difference_update discard extend extendleft insert intersection_update "
    "move_to_end pop popitem popleft remove reverse rotate setdefault sort symmetric_difference_update "
    "subtract update"
)
CHANGING = frozenset(_CHANGING_NAMES.split())
"""Methods that change the container they are called on."""

_FRESH_NAMES = (
    "builtins.bytearray builtins.dict builtins.list builtins.set builtins.sorted collections.Counter "
    "collections.OrderedDict collections.defaultdict collections.deque"
)
FRESH = frozenset(_FRESH_NAMES.split())
"""What gives a new container when it is called."""
