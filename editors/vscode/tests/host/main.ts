/**
 * The cases that run within VS Code, as an extension beside ours: it runs them all and writes what became of each
 * into the file that the environment names. It has a test to run, too, where the environment says how that fails.
 */

import { appendFileSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { type ExtensionContext, extensions } from "vscode";
import { cases as edits } from "./cases/edits.ts";
import { cases as life } from "./cases/life.ts";
import { cases as questions } from "./cases/questions.ts";
import { cases as trust } from "./cases/trust.ts";
import { offerFailingTest } from "./failing.ts";
import type { Order, Outcome } from "./order.ts";
import type { Ours } from "./ours.ts";
import { settled, show } from "./place.ts";
import { written } from "./written.ts";

export interface HostCase {
    name: string;
    run: (ours: Ours) => Promise<void>;
}

export function activate(context: ExtensionContext): void {
    const message = process.env["TEST_THAT_FAILS"];
    if (message !== undefined) {
        context.subscriptions.push(offerFailingTest("shop/label.py", message));
    }
    const place = process.env["CASES_TO_RUN"];
    if (place !== undefined) {
        void runAll(JSON.parse(readFileSync(place, "utf8")) as Order);
    }
}

async function runAll(order: Order): Promise<void> {
    const tell = (outcome: Outcome) => appendFileSync(order.report, `${JSON.stringify(outcome)}\n`);
    try {
        const ours = await extensions.getExtension<Ours>("sleeplsp.sleeplsp")?.activate();
        if (ours === undefined) {
            throw new Error("our extension is not installed");
        }
        tell({ kind: "figure", name: "activation", value: ours.activatedMs, unit: "ms" });
        tell({ kind: "figure", name: "loading of its code", value: ours.loadedMs, unit: "ms" });
        await show("shop/label.py");
        await settled(ours);
        for (const each of [...order.written.map(written), ...edits, ...questions, ...trust, ...life]) {
            tell(await outcome(each, ours));
        }
        tell({ kind: "end" });
    } catch (error) {
        tell({ kind: "end", why: explain(error) });
    }
}

async function outcome(each: HostCase, ours: Ours): Promise<Outcome> {
    const begun = performance.now();
    const why = await each.run(ours).then(() => undefined, explain);
    const ms = performance.now() - begun;
    return { kind: "case", name: each.name, ms, ...(why === undefined ? {} : { why }) };
}

function explain(error: unknown): string {
    if (!(error instanceof Error)) {
        return String(error);
    }
    const cause = error.cause === undefined ? "" : `\nbecause: ${explain(error.cause)}`;
    return `${error.message}${cause}`;
}
