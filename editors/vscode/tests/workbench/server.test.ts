/** The server as somebody notices it: it is not there, thinks, sleeps, dies, serves several folders, and ends. */

import assert from "node:assert/strict";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Endpoint, speaking } from "../machine/endpoint.ts";
import { makeWheels } from "../machine/install.ts";
import { kill, ours, servers } from "../machine/processes.ts";
import { filesOf, readCase } from "../machine/suites.ts";
import { until } from "../machine/until.ts";
import { type User, folderOfPython } from "../machine/user.ts";
import { scenario } from "./scenario.ts";

const files = filesOf(readCase("shop.md", "A shop"));
const STATUS = "sleeplsp.sleeplsp.sleeplsp.status";
const ACTIVATIONS = 4;
const ACTIVATION_MS_MAX = 100;

scenario(
    "where no server is installed, it is offered, installed and runs",
    {
        files,
        hasServer: false,
        settings: { "sleeplsp.server.package": "sleeplsp" },
        before: user => {
            // pip finds the server where it finds everything, and everything is in this folder.
            Object.assign(user.env, { PIP_FIND_LINKS: makeWheels(), PIP_NO_INDEX: "1" });
            user.putOnPath(folderOfPython());
        },
    },
    async ({ window }) => {
        await window.openFile("shop/label.py");
        const offer = window.notification("sleeplsp");
        await offer.waitFor();
        await window.picture("no-server");
        await offer.locator("a, button", { hasText: "Install…" }).click();
        await window.pick("for this extension only");
        await window.notification("Installing sleeplsp").waitFor();
        await window.picture("installing");
        await window.notification(/sleeplsp \S+ is installed, and runs/).waitFor({ timeout: 180_000 });
        await window.marks("warning").first().waitFor();
        const [server] = servers();
        assert.ok(server?.command.includes("globalStorage"), server?.command);
        await window.picture("installed");
    },
);

scenario("the status bar tells what it thinks about, and sleeps", { files }, async ({ window }) => {
    const said = await window.follow(STATUS);
    await window.openFile("shop/label.py");
    const item = window.statusItem(STATUS);
    await window.marks("warning").first().waitFor();
    await item.filter({ hasText: /^\s*asleep$/ }).waitFor();

    await item.click();
    await window.pick("Pause Thinking");
    await item.filter({ hasText: /^\s*paused$/ }).waitFor();
    await window.picture("paused");
    await item.click();
    await window.pick("Resume Thinking");
    await item.filter({ hasText: /^\s*asleep$/ }).waitFor();
    await item.click();
    await window.pick("Think About Everything Again");
    await until("it has thought and sleeps", async () => {
        const [last, before] = (await said()).reverse();
        return last === "asleep" && before?.includes("asked");
    });
    assert.ok(
        (await said()).some(each => /· /.test(each)),
        (await said()).join("\n"),
    );
});

scenario("a server that is killed is told of, and comes back", { files }, async ({ window }) => {
    await window.openFile("shop/label.py");
    await window.marks("warning").first().waitFor();
    const [first] = servers();
    kill(first?.id ?? 0);
    await window.notification("has ended by itself").waitFor();
    await window.picture("killed");
    await until("another server", async () => {
        const found = servers();
        return found.length === 1 && found[0]?.id !== first?.id;
    });
    // It knows what is in the editor, not what is on the disk.
    await window.goTo(9, 1);
    await window.press("Shift+End");
    await window.type('    return "größte 😀 Mühe" + text == "gratis"');
    await until("one mark", async () => (await window.marks("warning").count()) === 1);
});

scenario(
    "two folders in one window have one server, and settings of their own",
    {
        files: {
            ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`one/${path}`, text])),
            ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`two/${path}`, text])),
            "two/.vscode/settings.json": JSON.stringify({ "sleeplsp.checks": { "literal-identity": "off" } }),
        },
        opens: user => {
            const place = join(user.home, "both.code-workspace");
            const folders = ["one", "two"].map(each => ({ path: join(user.project, each) }));
            writeFileSync(place, JSON.stringify({ folders }));
            return place;
        },
    },
    async ({ window }) => {
        await window.openFile("one/shop/label.py");
        await until("two marks", async () => (await window.marks("warning").count()) === 2);
        await window.openFile("two/shop/label.py");
        await until("one mark", async () => (await window.marks("warning").count()) === 1);
        assert.equal(servers().length, 1);
        await window.picture("two-folders");
    },
);

