"""What is asked of every server in the latency benchmark: the same requests at the same places.

The places are those where ours has something to tell; what it tells there is noted, so that the constant
server can answer as much.
"""

import json
import random
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.positions import documents, largest, positions, spans
from benchmarks.wire import Client, Params

SEED = 7
WARM_UP = 20
"""Places that are asked about before anything is measured."""

HOVER = "textDocument/hover"
ACTION = "textDocument/codeAction"
SYMBOLS = "textDocument/documentSymbol"
LENS = "textDocument/codeLens"

NAMES = {HOVER: "hover", ACTION: "code action", SYMBOLS: "symbols", LENS: "code lens"}
_OFFERS = {
    HOVER: "hoverProvider",
    ACTION: "codeActionProvider",
    SYMBOLS: "documentSymbolProvider",
    LENS: "codeLensProvider",
}


class Asked(NamedTuple):
    """What is asked of every server."""

    root: Path
    files: list[Path]
    warm_up: list[Params]
    places: list[Params]
    """Parameters of hovers."""

    def rounds(self) -> Iterator[dict[str, Params]]:
        """Yield what is asked at one place after another, by method."""
        whole = documents(self.places)
        for each in zip(self.places, spans(self.places), whole, whole, strict=True):
            yield dict(zip(NAMES, each, strict=True))

    def file_of(self, place: Params) -> Path:
        """Return the file a place lies in."""
        return next(each for each in self.files if each.as_uri() == uri_of(place))


def offers(client: Client, method: str) -> bool:
    """Tell whether a server answers a request."""
    return bool(client.offers.get(_OFFERS[method]))


def uri_of(params: Params) -> str:
    """Return the document that a request is about."""
    document = params["textDocument"]
    assert isinstance(document, dict)
    return str(document["uri"])


def choose(client: Client, root: Path, count: int, answers: Path) -> Asked:
    """Have our server think about everything once; choose places, and write down what it answers there."""
    files = largest(root)
    with client:
        client.open(root, files)
        client.settle()
        told = [(each, text) for each in positions(files) if (text := client.hover(each))]
        if not told:
            raise SystemExit("latency: there is nothing to hover about")
        random.Random(SEED).shuffle(told)
        places = [each for each, _ in told]
        asked = Asked(root, files, places[:WARM_UP], ((places[WARM_UP:] or places) * count)[:count])
        noted = {"hover": round(statistics.mean(len(text) for _, text in told)), **_noted(client, asked)}
    answers.write_text(json.dumps(noted), "utf-8")
    return asked


def _noted(client: Client, asked: Asked) -> dict[str, Any]:
    actions, symbols, lenses = {}, {}, {}
    for each in asked.rounds():
        uri, position = uri_of(each[HOVER]), each[HOVER]["position"]
        assert isinstance(position, dict)
        actions[f"{uri}:{position['line']}"] = client.request(ACTION, each[ACTION]) or []
        if uri not in symbols:
            symbols[uri] = client.request(SYMBOLS, each[SYMBOLS]) or []
            lenses[uri] = (client.request(LENS, each[LENS]) or []) if offers(client, LENS) else []
    return {"actions": actions, "symbols": symbols, "lenses": lenses}
