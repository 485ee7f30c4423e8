/** Dismissing a suspicion: its reason is asked for here, where another one than the usual can be written. */
import { type ExtensionContext, type QuickPickItem, Uri, window } from "vscode";

import type { Servers } from "../server/servers.ts";
import { checkOf, marked } from "./marks.ts";

const DISMISS = "sleeplsp.dismiss";

/** Where the server keeps what is dismissed. */
const FILE = "sleeplsp-baseline.toml";

/** A drift is about one commit: it is dismissed for now alone, and nobody is asked why. */
const DRIFT = "drift";

const REASONS = ["it cannot happen", "it is meant so", "it is known and stays"];
const OTHER = "Another reason…";
const ONLY_NOW = "Only until the server ends";

/** Take the place of the server's question. */
export function register(context: ExtensionContext, servers: Servers): void {
    context.subscriptions.push(
        servers.intercept(DISMISS, async ([uri, suspicion, given]) => {
            const mark = marked(Uri.parse(String(uri)), String(suspicion));
            const check = mark === undefined ? "suspicion" : checkOf(mark);
            const reason = typeof given === "string" ? given : await reasonFor(check);
            return reason === undefined ? false : servers.execute<boolean>(DISMISS, [uri, suspicion, reason]);
        }),
    );
}

/** Return why a suspicion is dismissed; "" for now alone, undefined that it is not. */
async function reasonFor(check: string): Promise<string | undefined> {
    if (check === DRIFT) {
        return "";
    }
    const items: QuickPickItem[] = [
        ...REASONS.map(label => ({ label })),
        { label: OTHER },
        { label: ONLY_NOW, description: "nothing is written" },
    ];
    const title = `Why is this ${check} dismissed?`;
    const chosen = await window.showQuickPick(items, { title, placeHolder: `The reason is kept in ${FILE}` });
    if (chosen?.label === OTHER) {
        const written = await window.showInputBox({
            title,
            prompt: `The reason is kept in ${FILE}.`,
            validateInput: value => (value.trim() === "" ? "A reason is wanted." : undefined),
        });
        return written?.trim();
    }
    return chosen?.label === ONLY_NOW ? "" : chosen?.label;
}
