import assert from "node:assert/strict";
import { test } from "node:test";

import { explanationLinks, reportLine, reportLinks, type Location } from "../../src/answers/links.ts";

function location(uri: string, line: number): Location {
    const start = { line, character: 4 };
    return { uri, range: { start, end: start }, message: "" };
}

test("the steps of an explanation lead to its locations, and nothing else leads anywhere", () => {
    const locations = [location("file:///w/pkg/st%C3%B6re.py", 10), location("file:///w/main.py", 4)];
    const markdown = [
        "**Cause**: `pkg/störe.py:11`: returns `None`",
        "2. `main.py:5`: crash: `AttributeError: x:5`",
        "3. `main.py:6`, `other.py:5`, `n.py:5`, `/etc/passwd:1`",
    ].join("\n");
    const links = explanationLinks(markdown, locations);
    assert.deepEqual(links.codes, { "pkg/störe.py:11": 0, "main.py:5": 1 });
    assert.equal(links.places, locations);
});

const REPORT = [
    "# `pkg/a b.py`",
    "",
    "## Suspicions",
    "",
    "### Line 12: `x` may be `None`",
    "",
    "1. `pkg/a b.py:12`: `x.y`: reads it",
    "2. `pkg/b.py:3`: `None`: returns it",
    "3. `../../etc/passwd:1`, `/etc/passwd:1`, `C:/x.py:1`, `pkg/./x.py:1`, `http://x/y:80`",
    "",
    "### `load`, line 7",
    "### no line",
].join("\n");

test("the headings of a report lead to its file, and its evidence to files of the folder alone", () => {
    const { places, codes, headings } = reportLinks(REPORT, "file:///w/pkg/a%20b.py", "file:///w");
    const shown = (number: number | undefined) => {
        const place = places[number ?? -1];
        return place === undefined ? undefined : `${place.uri}#${place.range.start.line}`;
    };
    assert.deepEqual(
        Object.entries(codes).map(([text, number]) => [text, shown(number)]),
        [
            ["pkg/a b.py:12", "file:///w/pkg/a%20b.py#11"],
            ["pkg/b.py:3", "file:///w/pkg/b.py#2"],
        ],
    );
    assert.deepEqual(
        Object.entries(headings).map(([line, number]) => [line, shown(number)]),
        [
            ["4", "file:///w/pkg/a%20b.py#11"],
            ["10", "file:///w/pkg/a%20b.py#6"],
        ],
    );
});

test("a file in no folder has headings that lead to it, and no other links", () => {
    const { codes, headings } = reportLinks(REPORT, "untitled:Untitled-1", null);
    assert.deepEqual(codes, {});
    assert.equal(Object.keys(headings).length, 2);
});

test("a report begins where it tells of a suspicion", () => {
    assert.equal(reportLine(REPORT, 11), 4);
    assert.equal(reportLine(REPORT, 1), 0);
});
