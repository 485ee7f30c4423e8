"""The words of questions about code: which mean the same, which say next to nothing, how they are bent.

General English of programmers. Nothing here may be about one program, nor about one set of questions.
"""

PHRASES: tuple[tuple[str, str], ...] = (
    ("\u2019", "'"),
    (r"n't\b", " not"),
    (r"\bcannot\b", "can not"),
    (r"\b(what|who|where|how|that|it)'s\b", r"\1 is"),
    (r"\bno longer\b", "not"),
    (r"\b(do|does|would|will) (i|you|we|one) (get|receive)( back)?\b", ""),
    (r"\b(no|not) more than\b|\bat most\b|\bup to\b", "maximum"),
    (r"\b(no|not) (less|fewer) than\b|\bat least\b", "minimum"),
    (r"\b(below|under|less than|smaller than) (zero|0)\b(?!\.\d)", "negative"),
    (r"\b(above|over|greater than|more than|larger than) (zero|0)\b(?!\.\d)", "positive"),
    (r"\bmore than once\b|\b(?<!how )(two|several|multiple|many) times\b|\bduplicates?\b", "twice"),
    (r"\b(throw|throws|threw|thrown|throwing) (out|away)\b", "removed"),
    (r"\b(get|gets|got) (thrown|kicked) out\b", "removed"),
    (r"\b(look|looks|looking|looked) at\b|\btak(?:e|es|en|ing) into account\b", "considers"),
    (r"\b(try|tries|tried|trying|tried) (it )?(again|once more|another time)\b", "retries"),
    (r"\b(start|starts|started|begin|begins) (anew|afresh|over|again)\b", "resets"),
    (r"\b(tell|tells|told|telling)\b(.*)\b(apart|from)\b", r"distinguish\2"),
    (r"\b(i|you|we|one) (get|gets)\b", r"\1"),
    (
        r"\b(two|several|multiple|many) threads\b(.*)\b(at (the same time|once)|concurrently|in parallel)\b",
        r"threadsafe\2",
    ),
    (r"\bthread[- ]?safe(ty)?\b", "threadsafe"),
    (
        r"\b(several|multiple|two|many|different|concurrent) threads( at (the same time|once))?\b",
        "threadsafe",
    ),
    (r"\ball (\w+ )?at once\b", r"all \1eagerly"),
    (r"\bup front\b|\bin one go\b", "eagerly"),
    (r"\bat once\b|\bright away\b|\bstraight away\b", "immediately"),
    (r"\bat the same time\b|\bin parallel\b", "concurrently"),
    (r"\b(only )?(when|if|as) (they|it) (is|are) needed\b|\bon demand\b", "lazily"),
    (r"\b(leave|leaves|leaving|left) out\b", "omitted"),
    (r"\b(end|ends|ended) up\b", "is"),
    (r"\breturn values?\b", "return"),
    (r"\bpart of\b", "included"),
    (r"^what (is|are) in\b", "what contains"),
    (r"\bonce (?=(the|a|an|it|they|there|all|this|that|no|i|you|we)\b|\w+ (is|are|has|have)\b)", "when "),
    (r"(?<=\w )\b(can|could|may|might) (i|you|we|one) (use|pass|give)\b", "accepts"),
    (r"\bbecomes? one\b", "merged"),
    (r"\b(has|have) to\b|\bneeds? to\b", "must"),
    (r"\b(is|are) (it )?(possible|allowed|permitted) (to|for|that)\b", "can"),
    (r"\bin (the )?worst case\b", "maximum"),
    (r"\bno room( left)?\b|\bno space( left)?\b", "full"),
    (r"\b(no|without any) (items?|elements?|entries|content)\b", "empty"),
    (r"(?<!\w)(?:\"\"|'')(?!\w)", "empty"),
    (r"\b(raise|raises|raised|throw|throws|threw|thrown) (an? )?(errors?|exceptions?)\b", "raises"),
)
"""What is said in several words, and in one. In this order."""

NEGATORS = frozenset(
    [
        *("not", "no", "never", "none", "nothing", "nobody", "nowhere", "neither", "nor", "without"),
        *("missing", "absent", "lack", "unknown", "invalid", "unsupported", "unset", "undelivered"),
    ]
)
"""Each takes something back: as many must stand in a question as in the one that it is to mean."""

NEGATED = {"unknown": "known", "unsupported": "known", "invalid": "valid"}
"""What is said to be not so by a word; of the other negators: nothing."""

