"""A picture of a terminal's screen: from its text with colours to SVG that fetches nothing."""

import re
from io import StringIO

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

_BLACK, _WHITE = (20, 22, 27), (224, 226, 234)
"""The background and the foreground of Neovim's own colours."""
_NORMAL = [
    (7, 8, 13), (255, 192, 185), (179, 246, 192), (252, 224, 148),
    (166, 219, 255), (255, 202, 255), (140, 248, 247), (224, 226, 234),
]  # fmt: skip
_THEME = TerminalTheme(_BLACK, _WHITE, _NORMAL, _NORMAL)

_VIEW = re.compile(r'viewBox="0 (?P<top>[\d.]+) (?P<width>[\d.]+) (?P<height>[\d.]+)"')
_FORM = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {terminal_y} {width} {height}" role="img">
<title>TITLE</title>
<style>
.{unique_id}-matrix {{
    font-family: "DejaVu Sans Mono", "Cascadia Mono", Menlo, Consolas, monospace;
    font-size: {char_height}px;
    line-height: {line_height}px;
    font-variant-east-asian: full-width;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
<rect fill="#14161b" x="0" y="{terminal_y}" width="100%" height="100%" rx="6"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def picture(screen: str, columns: int, title: str) -> str:
    """Return SVG of a screen, which is given as text with escape sequences for colours."""
    console = Console(
        record=True, width=columns, file=StringIO(), force_terminal=True, color_system="truecolor"
    )
    for line in screen.splitlines():
        console.print(Text.from_ansi(line), soft_wrap=True, crop=True)
    drawn = console.export_svg(theme=_THEME, code_format=_FORM.replace("TITLE", title), unique_id="screen")
    return _VIEW.sub(_cropped, drawn, count=1)


def _cropped(view: re.Match[str]) -> str:
    """Leave out the room above, where there would be the title of a window."""
    return f'viewBox="0 {view["top"]} {view["width"]} {float(view["height"]) - float(view["top"])}"'
