"""What names say."""

import pytest

from sleeplsp.engine.ports import SkipReason
from sleeplsp.repo.names import is_secret, reason_of_name


@pytest.mark.parametrize(
    "name",
    [
        ".env", ".ENV", ".env.local", ".env.py", ".envrc", "server.pem", "server.KEY", "id_rsa",
        "id_ed25519.pub",
        "credentials", "credentials.json", "credentials.yaml", "secrets.yml", ".netrc",
        ".pypirc", ".npmrc",
        "service-account-prod.json", "a.p12", "store.jks", "terraform.tfstate", "pass.kdbx",
    ],
)  # fmt: skip
def test_secret(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    ["env.py", "secrets.py", "credentials.py", "keys.py", "a.pem.py", "environment.ts", "x.env.py"],
)
def test_not_secret(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a_pb2.py", SkipReason.GENERATED),
        ("a_pb2_grpc.py", SkipReason.GENERATED),
        ("a.pb.go", SkipReason.GENERATED),
        ("api.generated.ts", SkipReason.GENERATED),
        ("zz_generated.deepcopy.go", SkipReason.GENERATED),
        ("package-lock.json", SkipReason.GENERATED),
        ("Cargo.lock", SkipReason.GENERATED),
        ("jquery.min.js", SkipReason.MINIFIED),
        ("JQUERY.MIN.JS", SkipReason.MINIFIED),
        ("admin.js", None),
        ("pb2.py", None),
        ("generated.py", None),
        ("min.js", None),
        ("lock.py", None),
    ],
)
def test_reason_of_name(name: str, reason: SkipReason | None) -> None:
    assert reason_of_name(name) is reason