GROUPS = (
    "return give produce result",
    "fail crash unsuccessful",
    "error exception failure",
    "raise throw",
    "remove delete drop evict discard erase purge expel",
    "add append insert",
    "store save persist",
    "copy clone",
    "change modify mutate alter",
    "limit cap bound restrict",
    "maximum max most largest biggest longest highest greatest upper",
    "minimum min smallest shortest lowest least lower",
    "wait sleep pause delay block hang",
    "retry reattempt repeat",
    "attempt try",
    "consider check respect honour honor inspect",
    "accept support allow permit understand",
    "known know recognise recognize detect notice",
    "all every each",
    "replace overwrite override",
    "differ difference different differently versus vs",
    "distinguish distinguishable",
    "same identical equal",
    "old expire stale outdated",
    "first initial initially",
    "last final finally",
    "stop end quit terminate halt finish",
    "start begin launch",
    "run execute",
    "send transmit",
    "load fetch retrieve",
    "merge join combine",
    "touch adjacent adjoin",
    "include contain inclusive",
    "exclude exclusive",
    "random randomness jitter",
    "reset restart",
    "must need require necessary mandatory",
    "more larger greater bigger exceed",
    "less fewer smaller",
    "space whitespace blank",
    "eagerly eager",
    "lazily lazy",
    "concurrently concurrent parallel",
    "immediately instantly",
    "order sort sequence",
    "encode serialise serialize format",
    "convert turn",
    "default fallback",
    "close shut",
    "create build construct instantiate",
    "deliver delivery",
    "faster quicker",
    "skip ignore omit",
    "keep retain preserve",
    "find search lookup locate",
    "choose select pick",
    "show display print",
    "verify validate test",
    "wrong incorrect bad malformed",
    "folder directory dir",
    "text string str",
    "large big huge",
    "small little tiny short",
    "fast quick",
    "size length",
    "number count amount quantity",
    "position index location",
    "cache memoise memoize",
    "prevent avoid",
    "escape sanitise sanitize",
    "configure configuration config",
    "whole entire complete",
    "element item entry",
    "unique distinct",
    "ascending increasing",
    "descending decreasing",
    "update refresh renew",
    "lock mutex",
    "identifier id",
    "database db",
    "environment env",
    "message msg",
    "dictionary dict mapping",
    "integer int",
    "boolean bool",
    "repository repo",
    "asynchronously asynchronous async",
    "synchronously synchronous sync",
    "interval period",
    "cancel abort",
    "2 two",
    "3 three",
    "10 ten",
)
"""Words that mean the same; the first stands for all."""

_WEAK = (
    "a an the it its itself this that these those they them their i you we me my one single some there "
    "here then so such ever is are was were be been being am do does did done has have had can could may "
    "might will would shall should possible get got when if for with on in of to by from at as into onto "
    "and or out up back over about than through behind per what which who whom how why where whether case "
    "way kind thing happen occur handle treat cause lead use exist present set found argument parameter "
    "flag option input function method class call code apart between too mean meaning purpose reason "
    "value_of time take pass go come make already currently still please exactly_what question simply own "
    "just even really actually automatically exactly basically anyway arg param"
)
WEAK = frozenset(_WEAK.split())
"""Words whose presence or absence changes nothing; strong ones must stand on both sides."""

IRREGULAR = {
    "thrown": "throw",
    "threw": "throw",
    "written": "write",
    "wrote": "write",
    "took": "take",
    "taken": "take",
    "sent": "send",
    "kept": "keep",
    "lost": "lose",
    "held": "hold",
    "ran": "run",
    "began": "begin",
    "begun": "begin",
    "gave": "give",
    "given": "give",
    "made": "make",
    "done": "do",
    "found": "found",
    "knew": "know",
    "known": "known",
    "chosen": "choose",
    "left": "left",
    "went": "go",
    "gone": "go",
    "came": "come",
    "built": "build",
    "met": "meet",
    "drawn": "draw",
    "shown": "show",
    "tries": "try",
    "tried": "try",
    "retries": "retry",
    "retried": "retry",
    "lacks": "lack",
    "classes": "class",
    "does": "do",
    "is": "is",
    "was": "was",
    "has": "has",
    "its": "its",
    "this": "this",
    "always": "always",
    "less": "less",
    "process": "process",
    "address": "address",
    "access": "access",
    "delivery": "deliver",
    "deliveries": "deliver",
    "removal": "remove",
    "creation": "create",
    "insertion": "insert",
    "deletion": "delete",
    "duration": "duration",
    "something": "something",
    "string": "string",
    "during": "during",
    "nothing": "nothing",
    "setting": "flag",
    "settings": "flag",
    "missing": "missing",
    "need": "need",
    "speed": "speed",
    "red": "red",
    "used": "use",
    "using": "use",
    "absence": "absent",
    "children": "child",
    "indices": "index",
    "data": "data",
    "bring": "bring",
    "cancelled": "cancel",
    "cancelling": "cancel",
}
"""How words are bent that follow no rule, and words that only look bent."""

_VERBS = (
    "return fail remove add store copy change limit wait retry consider accept known differ distinguish "
    "stop start run send load merge touch include exclude reset must create deliver encode convert close "
    "escape"
)
VERBS = frozenset(_VERBS.split())
"""Another voice moves them to another place in a question; behind an article they are nouns, and stay. So
does what is bent like a verb move, wherever it stands."""

_ADJECTIVES = (
    "maximum minimum old new first last negative positive empty full same random more less long short "
    "large small valid threadsafe"
)
ADJECTIVES = frozenset(_ADJECTIVES.split())
"""A clause of their own moves them to another place."""

ARTICLES = frozenset(
    [
        *("the", "a", "an", "its", "their", "this", "that", "each", "every", "no", "any", "one", "another"),
        *("own", "does", "do", "did", "can", "could", "may", "might", "is", "are", "was", "were", "will"),
    ]
)
"""What stands before a noun: an article, or the verb that begins a question."""

TIMES = frozenset(["before", "after", "until", "while", "during", "then", "than"])
"""Between two things that change their meaning with their order."""

PRONOUNS = frozenset(["it", "this", "that"])
