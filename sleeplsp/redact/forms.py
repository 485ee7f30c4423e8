"""Keys that are known by their form: what issues them gives them a beginning, a length, an alphabet.

It must not know what is done with them.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import NamedTuple

from sleeplsp.prompts.redacted import MARK


class Form(NamedTuple):
    """One form of keys."""

    kind: str
    """What it is called."""
    hints: str
    """Of these words one stands in every text that holds such a key: most texts need no further look."""
    pattern: re.Pattern[str]
    """What is to be taken out; its group, if it has one."""


_PRIVATE_KEY = re.compile(r"-----BEGIN[^-\n]{0,40}PRIVATE KEY[^-\n]{0,20}-----")
_BASIC = re.compile(r"\b[Bb]asic ([A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/=])")
_PRIVATE_KEY_END = re.compile(r"-----END[^-\n]{0,60}-----")
_LETTERS = re.compile(r"(?:\\n|\s|[A-Za-z0-9+/=])*")
PRIVATE_KEY_MAX = 20_000
"""Characters of a private key."""

_HEADER = (
    r"(?i:authorization)\\?[\"'`]?[\])]?\s*[:=,]\s*[rbfu]?\\?[\"'`]?"
    r"(?i:(?:basic|bearer|token|api-?key|key|digest|negotiate)\s+(?:\w+=)?)"
    rf"(?!{MARK})((?=[^\s\"'`]*\d)[\w.~+/=:-]{{6,}})"
)

FORMS = tuple(
    Form(kind, hints, re.compile(pattern))
    for kind, hints, pattern in (
        ("age key", "AGE-SECRET-KEY", r"\bAGE-SECRET-KEY-1[0-9A-Z]{50,}"),
        ("aws key", "AKIA ASIA ABIA ACCA", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
        (
            "github token",
            "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
            r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{40,}",
        ),
        ("gitlab token", "gl", r"\bgl(?:pat|dt|rt|ptt|ft|soat|cbt|imt|agent)-[\w-]{20,}"),
        ("slack token", "xox xapp-", r"\bxox[a-z]-[\w-]{10,}|\bxapp-\d-[\w-]{10,}"),
        ("slack hook", "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/]{20,}"),
        ("discord hook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}"),
        (
            "stripe key",
            "k_live_ k_test_ whsec_",
            r"\b[srp]k_(?:live|test)_[0-9A-Za-z]{16,}|\bwhsec_[0-9A-Za-z+/=]{16,}",
        ),
        ("google key", "AIza ya29. GOCSPX-", r"\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}"),
        (
            "model key",
            "sk- gsk_ hf_ r8_",
            r"\bsk-[\w-]{20,}|\bgsk_[0-9A-Za-z]{30,}|\bhf_[A-Za-z]{30,}|\br8_[0-9A-Za-z]{30,}",
        ),
        (
            "package token",
            "npm_ pypi- rubygems_ dckr_pat_",
            r"\bnpm_[0-9A-Za-z]{30,}|\bpypi-[\w-]{40,}|\brubygems_[0-9a-f]{40,}|\bdckr_pat_[\w-]{20,}",
        ),
        (
            "mail key",
            "SG. key- -us",
            r"\bSG\.[\w-]{16,}\.[\w-]{16,}|\bkey-[0-9a-f]{32}\b|\b[0-9a-f]{32}-us\d{1,2}\b",
        ),
        ("twilio key", "SK AC", r"\b(?:SK|AC)[0-9a-f]{32}\b"),
        ("web token", "eyJ", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?"),
        (
            "azure key",
            "AccountKey= SharedAccessKey=",
            r"(?<=AccountKey=)[A-Za-z0-9+/=]{40,}|(?<=SharedAccessKey=)[A-Za-z0-9+/=]{30,}",
        ),
        (
            "signature",
            "sig= X-Amz-Signature=",
            r"(?<=[?&]sig=)[\w%+/=-]{30,}|(?<=X-Amz-Signature=)[0-9a-f]{40,}",
        ),
        ("telegram token", ":AA", r"\b\d{8,10}:AA[\w-]{32,34}"),
        ("discord token", ".", r"\b[MNO][\w-]{22,26}\.[\w-]{6}\.[\w-]{27,}"),
        (
            "cloud token",
            "_v1_ dapi hvs. hvb. hvr. sbp_",
            r"\bdo[opr]_v1_[0-9a-f]{40,}|\bdapi[0-9a-f]{32}\b|\bhv[sbr]\.[\w-]{20,}|\bsbp_[0-9a-f]{40}\b",
        ),
        (
            "shop token",
            "shpat_ shpca_ shppa_ shpss_ sq0 EAAA",
            r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|\bsq0(?:atp|csp|idp)-[\w-]{20,}|\bEAAA[\w-]{60}",
        ),
        (
            "service token",
            "lin_api_ ntn_ figd_ PMAK- NRAK- sntrys_ glsa_ ops_eyJ atlasv1. dp.pt.",
            r"\b(?:lin_api_|ntn_|figd_|PMAK-|NRAK-|sntrys_|glsa_|ops_eyJ|atlasv1\.|dp\.pt\.)[\w.=-]{20,}",
        ),
        ("password", "://", r"(?<=://)[^\s/:@'\"`{}<>$%]{0,80}:[^\s/@'\"`{}<>$%]{3,200}(?=@[\w.-])"),
        (
            "credentials",
            "earer Basic",
            rf"(?<=[Bb]earer )(?!{MARK})[\w.~+/=-]{{20,}}|(?<=Authorization: Basic )[A-Za-z0-9+/=]{{12,}}",
        ),
        (
            "credentials",
            "uthorization UTHORIZATION",
            _HEADER,
        ),
    )
)


def formed(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of keys of known forms."""
    yield from _private_keys(text)
    for form in FORMS:
        if any(hint in text for hint in form.hints.split()):
            for found in form.pattern.finditer(text):
                if found.end() > found.start():
                    yield form.kind, *found.span(found.lastindex or 0)
    yield from _basic(text)


def _basic(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield a name and a password as headers carry them: both, encoded, with a colon between."""
    for found in _BASIC.finditer(text) if "asic " in text else ():
        try:
            said = b64decode(found[1], validate=True)
        except ValueError:
            continue
        if b":" in said and said.isascii():
            yield "credentials", *found.span(1)


def _private_keys(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield private keys up to their last line; one that is cut off up to where its letters end."""
    end = 0
    for begin in _PRIVATE_KEY.finditer(text):
        if begin.start() < end:
            continue
        stop = text.find("-----END", begin.end(), begin.end() + PRIVATE_KEY_MAX)
        last = _PRIVATE_KEY_END.match(text, stop) if stop >= 0 else None
        letters = last or _LETTERS.match(text, begin.end(), begin.end() + PRIVATE_KEY_MAX)
        end = letters.end() if letters is not None else begin.end()
        yield "private key", begin.start(), end
