/** Explaining a traceback: of the selection, the clipboard, a terminal or a failed test. */
import { randomUUID } from "node:crypto";

import { type ExtensionContext, type MarkdownString, ProgressLocation, commands, env, window } from "vscode";

import type { Servers } from "../server/servers.ts";
import { copiedBy } from "./clipboard.ts";
import { isCancelled, isRefusal, reasonOf } from "./errors.ts";
import { type Location, explanationLinks } from "./links.ts";
import type { Panel } from "./panel.ts";
import { cleaned, seemsTraceback } from "./pasted.ts";
import { BLANK, type Button } from "./sheet.ts";

const WHY = "sleeplsp.why";

/** What the server's command `sleeplsp.why` returns. */
interface Explanation {
    readonly markdown: string;
    readonly certainty: string;
    /** From the cause to the crash. */
    readonly locations: readonly Location[];
}

/** Where a text comes from, as a person is told. */
type Origin = "selection" | "clipboard" | "terminal" | "test" | "text";

/** Register the commands. */
export function register(context: ExtensionContext, servers: Servers, panel: Panel): void {
    let last: [string, Origin] = ["", "text"];
    const explain = async (text: string, origin: Origin) => {
        last = [text, origin];
        await explained(servers, panel, cleaned(text), origin);
    };
    context.subscriptions.push(
        commands.registerCommand("sleeplsp.editor.explain", async (given?: unknown) => {
            await (typeof given === "string" ? explain(given, "text") : explain(...(await found())));
        }),
        commands.registerCommand("sleeplsp.editor.explainTerminal", async () => {
            await explain(await terminalText(), "terminal");
        }),
        commands.registerCommand("sleeplsp.editor.explainTest", async (given?: unknown) => {
            await explain(testMessage(given), "test");
        }),
        panel.onPress(id => {
            if (id === "again") {
                void explain(...last);
            }
        }),
    );
}

async function explained(servers: Servers, panel: Panel, text: string, origin: Origin): Promise<void> {
    if (text.trim() === "") {
        void window.showInformationMessage(`sleeplsp: ${NOTHING[origin]}`);
        return;
    }
    try {
        const told = await window.withProgress(
            { location: ProgressLocation.Window, title: "sleeplsp: looking for the cause" },
            () => servers.execute<Explanation>(WHY, [text]),
        );
        const { places, codes, headings } = explanationLinks(told.markdown, told.locations);
        const buttons: Button[] = [{ id: "again", label: "Explain Again" }];
        const sheet = { ...BLANK, markdown: told.markdown, buttons, codes, headings };
        panel.show("Why", sheet, places);
    } catch (error) {
        if (isRefusal(error)) {
            void window.showInformationMessage(`sleeplsp: there is no Python traceback in the ${origin}.`);
        } else if (!isCancelled(error)) {
            void window.showErrorMessage(`sleeplsp: the traceback is not explained: ${reasonOf(error)}`);
        }
    }
}

const NOTHING: Record<Origin, string> = {
    selection: "nothing is selected.",
    clipboard: "select a traceback, or copy one, and ask again.",
    terminal: "select a traceback in the terminal, and ask again.",
    test: "the test has no message.",
    text: "there is no text.",
};

/** Return what is selected in the editor, or else what the clipboard holds. */
async function found(): Promise<[string, Origin]> {
    const editor = window.activeTextEditor;
    if (editor !== undefined && !editor.selection.isEmpty) {
        const selected = editor.document.getText(editor.selection);
        if (seemsTraceback(cleaned(selected))) {
            return [selected, "selection"];
        }
    }
    return [await env.clipboard.readText(), "clipboard"];
}

/** Return what is selected in the terminal that was used last, or else what its last command printed. */
async function terminalText(): Promise<string> {
    const copies = ["copySelection", "copyLastCommandOutput"].map(
        copy => () => commands.executeCommand(`workbench.action.terminal.${copy}`),
    );
    return copiedBy(env.clipboard, `sleeplsp: nothing was copied (${randomUUID()})`, copies);
}

/** Return the message of a failed test that a menu was opened on. */
function testMessage(given: unknown): string {
    const { message } = (given ?? {}) as { message?: { message?: string | MarkdownString } };
    const text = message?.message;
    return typeof text === "string" ? text : (text?.value ?? "");
}
