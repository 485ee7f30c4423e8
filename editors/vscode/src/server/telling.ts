/** Tells the user of a server that is not there, cannot be used, or crashes; each thing once. */
import { commands, window } from "vscode";

import type { Services } from "../services.ts";
import { FORGET_MS } from "./backoff.ts";
import type { ServerState } from "./state.ts";

const INSTALL = "Install…";
const SETTINGS = "Open Settings";
const HOW = "How to Start";
const LOG = "Open Log";
const RESTART = "Restart";
const NEVER = "Don't Ask Again";

/** Where it is kept that nobody wants to be asked about a missing server. */
const SILENT = "isSilentAboutMissing";

/** Tell of what becomes of the server. */
export function register({ context, servers }: Services): void {
    let told = "";
    let crashToldAt = -Infinity;
    const tell = (state: ServerState) => {
        const text = textOf(state);
        void commands.executeCommand("setContext", "sleeplsp.isRunning", state.kind === "running");
        if (state.kind === "running") {
            told = "";
        } else if (text !== undefined && text !== told) {
            told = text;
            // One that crashes over and over is told of once; what it comes to is told by the status bar.
            const isRepeated = state.kind === "restarting" && Date.now() - crashToldAt < FORGET_MS;
            crashToldAt = state.kind === "restarting" ? Date.now() : crashToldAt;
            if (!isRepeated) {
                void show(state, text);
            }
        }
    };
    const show = async (state: ServerState, text: string) => {
        if (state.kind === "problem" && state.problem.kind === "missing") {
            if (context.globalState.get(SILENT) !== true) {
                await act(await window.showInformationMessage(text, INSTALL, HOW, NEVER));
            }
        } else if (state.kind === "problem") {
            await act(await window.showErrorMessage(text, INSTALL, SETTINGS, LOG));
        } else if (state.kind === "failed") {
            await act(await window.showErrorMessage(text, RESTART, LOG));
        } else {
            await act(await window.showWarningMessage(text, LOG));
        }
    };
    const act = async (answer: string | undefined) => {
        switch (answer) {
            case INSTALL:
                await commands.executeCommand("sleeplsp.installServer");
                break;
            case SETTINGS:
                await commands.executeCommand("workbench.action.openSettings", "sleeplsp.server");
                break;
            case HOW:
                await commands.executeCommand("sleeplsp.openWalkthrough");
                break;
            case LOG:
                await commands.executeCommand("sleeplsp.showLog");
                break;
            case RESTART:
                await commands.executeCommand("sleeplsp.restartServer");
                break;
            case NEVER:
                await context.globalState.update(SILENT, true);
                break;
        }
    };
    context.subscriptions.push(servers.onState(tell));
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
