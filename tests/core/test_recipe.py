"""The recipe: any source of the reasoner that changes makes what is stored unusable."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from sleeplsp.core.recipe import analyser_version, recipe, sources_digest


@pytest.fixture
def copies(tmp_path: Path) -> list[Path]:
    """The packages the recipe is made from, copied."""
    packages = ("core", "deduce")
    for each in packages:
        shutil.copytree(str(files(f"sleeplsp.{each}")), tmp_path / each)
    return [tmp_path / each for each in packages]


def test_it_is_made_of_all_sources_of_core_and_deduce(copies: list[Path]) -> None:
    whole = sources_digest(copies)
    assert whole == analyser_version()
    sources = [each for copy in copies for each in copy.rglob("*.py")]
    assert len(sources) > 100
    for source in sources:
        text = source.read_bytes()
        source.write_bytes(text + b"#")
        assert sources_digest(copies) != whole, source
        source.write_bytes(text)
    assert sources_digest(copies) == whole


def test_a_source_that_comes_goes_or_moves_changes_it(copies: list[Path]) -> None:
    core, _ = copies
    seen = {sources_digest(copies)}
    (core / "new.py").write_text("x = 1\n")
    seen.add(sources_digest(copies))
    (core / "new.py").rename(core / "other.py")
    seen.add(sources_digest(copies))
    (core / "other.py").rename(core / "flow" / "other.py")
    seen.add(sources_digest(copies))
    (core / "graph.py").unlink()
    seen.add(sources_digest(copies))
    assert len(seen) == 5


def test_what_is_no_source_does_not_matter(copies: list[Path]) -> None:
    whole = sources_digest(copies)
    (copies[0] / "notes.md").write_text("x")
    (copies[0] / "__pycache__" / "graph.pyc").parent.mkdir(exist_ok=True)
    (copies[0] / "__pycache__" / "graph.pyc").write_bytes(b"x")
    assert sources_digest(copies) == whole


def test_another_library_is_another_recipe() -> None:
    assert recipe("a") != recipe("b")
    assert recipe("a") == recipe("a")
