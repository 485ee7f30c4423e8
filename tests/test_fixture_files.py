"""The reader of Markdown test cases."""

from pathlib import Path

import pytest

from tests.fixture_files import Block, Case, read_cases

_SUITE = """\
# Title

Words.

## One

```python path=pkg/a.py
# no heading
x = 1
```

More words.

```reply
```

### Two

````text path=b.txt other=1
```
````
"""


def test_a_suite_is_its_headings_and_blocks(tmp_path: Path) -> None:
    path = tmp_path / "suite.md"
    path.write_text(_SUITE, encoding="utf-8")
    one, two = read_cases(path)
    assert one == Case(
        "One", (Block("python", "pkg/a.py", "# no heading\nx = 1\n", 7), Block("reply", "", "", 14))
    )
    assert one.files == {"pkg/a.py": "# no heading\nx = 1\n"}
    assert one.texts("reply") == [""]
    assert one.texts("python") == []
    assert two.files == {"b.txt": "```\n"}


@pytest.mark.parametrize(
    ("suite", "message"),
    [
        ("```python\n```\n", "suite.md:1: a block above all headings"),
        ("# A\n```python\n", "suite.md:2: a block left open"),
        ("# A\n```\n```\n# A\n", "suite.md:4: a second case called 'A'"),
    ],
)
def test_a_mistake_in_a_suite_is_named(tmp_path: Path, suite: str, message: str) -> None:
    path = tmp_path / "suite.md"
    path.write_text(suite, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_cases(path)
