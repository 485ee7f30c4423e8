/** What somebody does about a mark: a fix, an edit, a dismissal. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf, readCase } from "../machine/suites.ts";
import { until } from "../machine/until.ts";
import { scenario } from "./scenario.ts";

const files = filesOf(readCase("shop.md", "A shop"));

scenario("a fix is applied and saved, and its mark is gone", { files }, async ({ window, user }) => {
    await window.openFile("shop/label.py");
    await until("two marks", async () => (await window.marks("warning").count()) === 2);
    await window.goTo(9, 40);
    await window.fix("Compare with ==");
    await until("one mark", async () => (await window.marks("warning").count()) === 1);
    await window.picture("fixed");
    await window.save();
    const wanted = files["shop/label.py"]?.replace("text is", "text ==");
    assert.equal(readFileSync(join(user.project, "shop", "label.py"), "utf8"), wanted);
});

scenario("a suspicion disappears with the edit that mends it", { files }, async ({ window }) => {
    await window.openFile("shop/label.py");
    const mark = window.marks("warning");
    await until("two marks", async () => (await mark.count()) === 2);
    await window.picture("before-the-edit");
    // What is called is mended, in another file that is not saved.
    await window.openFile("shop/prices.py");
    await window.goTo(5, 45);
    await window.press("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft");
    await window.type('"1 €"');
    await window.openFile("shop/label.py");
    await until("one mark", async () => (await mark.count()) === 1);
    await window.picture("after-the-edit");
});
