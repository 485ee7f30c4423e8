/** What somebody asks: a question that a model answers, a key it needs, a traceback, a report. */

import assert from "node:assert/strict";
import { type Endpoint, SCRIPT, speaking } from "../machine/endpoint.ts";
import { LEFT } from "../machine/places.ts";
import { filesOf, readCase, textOf } from "../machine/suites.ts";
import { until } from "../machine/until.ts";
import { filesWith, type User } from "../machine/user.ts";
import { scenario } from "./scenario.ts";

const files = filesOf(readCase("shop.md", "A shop"));
const broken = readCase("shop.md", "What it says when it breaks");
const KEY = "sk-scripted-0123456789abcdef";
const QUESTION = "Who may leave the name empty?";

let endpoint: Endpoint | undefined;

async function silentAtFirst(user: User): Promise<void> {
    endpoint = await speaking(user, "A model that falls silent at first");
}

scenario(
    "a question is answered as the model speaks, and can be stopped",
    { files, before: silentAtFirst },
    async ({ window }) => {
        await window.openFile("shop/label.py");
        await window.marks("warning").first().waitFor();
        await window.goTo(4, 6);
        await window.command("sleeplsp: Ask About This Symbol");
        await window.answer(QUESTION);
        const page = window.webview;
        // A part of the answer is there, in several pieces, while the model has not come to its end.
        const streamed = page.locator(".streamed");
        await streamed.filter({ hasText: /^Nobody may\. Whoever writes a label knows its/ }).waitFor();
        await window.picture("streaming");
        await page.locator('button[data-id="stop"]').click();
        await page.getByText("Stopped.").waitFor();
        // What was said until then stays.
        await streamed.filter({ hasText: /^Nobody may\. / }).waitFor();

        await page.locator('button[data-id="again"]').click();
        await page.getByText("That is all.").waitFor();
        await page.getByText(/By scripted, and nothing has checked it/).waitFor();
        await window.picture("answered");
        assert.equal((await endpoint?.counts())?.aborted, 1);
    },
);

scenario(
    "a model is named, and its key is kept in the secret storage alone",
    {
        files,
        before: async user => {
            endpoint = await speaking(user, "A model that asks for a key");
            // All that is logged is looked at for the key.
            user.set({ "sleeplsp.sleep": false, "sleeplsp.trace.server": "verbose" });
        },
    },
    async ({ window, user }) => {
        await window.openFile("shop/label.py");
        await window.marks("warning").first().waitFor();
        await window.command("sleeplsp: Set Language Model");
        await window.fill(endpoint?.url ?? "");
        await window.input.filter({ hasText: "Language model: model" }).waitFor();
        await window.answer("scripted");
        await until("the settings", () => user.settings.includes(endpoint?.url ?? "?"));

        await window.goTo(4, 6);
        await window.command("sleeplsp: Ask About This Symbol");
        await window.answer(QUESTION);
        await window.webview.locator(".note.failed").waitFor();
        await window.picture("no-key");
        await window.command("sleeplsp: Set API Key");
        assert.equal(await window.input.locator("input").getAttribute("type"), "password");
        await window.answer(KEY);
        // The server is started anew with it, and until then nobody answers.
        await until("an answer", async () => {
            await window.webview.locator('button[data-id="again"]').click({ timeout: 1_000 });
            return window.isThere(window.webview.getByText("Nobody may."));
        });
        // Nowhere: the secret storage of a window such as this is the browser's, and what is in it is encrypted.
        assert.deepEqual(filesWith(user.home, KEY), [SCRIPT]);
        assert.deepEqual(filesWith(LEFT, KEY), []);
        await endpoint?.counts();
    },
);

scenario(
    "a traceback in the clipboard is explained where none is selected",
    { files },
    async ({ window }) => {
        await window.openFile("shop/label.py");
        await window.marks("warning").first().waitFor();
        await window.page.evaluate(text => navigator.clipboard.writeText(text), textOf(broken, "traceback"));
        await window.goTo(4, 1);
        await window.press("Shift+End");
        await window.command("sleeplsp: Explain Traceback");
        await window.webview.getByText("prices.py:5").first().waitFor();
        await window.picture("clipboard");
    },
);

scenario(
    "a traceback leads to its cause",
    { files: { ...files, ...filesOf(broken), "crash.log": textOf(broken, "traceback") } },
    async ({ window }) => {
        await window.openFile("shop/label.py");
        await window.marks("warning").first().waitFor();
        await window.openFile("crash.log");
        await window.press("Control+a");
        await window.command("sleeplsp: Explain Traceback");
        const page = window.webview;
        await page.getByText("prices.py:5").first().waitFor();
        await window.picture("why");
        await page.locator("button.place", { hasText: "prices.py:5" }).first().click();
        await window.page.locator('.tab.active[data-resource-name="prices.py"]').waitFor();
        await window.page
            .locator('.statusbar-item[id="status.editor.selection"]', { hasText: "Ln 5," })
            .waitFor();
    },
);

scenario(
    "a traceback in the terminal is explained",
    { files: { ...files, ...filesOf(broken) }, before: user => user.install("python3", []) },
    async ({ window }) => {
        await window.openFile("shop/label.py");
        await window.marks("warning").first().waitFor();
        await window.command("Terminal: Create New Terminal");
        await window.page.locator(".terminal-wrapper.active .xterm-screen").waitFor();
        await window.page.locator(".terminal-wrapper.active .xterm-screen").click();
        await window.page.keyboard.type("clear; python3 main.py\n");
        await until("the end of the program", async () => {
            await window.command("Terminal: Select All");
            await window.command("sleeplsp: Explain Traceback in the Terminal");
            return window.isThere(window.webview.getByText("prices.py:5").first());
        });
        await window.picture("terminal");
    },
);

scenario(
    "the traceback of a failed test is explained, where the test is listed",
    { files, extensions: "cases", env: { TEST_THAT_FAILS: textOf(broken, "traceback") } },
    async ({ window }) => {
        await window.openFile("shop/label.py");
        await window.marks("warning").first().waitFor();
        await window.command("Test: Run All Tests");
        const message = window.page.locator(".test-output-peek-tree .monaco-list-row", {
            hasText: "Traceback",
        });
        await message.first().click();
        await window.page.getByText("Explain Traceback of This Test").first().click();
        await window.webview.getByText("prices.py:5").first().waitFor();
        await window.picture("failed-test");
    },
);

scenario(
    "the report of a file is a page that stays up to date",
    { files, settings: { "sleeplsp.lenses": true, "sleeplsp.hints": true } },
    async ({ window }) => {
        await window.openFile("shop/label.py");
        await window.marks("warning").first().waitFor();
        await window.page.getByText("may be None", { exact: true }).first().waitFor();
        const lens = window.page.locator(".codelens-decoration a", { hasText: "1 suspicion" }).first();
        await lens.waitFor();
        await window.picture("lenses");
        await lens.click();
        const page = window.webview;
        await page.getByText("none-dereference").first().waitFor();
        await window.picture("report");
        await window.goTo(5, 1);
        await window.press("Shift+End");
        await window.type('    return "für 😀 nur " + (price(name) or "").upper()');
        await until(
            "the report without it",
            async () => (await page.getByText("none-dereference").count()) === 0,
        );
    },
);
