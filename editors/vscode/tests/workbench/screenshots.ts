/** The pictures of the README, taken of the real workbench: `editors/vscode/test --screenshots`. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { EXTENSION } from "../machine/places.ts";
import { filesOf, readCase, textOf } from "../machine/suites.ts";
import { startEndpoint, type Endpoint } from "../machine/endpoint.ts";
import { scenario } from "./scenario.ts";

const PICTURES = join(EXTENSION, "images");
const files = filesOf(readCase("pictures.md", "A store"));
const size = { width: 1000, height: 560 };

mkdirSync(PICTURES, { recursive: true });

scenario("a picture of a mark and its hover", { files, size }, async ({ window }) => {
    await window.openFile("orders/invoice.py");
    const mark = window.marks("warning").first();
    await mark.waitFor();
    await window.command("View: Toggle Primary Side Bar Visibility");
    await window.hover(mark, "none-dereference");
    await window.page.screenshot({ path: join(PICTURES, "hover.png") });
});

let endpoint: Endpoint | undefined;

scenario(
    "a picture of the tree and an answer",
    {
        files,
        size,
        before: async user => {
            endpoint = await startEndpoint(
                user,
                textOf(readCase("pictures.md", "What the model says"), "script"),
            );
            user.set({
                "sleeplsp.endpoint": endpoint.url,
                "sleeplsp.model": "scripted",
                "sleeplsp.sleep": false,
                "editor.minimap.enabled": false,
            });
        },
    },
    async ({ window }) => {
        await window.openFile("orders/store.py");
        await window.page.locator(".pane-header", { hasText: "Sleeplsp" }).click();
        await window.treeItem(/find/).first().waitFor();
        await window.goTo(7, 12);
        await window.command("sleeplsp: Ask About This Symbol");
        await window.answer("When does find come back without an order?");
        await window.webview.getByText(/By scripted/).waitFor();
        await window.page.screenshot({ path: join(PICTURES, "tree-and-answer.png") });
        await endpoint?.counts();
    },
);
