"""Keys that are known by their form: what issues them gives them a beginning, a length, an alphabet.

It must not know what is done with them.
"""

import re

_FORMS: tuple[tuple[str, str], ...] = (
    (
        "private key",
        r"-----BEGIN[^-\n]{0,40}PRIVATE KEY[^-\n]{0,20}-----[\s\S]{0,20000}?-----END[^-\n]{0,60}-----",
    ),
    ("private key", r"-----BEGIN[^-\n]{0,40}PRIVATE KEY[^-\n]{0,20}-----(?:\\n|\s|[A-Za-z0-9+/=]){0,20000}"),
    ("age key", r"\bAGE-SECRET-KEY-1[0-9A-Z]{50,}"),
    ("aws key", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
    ("github token", r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{40,}"),
    ("gitlab token", r"\bgl(?:pat|dt|rt|ptt|ft|soat|cbt|imt|agent)-[\w-]{20,}"),
    ("slack token", r"\bxox[a-z]-[\w-]{10,}|\bxapp-\d-[\w-]{10,}"),
    ("slack hook", r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/]{20,}"),
    ("discord hook", r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}"),
    ("stripe key", r"\b[srp]k_(?:live|test)_[0-9A-Za-z]{16,}|\bwhsec_[0-9A-Za-z+/=]{16,}"),
    ("google key", r"\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}"),
    ("model key", r"\bsk-[\w-]{20,}|\bgsk_[0-9A-Za-z]{30,}|\bhf_[A-Za-z]{30,}|\br8_[0-9A-Za-z]{30,}"),
    (
        "package token",
        r"\bnpm_[0-9A-Za-z]{30,}|\bpypi-[\w-]{40,}|\brubygems_[0-9a-f]{40,}|\bdckr_pat_[\w-]{20,}",
    ),
    ("mail key", r"\bSG\.[\w-]{16,}\.[\w-]{16,}|\bkey-[0-9a-f]{32}\b|\b[0-9a-f]{32}-us\d{1,2}\b"),
    ("twilio key", r"\b(?:SK|AC)[0-9a-f]{32}\b"),
    ("web token", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?"),
    ("azure key", r"(?<=AccountKey=)[A-Za-z0-9+/=]{40,}|(?<=SharedAccessKey=)[A-Za-z0-9+/=]{30,}"),
    ("signature", r"(?<=[?&]sig=)[\w%+/=-]{30,}|(?<=X-Amz-Signature=)[0-9a-f]{40,}"),
    ("telegram token", r"\b\d{8,10}:AA[\w-]{32,34}"),
    ("discord token", r"\b[MNO][\w-]{22,26}\.[\w-]{6}\.[\w-]{27,}"),
    (
        "cloud token",
        r"\bdo[opr]_v1_[0-9a-f]{40,}|\bdapi[0-9a-f]{32}\b|\bhv[sbr]\.[\w-]{20,}|\bsbp_[0-9a-f]{40}\b",
    ),
    ("shop token", r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|\bsq0(?:atp|csp|idp)-[\w-]{20,}|\bEAAA[\w-]{60}"),
    (
        "service token",
        r"\b(?:lin_api_|ntn_|figd_|PMAK-|NRAK-|sntrys_|glsa_|ops_eyJ|atlasv1\.|dp\.pt\.)[\w.=-]{20,}",
    ),
    ("password", r"(?<=://)[^\s/:@'\"`{}<>$%]{0,80}:[^\s/@'\"`{}<>$%]{3,200}(?=@[\w.-])"),
    ("credentials", r"(?<=[Bb]earer )[\w.~+/=-]{20,}|(?<=Authorization: Basic )[A-Za-z0-9+/=]{12,}"),
)

KINDS = tuple(dict.fromkeys(kind for kind, _ in _FORMS))

FORMS = tuple((kind, re.compile(form)) for kind, form in _FORMS)
"""What it is called, and the form of what is to be taken out."""
