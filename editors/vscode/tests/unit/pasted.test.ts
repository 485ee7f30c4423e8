import assert from "node:assert/strict";
import { test } from "node:test";

import { CHARACTERS_MAX, cleaned, seemsTraceback } from "../../src/answers/pasted.ts";

const ESC = "\u001b";

const CLEANED: [string, string][] = [
    ["plain\ttext\nover lines\n", "plain\ttext\nover lines\n"],
    [`${ESC}[31mTypeError${ESC}[0m: ${ESC}[1;38;5;208mno${ESC}[m`, "TypeError: no"],
    [`${ESC}[38:2:255:0:0mred${ESC}[K`, "red"],
    [`${ESC}]0;a title\u0007after`, "after"],
    [`${ESC}]8;;file:///a.py${ESC}\\a.py${ESC}]8;;${ESC}\\:3`, "a.py:3"],
    [`${ESC}[2J${ESC}[?25lhidden${ESC}[?25h`, "hidden"],
    ["Windows\r\nlines\r\n", "Windows\nlines\n"],
    ["10%\r50%\rdone\nnext", "done\nnext"],
    ["bell\u0007 and null\u0000", "bell and null"],
    ["a list[int] [0m stays", "a list[int] [0m stays"],
    ["Grüße, 世界 🎉", "Grüße, 世界 🎉"],
];

test("text from a terminal is as it would be in a file", () => {
    for (const [given, wanted] of CLEANED) {
        assert.equal(cleaned(given), wanted, JSON.stringify(given));
    }
});

test("of a text that is too long the end is kept", () => {
    const end = "ValueError: the last line";
    const text = cleaned("x".repeat(CHARACTERS_MAX) + end);
    assert.equal(text.length, CHARACTERS_MAX);
    assert.ok(text.endsWith(end));
});

const TRACEBACKS = [
    'Traceback (most recent call last):\n  File "a.py", line 3, in f\nValueError: no',
    '  + Exception Group Traceback (most recent call last):\n  |   File "a.py", line 3, in f',
    '    File "a.py", line 3\n      f(\nSyntaxError: no',
    ">       assert f() == 1\nE       assert 2 == 1\n\ntest_a.py:3: AssertionError",
    "a.py:12: in load\n    return x.y",
];

test("a traceback is known by its looks, and other text is none", () => {
    for (const text of TRACEBACKS) {
        assert.ok(seemsTraceback(text), text);
    }
    for (const text of [
        "",
        "def load(key):\n    return None",
        "see a.py, line 3",
        "a.py:12:5: warning: no",
    ]) {
        assert.ok(!seemsTraceback(text), text);
    }
});
