import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { LANGUAGES } from "../../src/server/languages.ts";

interface Offer {
    command: string;
    when: string;
}

const { contributes } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    contributes: { menus: Record<"editor/context" | "commandPalette", Offer[]> };
};

function whenOf(menu: "editor/context" | "commandPalette", command: string): string {
    return contributes.menus[menu].find(each => each.command === command)?.when ?? "";
}

test("what is about a symbol or a file is offered in the languages that the server knows, and no other", () => {
    for (const menu of ["editor/context", "commandPalette"] as const) {
        for (const command of ["sleeplsp.editor.ask", "sleeplsp.editor.insight"]) {
            const pattern = /editorLangId =~ \/(.*)\/$/.exec(whenOf(menu, command))?.[1];
            assert.ok(pattern !== undefined, `${menu} ${command}`);
            const known = new RegExp(pattern);
            assert.deepEqual(
                [...LANGUAGES, "markdown", "plaintext", "pythonish", "json"].filter(each => known.test(each)),
                [...LANGUAGES],
            );
        }
    }
});

test("an answer can be stopped while one is made", () => {
    assert.equal(whenOf("commandPalette", "sleeplsp.page.stop"), "sleeplsp.isAnswering");
});
