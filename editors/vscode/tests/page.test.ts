/** The page that shows answers, alone in a browser: what is read out and where the keyboard is when it changes. */

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Page, chromium } from "playwright-core";
import { findChromium } from "./machine/install.ts";
import { EXTENSIONS } from "./machine/places.ts";

/** What the page has told the extension. */
declare const told: unknown[];

const BLANK = {
    title: "",
    state: "done",
    streamed: "",
    markdown: "",
    notes: [] as string[],
    buttons: [] as { id: string; label: string }[],
    codes: {},
    headings: {},
    line: 0,
};
const AGAIN = { id: "again", label: "Ask Again" };
const STOP = { id: "stop", label: "Stop" };
const ANSWERED = { ...BLANK, markdown: "An answer.", buttons: [AGAIN] };
const REPORT = {
    ...BLANK,
    markdown: "# a.py\n\n### Line 2: `x` is used\n\nSee `b.py:7`.\n",
    codes: { "b.py:7": 0 },
    headings: { 2: 1 },
};

/** Open a page of ours, as it is installed. */
async function opened(context: TestContext): Promise<Page> {
    const found = findChromium();
    assert.ok("path" in found);
    const browser = await chromium.launch({ executablePath: found.path, args: ["--no-sandbox"] });
    context.after(() => browser.close());
    const page = await browser.newPage();
    const [script] = globSync("sleeplsp.sleeplsp-*/dist/page.js", { cwd: EXTENSIONS.ours });
    const text = readFileSync(join(EXTENSIONS.ours, script ?? ""), "utf8");
    const host =
        "var told = []; function acquireVsCodeApi() { return { postMessage: each => told.push(each) }; }";
    await page.setContent(`<!DOCTYPE html><body><script>${host}</script><script>${text}</script></body>`);
    return page;
}

async function show(page: Page, sheet: typeof BLANK): Promise<void> {
    await tell(page, { kind: "sheet", sheet, isNew: false });
}

async function tell(page: Page, message: unknown): Promise<void> {
    await page.evaluate(data => window.dispatchEvent(new MessageEvent("message", { data })), message);
}

async function focused(page: Page): Promise<string> {
    return page.evaluate(() => document.activeElement?.textContent ?? "");
}

test("the region that is read out stays, and so do the buttons and what is the same", async context => {
    const page = await opened(context);
    await show(page, { ...BLANK, title: "Why?", state: "working", buttons: [STOP] });
    const [region, stop] = [await page.$("main[aria-live=polite]"), await page.$("[data-id=stop]")];
    assert.equal(await region?.getAttribute("aria-busy"), "true");
    await tell(page, { kind: "piece", text: "Because " });
    await tell(page, { kind: "piece", text: "of <b>that." });
    const said = await page.$(".streamed");
    assert.equal(await said?.textContent(), "Because of <b>that.");
    await show(page, { ...BLANK, title: "Why?", streamed: "Because of <b>that.", buttons: [STOP, AGAIN] });
    assert.equal(await region?.getAttribute("aria-busy"), "false");
    for (const each of [region, stop, said]) {
        assert.ok(await each?.evaluate(node => node.isConnected));
    }
    assert.equal(await page.locator("main > *").count(), 2);
    assert.equal(await page.locator("main b").count(), 0);
});

test("whoever presses a button stays among the buttons", async context => {
    const page = await opened(context);
    await show(page, ANSWERED);
    await page.locator("[data-id=again]").focus();
    await page.keyboard.press("Enter");
    await show(page, { ...BLANK, title: "Why?", state: "working", buttons: [STOP] });
    assert.equal(await focused(page), "Stop");
    await show(page, ANSWERED);
    assert.equal(await focused(page), "Ask Again");
    assert.deepEqual(await page.evaluate(() => told), [{ kind: "ready" }, { kind: "press", id: "again" }]);
});

test("a link keeps the keyboard when the report around it changes, and leads to where it stands now", async context => {
    const page = await opened(context);
    await show(page, REPORT);
    await page.getByRole("link", { name: "x is used" }).focus();
    await show(page, {
        ...REPORT,
        markdown: `# a.py\n\nSomething new.\n\n${REPORT.markdown.slice(8)}`,
        headings: { 4: 2 },
    });
    assert.equal(await focused(page), "Line 2: x is used");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "b.py:7" }).click();
    assert.deepEqual(await page.evaluate(() => told.slice(1)), [
        { kind: "open", place: 2 },
        { kind: "open", place: 0 },
    ]);
    // What it stands in is drawn anew.
    await show(page, { ...REPORT, markdown: REPORT.markdown.replace("See", "`c.py:1`, see also") });
    assert.equal(await focused(page), "b.py:7");
    await show(page, ANSWERED);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "MAIN");
});

test("a page that nobody is in takes the keyboard from nobody", async context => {
    const page = await opened(context);
    await show(page, ANSWERED);
    await show(page, { ...ANSWERED, buttons: [STOP] });
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "BODY");
});

test("what stands in backquotes in a note is code, and nothing else is more than text", async context => {
    const page = await opened(context);
    await show(page, {
        ...BLANK,
        state: "failed",
        notes: ["`sleeplsp doctor` tells <b>more</b> of [it](x)"],
    });
    assert.equal(await page.locator(".note.failed code").textContent(), "sleeplsp doctor");
    assert.equal(await page.locator(".note > *").count(), 1);
});
