/** Where somebody looks around: the tree of what is suspected, the walkthrough. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf, readCase } from "../machine/suites.ts";
import { until } from "../machine/until.ts";
import { scenario } from "./scenario.ts";

const files = filesOf(readCase("shop.md", "A shop"));

scenario("the tree lists what is suspected, and a click goes there", { files }, async ({ window }) => {
    await window.openFile("shop/prices.py");
    await window.page.locator(".pane-header", { hasText: "Sleeplsp" }).click();
    const leaf = window.treeItem(/price\(name\)/);
    await leaf.waitFor();
    assert.equal(await window.treeItem(/^Warnings, deduced/).count(), 1);
    await window.picture("tree");
    await leaf.click();
    await window.page.locator('.tab.active[data-resource-name="label.py"]').waitFor();
    await window.page
        .locator('.statusbar-item[id="status.editor.selection"]', { hasText: "Ln 5," })
        .waitFor();
    // What is mended is not in it any more.
    await window.goTo(5, 1);
    await window.press("Shift+End");
    await window.type('    return "für 😀 nur "');
    await until("the tree without it", async () => (await leaf.count()) === 0);
});

scenario("a suspicion is dismissed with a reason, in a file", { files }, async ({ window, user }) => {
    await window.openFile("shop/label.py");
    await until("two marks", async () => (await window.marks("warning").count()) === 2);
    await window.goTo(9, 40);
    await window.fix("Dismiss this literal-identity", "it is meant so");
    await window.pick("it is meant so");
    await until("one mark", async () => (await window.marks("warning").count()) === 1);
    const baseline = join(user.project, "sleeplsp-baseline.toml");
    await until("the baseline", () => existsSync(baseline));
    assert.match(readFileSync(baseline, "utf8"), /reason = "it is meant so"/);
    await window.picture("dismissed");
});

scenario("the walkthrough works without a model", { files }, async ({ window }) => {
    await window.openFile("shop/label.py");
    await window.marks("warning").first().waitFor();
    await window.command("sleeplsp: Open Walkthrough");
    const page = window.page.locator(".gettingStartedContainer");
    await page.getByText("Install the server").first().waitFor();
    await window.picture("walkthrough");
    await page.getByText("Hover over a function").first().click();
    await page.getByText("Show what it is doing").first().click();
    await window.webview.getByText("asleep").first().waitFor();
});
