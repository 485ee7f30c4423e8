/** Claims of a model that are tested by running the workspace's code: who is asked, and what is kept of the answer. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Endpoint, speaking } from "../machine/endpoint.ts";
import { filesOf, readCase } from "../machine/suites.ts";
import { until } from "../machine/until.ts";
import { type User, filesWith } from "../machine/user.ts";
import { scenario } from "./scenario.ts";
import type { Window } from "./window.ts";

const files = filesOf(readCase("shop.md", "Sums"));
const STATUS = "sleeplsp.sleeplsp.sleeplsp.status";
const QUESTION =
    /sleeplsp can test 2 claims of the model by calling functions of .* That runs the workspace's code/;
const TRUE = "Is no less than cents";
const FALSE = "Is always an even number";

let endpoint: Endpoint | undefined;

async function claiming(user: User, settings: Record<string, unknown> = {}): Promise<void> {
    const all = { "sleeplsp.sleep": true, "sleeplsp.load_max": 0, ...settings };
    endpoint = await speaking(user, "A model whose claims can be tested", all);
}

/** Take the entry of the status bar's menu, which says how testing stands. */
async function openMenu(window: Window, says: string | RegExp): Promise<void> {
    const entry = window.offered.filter({ hasText: "Test Claims by Running Code" }).filter({ hasText: says });
    await until(`the menu, with ${says}`, async () => {
        await window.press("Escape");
        await window.statusItem(STATUS).click();
        return window.isThere(entry);
    });
    await entry.click();
}

/** See that the menu says how testing stands, and close it. */
async function stands(window: Window, says: string | RegExp): Promise<void> {
    await openMenu(window, says);
    await window.offered.filter({ hasText: "As the Setting Says" }).waitFor();
    await window.press("Escape");
    await window.input.waitFor({ state: "hidden" });
}

/** Open what is asked by the command, which says how testing stands, and take one of its entries. */
async function choose(window: Window, says: string | RegExp, choice: string): Promise<void> {
    await openMenu(window, says);
    await window.offered.filter({ hasText: "As the Setting Says" }).waitFor();
    await window.pick(choice);
    await window.input.waitFor({ state: "hidden" });
}

scenario(
    "claims of a model are tested once that is allowed, and what is refuted is told no more",
    { files, before: user => claiming(user) },
    async ({ window, user }) => {
        await window.openFile("sums.py");
        // That the workspace says it may counts for nothing: else nobody would be asked.
        const question = await window.message(QUESTION);
        const before = await window.hover(window.word("with_tax").first(), FALSE);
        assert.match((await before.textContent()) ?? "", new RegExp(TRUE));
        await window.picture("may-they-be-tested");

        const said = await window.follow(STATUS);
        await question.locator("a, button", { hasText: "Test Them" }).click();
        await stands(window, "on; 1 tested, 1 refuted");
        assert.ok(
            (await said()).includes("testing project 0/1 · settings changed"),
            (await said()).join("\n"),
        );
        const after = await window.hover(window.word("with_tax").first(), /tested/);
        const text = (await after.textContent()) ?? "";
        assert.ok(text.includes(TRUE) && !text.includes(FALSE), text);
        await window.picture("tested");
        // What was decided stands in no file of the workspace, and in no setting.
        assert.deepEqual(filesWith(user.project, "allowed"), []);
        assert.equal(
            readFileSync(join(user.project, ".vscode/settings.json"), "utf8"),
            files[".vscode/settings.json"],
        );
        assert.doesNotMatch(user.settings, /verify/);
        assert.equal(await window.countMessages(QUESTION), 0);

        await window.reloadByCommand();
        await choose(window, "on; 1 tested, 1 refuted", "Never Here");
        await stands(window, "off");
        await endpoint?.counts();
    },
);

scenario(
    "that claims are never to be tested is kept, and taken back by the command",
    { files, before: user => claiming(user) },
    async ({ window }) => {
        await window.openFile("sums.py");
        const question = await window.message(QUESTION);
        await question.locator("a, button", { hasText: "Never Here" }).click();
        await question.waitFor({ state: "detached" });

        await window.reloadByCommand();
        await openMenu(window, "off; 2 could be tested");
        await window.offered.filter({ hasText: "Never Here" }).locator(".codicon-circle-filled").waitFor();
        await window.picture("never");
        await window.pick("As the Setting Says");
        await stands(window, "off; 2 could be tested");
        // In this window nobody is asked, in the next one they are.
        assert.equal(await window.countMessages(QUESTION), 0);
        await window.reloadByCommand();
        await (await window.message(QUESTION)).locator("a, button", { hasText: "Not Now" }).click();
        await choose(window, "off; 2 could be tested", "Test Claims Here");
        await stands(window, "on; 1 tested, 1 refuted");
        await endpoint?.counts();
    },
);

scenario(
    "of two folders each is asked about, one after the other",
    {
        files: Object.fromEntries(
            ["one", "two"].flatMap(folder =>
                Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]),
            ),
        ),
        before: user => claiming(user),
        opens: user => {
            const place = join(user.home, "both.code-workspace");
            const folders = ["one", "two"].map(each => ({ path: join(user.project, each) }));
            writeFileSync(place, JSON.stringify({ folders }));
            return place;
        },
    },
    async ({ window }) => {
        await window.openFile("one/sums.py");
        const question = await window.message(QUESTION);
        assert.equal(await question.count(), 1);
        const about = /calling functions of (\w+)/;
        const first = about.exec((await question.textContent()) ?? "")?.[1];
        await question.locator("a, button", { hasText: "Not Now" }).click();
        const second = first === "one" ? "two" : "one";
        const other = await window.message(new RegExp(`calling functions of ${second}`));
        await other.locator("a, button", { hasText: "Test Them" }).click();
        await openMenu(window, "on in 1 of 2 folders");
        await window.offered.filter({ hasText: second }).filter({ hasText: "on; 1 tested" }).waitFor();
        await window.offered
            .filter({ hasText: first ?? "?" })
            .filter({ hasText: "off; 2 could" })
            .waitFor();
        await window.picture("tested-in-one-folder");
        await endpoint?.counts();
    },
);

scenario(
    "in a workspace that nobody trusts, nobody is asked whether its code may be run",
    {
        files,
        asksForTrust: true,
        before: user =>
            claiming(user, { "security.workspace.trust.startupPrompt": "never", "sleeplsp.verify": true }),
    },
    async ({ window }) => {
        await window.openFile("sums.py");
        await window.statusItem(STATUS).filter({ hasText: "asleep" }).waitFor();
        await openMenu(window, /no claims yet|off/);
        await window.message(/This workspace is not trusted: nothing of it is run/);
        await window.picture("not-trusted-not-tested");
        assert.equal(await window.countMessages(QUESTION), 0);
        const told = await window.message(/This workspace is not trusted: nothing of it is run/);
        await told.locator("a, button", { hasText: "Manage Workspace Trust" }).click();
        await window.page.locator(".workspace-trust-editor").waitFor();
        assert.equal((await endpoint?.counts())?.requests, 0);
    },
);
