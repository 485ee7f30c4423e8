/** Tells the user of a server that is not there, cannot be used, or crashes; each thing once. */
import { type ExtensionContext, commands, window } from "vscode";

import type { Prompts } from "../prompts.ts";
import type { Services } from "../services.ts";
import { FORGET_MS } from "./backoff.ts";
import type { ServerState } from "./state.ts";

/** Where it is kept that nobody wants to be asked about a missing server. */
const SILENT = "isSilentAboutMissing";

/** What the buttons of messages do. */
const BUTTONS = {
    "Install…": () => commands.executeCommand("sleeplsp.installServer"),
    "How to Start": () => commands.executeCommand("sleeplsp.openWalkthrough"),
    "Open Settings": () => commands.executeCommand("workbench.action.openSettings", "sleeplsp.server"),
    "Open Log": () => commands.executeCommand("sleeplsp.showLog"),
    Restart: () => commands.executeCommand("sleeplsp.restartServer"),
    "Don't Ask Again": (context: ExtensionContext) => context.globalState.update(SILENT, true),
} as const;

type Button = keyof typeof BUTTONS;

/** Tell of what becomes of the server. */
export function register({ context, servers, prompts }: Services): void {
    const teller = new Teller(context, prompts);
    context.subscriptions.push(
        servers.onState(state => {
            void commands.executeCommand("setContext", "sleeplsp.isRunning", state.kind === "running");
            teller.take(state);
        }),
    );
}

/** Remembers what was told. */
class Teller {
    private readonly context: ExtensionContext;
    private readonly prompts: Prompts;
    private told = "";
    private crashToldAt = -Infinity;

    constructor(context: ExtensionContext, prompts: Prompts) {
        this.context = context;
        this.prompts = prompts;
    }

    take(state: ServerState): void {
        const text = textOf(state);
        if (state.kind === "running") {
            this.told = "";
        } else if (text !== undefined && text !== this.told) {
            this.told = text;
            if (!this.isRepeated(state)) {
                void this.show(state, text);
            }
        }
    }

    /** Of a server that crashes over and over, the status bar tells, and what it comes to in the end. */
    private isRepeated(state: ServerState): boolean {
        if (state.kind !== "restarting") {
            return false;
        }
        const before = this.crashToldAt;
        this.crashToldAt = Date.now();
        return this.crashToldAt - before < FORGET_MS;
    }

    private async show(state: ServerState, text: string): Promise<void> {
        const answer = await this.prompts.during(() => this.asked(state, text));
        if (answer !== undefined) {
            await BUTTONS[answer](this.context);
        }
    }

    private async asked(state: ServerState, text: string): Promise<Button | undefined> {
        if (state.kind === "problem" && state.problem.kind === "missing") {
            return this.context.globalState.get(SILENT) === true
                ? undefined
                : window.showInformationMessage<Button>(text, "Install…", "How to Start", "Don't Ask Again");
        }
        if (state.kind === "problem") {
            return window.showErrorMessage<Button>(text, "Install…", "Open Settings", "Open Log");
        }
        return state.kind === "failed"
            ? window.showErrorMessage<Button>(text, "Restart", "Open Log")
            : window.showWarningMessage<Button>(text, "Open Log");
    }
}

function textOf(state: ServerState): string | undefined {
    switch (state.kind) {
        case "problem":
            // In a workspace that is not trusted, the status bar says so; to ask for trust is VS Code's part.
            return state.problem.kind === "untrusted" ? undefined : state.problem.message;
        case "restarting":
            return `The sleeplsp server has ended by itself (${state.reason}). It is started again.`;
        case "failed":
            return `The sleeplsp server has ended by itself too often (${state.reason}), and is not started again.`;
        default:
            return undefined;
    }
}
