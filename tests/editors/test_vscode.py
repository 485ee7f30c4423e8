"""What the extension for VS Code says of the server, held against the server."""

import re
from pathlib import Path

from sleeplsp.core.languages import languages

SOURCES = Path(__file__).resolve().parent.parent.parent / "editors" / "vscode" / "src"


def test_it_serves_the_languages_that_the_server_knows() -> None:
    told = re.findall(r'^ +"(\w+)",$', (SOURCES / "server" / "languages.ts").read_text("utf-8"), re.MULTILINE)
    known = [name for each in languages().values() for name in (each.name, *each.editor_ids)]
    assert sorted(told) == sorted(known)
