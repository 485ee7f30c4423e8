/** What somebody reads in the editor: marks and hovers. */

import { filesOf, readCase } from "../machine/suites.ts";
import { scenario } from "./scenario.ts";

const files = filesOf(readCase("shop.md", "A shop"));

scenario("a mark tells why on hover", { files }, async ({ window }) => {
    await window.openFile("shop/label.py");
    const mark = window.marks("warning").first();
    await mark.waitFor();
    await window.hover(mark, "none-dereference");
    await window.picture("hover");
});
