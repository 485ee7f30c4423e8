/** The cases that run within VS Code: one window runs them all, and each is told as a test of its own. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Order, Outcome, Written } from "./host/order.ts";
import { LEFT } from "./machine/places.ts";
import { filesOf, readCase, readSuite } from "./machine/suites.ts";
import { until } from "./machine/until.ts";
import { stage } from "./workbench/scenario.ts";

const HOST_MS = 240_000;

/** What the workspace would have its user set; all but the first is not its to say. */
const WORKSPACE_SETTINGS = {
    "sleeplsp.excludes": ["nothing/"],
    "sleeplsp.verify": true,
    "sleeplsp.verify_python": "/bin/false",
};

const written: Written[] = readSuite("host.md").map(each => ({
    folder: each.name.toLowerCase().replaceAll(/\W+/g, "_"),
    case: each,
}));

test("within VS Code", { timeout: HOST_MS + 60_000 }, async suite => {
    const told = await runCases();
    for (const each of told) {
        if (each.kind === "figure") {
            suite.diagnostic(`${each.name}: ${each.value.toFixed(1)} ${each.unit}`);
        } else if (each.kind === "case") {
            await suite.test(each.name, () => passed(each.why));
        }
    }
    const last = told.at(-1);
    passed(last?.kind === "end" ? last.why : "not all cases were run");
});

/** Fail if there is a reason to: with that alone, since nothing here has gone wrong. */
function passed(why: string | undefined): void {
    if (why !== undefined) {
        const error = new Error(why);
        error.stack = why;
        throw error;
    }
}

async function runCases(): Promise<Outcome[]> {
    let told: Outcome[] = [];
    await stage(
        "within VS Code",
        {
            files: files(),
            settings: { "sleeplsp.lenses": true, "sleeplsp.hints": true },
            extensions: "cases",
            env: { CASES_TO_RUN: "PLACE" },
            before: user => {
                const place = join(user.home, "order.json");
                const order: Order = { written, report: join(LEFT, "cases.jsonl") };
                writeFileSync(place, JSON.stringify(order));
                user.env["CASES_TO_RUN"] = place;
            },
        },
        async () => {
            const report = join(LEFT, "cases.jsonl");
            await until(
                "the end of all cases",
                () => {
                    told = existsSync(report) ? readReport(report) : [];
                    return told.at(-1)?.kind === "end";
                },
                HOST_MS,
            );
        },
    );
    return told;
}

/** The project: a shop, and each written case in a folder of its own. */
function files(): Record<string, string> {
    const found = filesOf(readCase("shop.md", "A shop"));
    delete found["pyproject.toml"]; // it would activate our extension before its time can be taken
    for (const each of written) {
        for (const [path, text] of Object.entries(filesOf(each.case))) {
            found[`${each.folder}/${path}`] = text.replace("$0", "");
        }
    }
    found[".vscode/settings.json"] = JSON.stringify(WORKSPACE_SETTINGS);
    return found;
}

function readReport(path: string): Outcome[] {
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    return lines.map(line => JSON.parse(line) as Outcome);
}
