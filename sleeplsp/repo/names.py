"""What the name of a file or folder says: that it is vendored, generated, minified, or secret.

Tables to be read and extended. Patterns are those of `fnmatch`, compared without regard to case.
This module must not know where a file lies or what it contains.
"""

import re
from fnmatch import translate

from sleeplsp.engine.ports import SkipReason

# Folders of version control and of tools. They hold no source text, so they are not even listed.
TOOL_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", ".bzr", "_darcs", ".jj",
        "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
        ".ipynb_checkpoints",
    }
)  # fmt: skip

# Folders of other people's code.
VENDORED_FOLDERS = frozenset(
    {
        "vendor", "vendored", "_vendor", "_vendored", "third_party", "third-party", "thirdparty",
        "site-packages", "dist-packages", "__pypackages__", ".eggs", ".tox", ".nox", ".venv",
        "node_modules", "bower_components", "jspm_packages", "web_modules", ".yarn", ".pnpm-store",
        "godeps", ".cargo", ".rustup", ".gradle", ".terraform",
    }
)  # fmt: skip
# A folder that holds one of these is an environment of installed packages, whatever its name.
ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")

SECRET_FOLDERS = frozenset({".ssh", ".gnupg", ".aws"})
_SECRET = (
    # settings with passwords in them
    ".env*", ".netrc", "_netrc", ".pgpass", ".my.cnf", ".npmrc", ".pypirc", ".htpasswd",
    ".git-credentials", ".dockercfg", ".boto", ".s3cfg", ".vault-token", ".vault_pass*",
    "credentials", "credentials.json", "credentials.y*ml", "credentials.toml", "credentials.ini",
    "credentials.csv", "credentials.xml", "client_secret*.json", "service-account*.json",
    "secrets.json", "secrets.y*ml", "secrets.toml", "secrets.ini", "*.tfstate", "*.tfvars",
    # keys and stores of keys
    "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*.pem", "*.key", "*.p8", "*.p12", "*.pfx",
    "*.pkcs12", "*.jks", "*.keystore", "*.kdbx", "*.ppk", "*.gpg",
)  # fmt: skip
_GENERATED = (
    "*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py", "*_pb2_grpc.pyi", "*.pb.go", "*.pb.gw.go",
    "*_pb.js", "*_pb.ts", "*_pb.d.ts", "*.generated.*", "*_generated.go", "*_generated.rs",
    "zz_generated.*", "*.gen.go", "*.g.ts", "*.lock", "package-lock.json", "npm-shrinkwrap.json",
    "pnpm-lock.yaml", "go.sum",
)  # fmt: skip
_MINIFIED = ("*.min.js", "*.min.mjs", "*.min.cjs", "*-min.js", "*.min.css")


def is_secret(name: str) -> bool:
    """Tell whether a file of this name may hold a password or a private key."""
    return _secret.match(name) is not None


def reason_of_name(name: str) -> SkipReason | None:
    """Return why a file is left out because of its name, other than for secrets."""
    if _generated.match(name):
        return SkipReason.GENERATED
    return SkipReason.MINIFIED if _minified.match(name) else None


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns), re.IGNORECASE)


_secret, _generated, _minified = _any_of(_SECRET), _any_of(_GENERATED), _any_of(_MINIFIED)
