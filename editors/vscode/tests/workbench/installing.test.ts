/** Installing the server where no setting says from what: somebody is asked, once. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { makeWheels } from "../machine/install.ts";
import { servers } from "../machine/processes.ts";
import { filesOf, readCase } from "../machine/suites.ts";
import { until } from "../machine/until.ts";
import { folderOfPython } from "../machine/user.ts";
import { scenario } from "./scenario.ts";

scenario(
    "what the server is installed from is asked, and kept",
    {
        files: filesOf(readCase("shop.md", "A shop")),
        hasServer: false,
        before: user => {
            // What the server needs is found there; the server itself is named.
            Object.assign(user.env, { PIP_FIND_LINKS: makeWheels(), PIP_NO_INDEX: "1" });
            user.putOnPath(folderOfPython());
        },
    },
    async ({ window, user }) => {
        const folder = user.env["PIP_FIND_LINKS"] ?? "";
        const wheel = join(folder, readdirSync(folder).find(each => /^sleeplsp-.*\.whl$/.test(each)) ?? "");
        await window.openFile("shop/label.py");
        await window.notification("Installing it takes a checkout, a wheel or a URL of it").waitFor();
        await window.command("sleeplsp: Install Server");
        await window.picture("from-what");
        await window.pick("A URL or requirement");
        await window.input.locator("input").fill("sleeplsp");
        await window.input.getByText("whoever holds that name there chooses what runs").waitFor();
        await window.picture("bare-name");
        await window.fill(wheel);
        await window.pick("for this extension only");
        await window.notification(/sleeplsp \S+ is installed, and runs/).waitFor({ timeout: 180_000 });
        await until("the setting", () => user.settings.includes(wheel));
        assert.equal(servers().length, 1);
    },
);
