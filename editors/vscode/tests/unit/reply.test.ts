import assert from "node:assert/strict";
import { test } from "node:test";

import { elements } from "../../src/answers/page/markdown.ts";
import { awaited, failed, replied, stopped, type Answered } from "../../src/answers/reply.ts";
import { folderOf } from "../../src/folders.ts";
import type { Status } from "../../src/server/protocol.ts";

const ANSWER: Answered = {
    answer: "yes",
    source: "model",
    stoodOn: ["a.py::load", "b.py::Store.get"],
    tokens: 1234,
    model: "tiny`model",
    markdown: "**May it?**\n\nyes",
};

test("a model's answer ends with who gave it and what it stood on", () => {
    const sheet = replied("May it?", ANSWER, true);
    assert.equal(sheet.state, "done");
    assert.equal(
        sheet.markdown,
        "**May it?**\n\nyes\n\n*By ``tiny`model``, and nothing has checked it.* " +
            "*It stood on* `a.py::load`, `b.py::Store.get`.",
    );
    assert.deepEqual(
        sheet.buttons.map(each => each.id),
        ["again"],
    );
});

test("what was known costs nothing, and says so", () => {
    const sheet = replied("May it?", { ...ANSWER, source: "deduced", stoodOn: [], tokens: 0 }, true);
    assert.match(sheet.markdown, /\*No model was asked: this was known beforehand\.\*$/);
    assert.deepEqual(sheet.buttons, []);
});

test("where a model is needed and none is named, one line says so and a button adds one", () => {
    const near = { symbol: "a.py::load", text: "raises `KeyError` [x](y)", grade: "deduced" };
    const sheet = replied(
        "Why *so*?",
        { answer: null, nearest: [near], changed: false, unasked: "none is named" },
        true,
    );
    assert.deepEqual(sheet.notes, ["A language model could answer, but none is named."]);
    assert.deepEqual(
        sheet.buttons.map(each => each.id),
        ["addModel"],
    );
    assert.match(sheet.markdown, /- `a\.py::load`: raises `KeyError` \\\[x\\\]\\\(y\\\) \*deduced\*$/);
    const withModel = replied("Why?", { answer: null, nearest: [], changed: true, unasked: null }, true);
    assert.deepEqual(withModel.buttons, []);
    assert.match(withModel.markdown, /being thought about again/);
    const off = replied("Why?", { answer: null, nearest: [], changed: false, unasked: "it is off" }, true);
    assert.deepEqual(off.notes, ["A language model could answer, but it is off."]);
    assert.deepEqual(
        off.buttons.map(each => each.id),
        ["showLog"],
    );
    const untrusted = replied(
        "Why?",
        { answer: null, nearest: [], changed: false, unasked: "none is named" },
        false,
    );
    assert.deepEqual([untrusted.notes.length, untrusted.buttons.map(each => each.id)], [1, ["trust"]]);
});

test("what was said before a stop or a failure stays", () => {
    const said = { ...awaited("Why?"), streamed: "because <b>" };
    assert.deepEqual([stopped(said).streamed, stopped(said).state], ["because <b>", "done"]);
    assert.deepEqual(
        [failed(said, "the endpoint is gone").streamed, failed(said, "x").notes],
        ["because <b>", ["x"]],
    );
});

test("a failure for a key leads to where one is set", () => {
    const about = (reason: string) => failed(awaited("Why?"), reason).buttons.map(each => each.id);
    const tells = "`sleeplsp doctor` tells where it is looked for";
    for (const reason of [
        `http://127.0.0.1:8080/v1 (401) wants a key, and none was found: no key; ${tells}`,
        `https://example.org/v1 (403) does not accept the key; ${tells}`,
        "the key for https://example.org/v1 holds what no key can: is it the key?",
    ]) {
        assert.deepEqual(about(reason), ["setKey", "again", "showLog"], reason);
    }
    for (const reason of [
        "https://example.org/v1 (404) knows neither such a path nor the key",
        "it is off",
    ]) {
        assert.deepEqual(about(reason), ["again", "showLog"], reason);
    }
});

test("nothing in Markdown becomes a link, an image or HTML", () => {
    const text =
        "[a](command:quit) ![b](https://example.org) <img src=x> <https://example.org>\n\n<script>x</script>\n";
    const tags = JSON.stringify(elements(text)).match(/"tag":"[^"]*"/g);
    assert.deepEqual(new Set(tags), new Set(['"tag":"p"']));
    assert.match(JSON.stringify(elements(text)), /\[a\]\(command:quit\).*<script>/);
});

test("elements know the line they begin in", () => {
    const lines = elements("# a\n\nb\nc\n\n- d\n- e\n\n  1. f\n\n## g").map(each => [each.tag, each.line]);
    assert.deepEqual(lines, [
        ["h1", 0],
        ["p", 2],
        ["ul", 5],
        ["h2", 10],
    ]);
});

test("a file lies in the innermost folder around it", () => {
    const statuses = ["file:///w", "file:///w/inner", null].map(root => ({ root }) as Status);
    assert.equal(folderOf(statuses, "file:///w/a.py")?.root, "file:///w");
    assert.equal(folderOf(statuses, "file:///w/inner/a.py")?.root, "file:///w/inner");
    assert.equal(folderOf(statuses, "file:///w/inner.py")?.root, "file:///w");
    assert.equal(folderOf(statuses, "untitled:Untitled-1"), undefined);
});
