/** What somebody reads in the editor: marks and hovers. */

import assert from "node:assert/strict";
import { filesOf, readCase } from "../machine/suites.ts";
import { until } from "../machine/until.ts";
import { scenario } from "./scenario.ts";

const files = filesOf(readCase("shop.md", "A shop"));

scenario("a hover is rendered, and a mark tells the way to it", { files }, async ({ window }) => {
    await window.openFile("shop/label.py");
    const mark = window.marks("warning").first();
    await mark.waitFor();
    const hover = await window.hover(mark, "none-dereference");
    await window.picture("mark");
    // The way leads through another file, whose places are links.
    await hover.locator("a", { hasText: "prices.py(5, 12)" }).waitFor();

    await window.openFile("shop/prices.py");
    const told = await window.hover(window.word("price"), "May return");
    await told.locator("strong", { hasText: /^May return None when name != ''\.$/ }).waitFor();
    await told.locator("strong code", { hasText: /^None$/ }).waitFor();
    await told.locator("em", { hasText: "deduced · fresh" }).waitFor();
    await window.picture("hover");
});

scenario("a mark stands under its characters, whatever stands before them", { files }, async ({ window }) => {
    await window.openFile("shop/label.py");
    const mark = window.marks("warning").first();
    await mark.waitFor();
    const [box, text] = [await mark.boundingBox(), await window.boxOf("price(name)")];
    assert.ok(box !== null);
    assert.ok(Math.abs(box.x - text.left) < 1, `${box.x} is not ${text.left}`);
    assert.ok(Math.abs(box.x + box.width - text.right) < 1, `${box.x + box.width} is not ${text.right}`);

    // It stays there when more comes before it, in the same moment and without the server.
    await window.goTo(5, 16);
    await window.type("😀é漢");
    await until("the mark has moved along", async () => {
        const [now, then] = [await mark.boundingBox(), await window.boxOf("price(name)")];
        return now !== null && Math.abs(now.x - then.left) < 1 && then.left > text.left;
    });
});
