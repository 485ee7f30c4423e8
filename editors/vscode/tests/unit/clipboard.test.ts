import assert from "node:assert/strict";
import { test } from "node:test";

import { copiedBy } from "../../src/answers/clipboard.ts";

/** A clipboard, and a terminal that copies to it. */
function machine(held: string) {
    let text = held;
    const clipboard = {
        readText: () => Promise.resolve(text),
        writeText: (written: string) => {
            text = written;
            return Promise.resolve();
        },
    };
    const copying = (selected: string | undefined) => () =>
        selected === undefined ? Promise.resolve() : clipboard.writeText(selected);
    return { clipboard, copying, held: () => text };
}

test("what is selected counts although the clipboard holds it already", async () => {
    const { clipboard, copying, held } = machine("Traceback");
    const copies = [copying("Traceback"), copying("all that was printed")];
    assert.equal(await copiedBy(clipboard, "marker", copies), "Traceback");
    assert.equal(held(), "Traceback");
});

test("where nothing is selected, what was printed last counts, and else nothing", async () => {
    const { clipboard, copying, held } = machine("mine");
    assert.equal(await copiedBy(clipboard, "marker", [copying(undefined), copying("printed")]), "printed");
    assert.equal(await copiedBy(clipboard, "marker", [copying(undefined), copying(undefined)]), "");
    assert.equal(held(), "mine");
});

test("the clipboard is as it was also where copying fails", async () => {
    const { clipboard, held } = machine("mine");
    const failing = () => Promise.reject(new Error("no terminal"));
    await assert.rejects(copiedBy(clipboard, "marker", [failing]));
    assert.equal(held(), "mine");
});
