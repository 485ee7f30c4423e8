/** What becomes of marks when somebody edits: here, elsewhere, on disk. */

import { rmSync, writeFileSync } from "node:fs";
import { Range, type TextDocument, WorkspaceEdit, commands, languages, workspace } from "vscode";
import { until } from "../../machine/until.ts";
import type { HostCase } from "../main.ts";
import { settled, show, uriOf } from "../place.ts";

export const cases: HostCase[] = [
    {
        name: "a mark is gone with the edit that mends it, and back when that is undone",
        run: async ours => {
            const document = await show("shop/label.py");
            await marked("shop/label.py", "none-dereference");
            await replace(document, "price(name).upper()", '(price(name) or "").upper()');
            await unmarked("shop/label.py", "none-dereference");
            await commands.executeCommand("undo");
            await marked("shop/label.py", "none-dereference");
            await settled(ours);
        },
    },
    {
        name: "a mark is gone when what is called is mended in another file, saved or not",
        run: async () => {
            await show("shop/label.py");
            await marked("shop/label.py", "none-dereference");
            const prices = await show("shop/prices.py");
            await replace(prices, 'if name == "" else None', 'if name == "" else "1 €"');
            await unmarked("shop/label.py", "none-dereference");
            await commands.executeCommand("undo");
            await marked("shop/label.py", "none-dereference");
        },
    },
    {
        name: "a mark moves along with the text before it",
        run: async () => {
            const document = await show("shop/label.py");
            const before = await marked("shop/label.py", "none-dereference");
            await replace(document, '"für ', '"für 😀😀 ');
            await until("the mark has moved", async () => {
                const now = await marked("shop/label.py", "none-dereference");
                return (
                    now.start.character === before.start.character + 5 && now.start.line === before.start.line
                );
            });
            await commands.executeCommand("undo");
            await until("the mark is back", async () =>
                (await marked("shop/label.py", "none-dereference")).isEqual(before),
            );
        },
    },
    {
        name: "a file that comes on disk is thought about, and its marks go with it",
        run: async () => {
            const path = "shop/new.py";
            const text = 'def is_free(text: str) -> bool:\n    return text is "gratis"\n';
            writeFileSync(uriOf(path).fsPath, text);
            try {
                await marked(path, "literal-identity");
            } finally {
                rmSync(uriOf(path).fsPath);
            }
            await unmarked(path, "literal-identity");
        },
    },
    {
        name: "files that are not open are marked, too",
        run: async () => {
            await commands.executeCommand("workbench.action.closeAllEditors");
            await marked("shop/label.py", "none-dereference");
        },
    },
];

/** Return where a check marks a file, once it does. */
async function marked(path: string, check: string): Promise<Range> {
    const found = await until(`a mark ${check} in ${path}`, () => marksOf(path, check)[0]);
    return found;
}

async function unmarked(path: string, check: string): Promise<void> {
    await until(`no mark ${check} in ${path}`, () => marksOf(path, check).length === 0);
}

function marksOf(path: string, check: string): Range[] {
    return languages
        .getDiagnostics(uriOf(path))
        .filter(({ code }) => (typeof code === "object" ? code.value : code) === check)
        .map(each => each.range);
}

async function replace(document: TextDocument, before: string, after: string): Promise<void> {
    const at = document.getText().indexOf(before);
    const range = new Range(document.positionAt(at), document.positionAt(at + before.length));
    if (at < 0) {
        throw new Error(`${before} does not stand in ${document.fileName}`);
    }
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, range, after);
    await workspace.applyEdit(edit);
}