scenario(
    "in a workspace that nobody trusts, nothing of it is started",
    {
        files,
        hasServer: false,
        asksForTrust: true,
        settings: { "security.workspace.trust.startupPrompt": "never" },
        before: user => {
            mkdirSync(join(user.project, ".venv", "bin"), { recursive: true });
            user.install("../project/.venv/bin/python", []);
        },
    },
    async ({ window }) => {
        await window.openFile("shop/label.py");
        const item = window.statusItem(STATUS);
        await item.filter({ hasText: "not trusted" }).waitFor();
        assert.deepEqual(servers(), []);
        await window.picture("not-trusted");
        await window.command("Workspaces: Manage Workspace Trust");
        const trust = window.page
            .locator(".workspace-trust-editor")
            .getByText("Trust", { exact: true })
            .first();
        // The page may draw itself anew under the click.
        await until("the server of a workspace that is trusted", async () => {
            if (!(await window.isThere(item.filter({ hasText: "not trusted" })))) {
                return window.isThere(item.filter({ hasText: "asleep" }));
            }
            await trust.click({ timeout: 2_000 });
            return false;
        });
        assert.equal(servers().length, 1);
    },
);

let endpoint: Endpoint | undefined;

scenario(
    "in a workspace that nobody trusts, no model is asked",
    {
        files,
        asksForTrust: true,
        settings: { "security.workspace.trust.startupPrompt": "never" },
        before: async user => {
            endpoint = await speaking(user, "A model that falls silent at first", { "sleeplsp.sleep": true });
        },
    },
    async ({ window }) => {
        await window.openFile("shop/label.py");
        await window.marks("warning").first().waitFor();
        await window.goTo(4, 6);
        await window.command("sleeplsp: Ask About This Symbol");
        await window.answer("Who may leave the name empty?");
        await window.webview.getByText("none is asked in a workspace that is not trusted").waitFor();
        await window.picture("not-trusted-no-model");
        assert.equal((await endpoint?.counts())?.requests, 0);
    },
);

scenario("with its window, the server ends", { files }, async ({ window }) => {
    await window.openFile("shop/label.py");
    await window.marks("warning").first().waitFor();
    assert.equal(servers().length, 1);
    await window.page.close();
    await until("the end of the server and of what it has started", () => ours().length === 0);
});

scenario(
    "activation is quick, our code and as VS Code tells it",
    { files },
    async ({ window, user, test }) => {
        for (let times = 1; times <= ACTIVATIONS; times++) {
            await until("the figures of another window", () => activations(user).length >= times);
            if (times < ACTIVATIONS) {
                await window.reload();
            }
        }
        const best = Math.min(...activations(user));
        test.diagnostic(`loading and activation of our code: ${best.toFixed(1)} ms at best`);
        // The least of several: a machine that is busy makes any of them long, none makes one short.
        assert.ok(best < ACTIVATION_MS_MAX, activations(user).join(" ms, "));

        await window.openFile("shop/label.py");
        await window.marks("warning").first().waitFor();
        await window.command("Developer: Show Running Extensions");
        const list = window.page.locator(".runtime-extensions-editor");
        const row = list.locator(".monaco-list-row", {
            has: window.page.getByText("sleeplsp", { exact: true }),
        });
        await list.hover();
        await until("our row", async () => {
            await window.page.mouse.wheel(0, 300);
            return (await row.count()) > 0;
        });
        const told = /Activation: (\d+)ms/.exec((await row.textContent()) ?? "")?.[1];
        await window.picture("activation");
        assert.ok(told !== undefined);
        test.diagnostic(`activation, as VS Code tells it: ${told} ms`);
    },
);

/** What our log says of each start so far, in milliseconds: loading and activation together. */
function activations(user: User): number[] {
    const logs = globSync("logs/**/*sleeplsp*.log", { cwd: user.userData });
    return logs.flatMap(each =>
        [
            ...readFileSync(join(user.userData, each), "utf8").matchAll(
                /loaded in ([\d.]+) ms, activated in ([\d.]+) ms/g,
            ),
        ].map(([, loaded, activated]) => Number(loaded) + Number(activated)),
    );
}
