/** The menu of the status bar item, and the commands in it. */
import { type QuickPickItem, QuickPickItemKind, commands, window } from "vscode";

import type { Status } from "../server/protocol.ts";
import { NotRunning } from "../server/servers.ts";
import type { Services } from "../services.ts";
import { briefOf } from "../verification/words.ts";

type Item = QuickPickItem & { readonly command?: string };

/** Register the commands. */
export function register(services: Services): void {
    const { context, servers, output } = services;
    const tell = (command: string, done: string, withFile = false) => {
        return async () => {
            const file = window.activeTextEditor?.document.uri.toString();
            if (withFile && file === undefined) {
                void window.showInformationMessage("Open the file that is to be thought about.");
                return;
            }
            try {
                await servers.execute(command, withFile ? [file] : []);
                window.setStatusBarMessage(`sleeplsp: ${done}`, 3000);
            } catch (error) {
                const reason = error instanceof Error ? error.message : String(error);
                const again = error instanceof NotRunning ? ["Restart Server"] : [];
                const answer = await window.showWarningMessage(`sleeplsp: ${reason}`, ...again);
                if (answer !== undefined) {
                    await commands.executeCommand("sleeplsp.restartServer");
                }
            }
        };
    };
    const registered: Record<string, () => unknown> = {
        "sleeplsp.menu": () => menu(services),
        "sleeplsp.pauseThinking": tell("sleeplsp.pause", "paused"),
        "sleeplsp.resumeThinking": tell("sleeplsp.resume", "goes on"),
        "sleeplsp.thinkAgain": tell("sleeplsp.think", "thinks about this file again", true),
        "sleeplsp.thinkDeeper": tell("sleeplsp.deeper", "thinks deeper about this file", true),
        "sleeplsp.thinkAllAgain": tell("sleeplsp.thinkAll", "thinks about everything again"),
        "sleeplsp.restartServer": () => servers.restart(),
        "sleeplsp.showLog": () => {
            output.show();
        },
        "sleeplsp.openSettings": () =>
            commands.executeCommand("workbench.action.openSettings", `@ext:${context.extension.id}`),
        "sleeplsp.openWalkthrough": () =>
            commands.executeCommand(
                "workbench.action.openWalkthrough",
                `${context.extension.id}#start`,
                false,
            ),
    };
    for (const [command, carryOut] of Object.entries(registered)) {
        context.subscriptions.push(commands.registerCommand(command, carryOut));
    }
}

async function menu({ servers }: Services): Promise<void> {
    const isRunning = servers.state.kind === "running";
    const arePaused = servers.statuses.length > 0 && servers.statuses.every(each => each.state === "paused");
    const hasFile = window.activeTextEditor !== undefined;
    const items = [
        ...(isRunning
            ? thinkingItems(arePaused, hasFile, servers.statuses)
            : absentItems(servers.state.kind)),
        ...LAST,
    ];
    const picked = await window.showQuickPick(items, { title: "sleeplsp" });
    if (picked?.command !== undefined) {
        await commands.executeCommand(picked.command);
    }
}

function thinkingItems(arePaused: boolean, hasFile: boolean, statuses: readonly Status[]): Item[] {
    return [
        arePaused
            ? { label: "$(debug-continue) Resume Thinking", command: "sleeplsp.resumeThinking" }
            : { label: "$(debug-pause) Pause Thinking", command: "sleeplsp.pauseThinking" },
        ...(hasFile
            ? [
                  { label: "$(refresh) Think About This File Again", command: "sleeplsp.thinkAgain" },
                  { label: "$(telescope) Think Deeper About This File", command: "sleeplsp.thinkDeeper" },
              ]
            : []),
        { label: "$(sync) Think About Everything Again", command: "sleeplsp.thinkAllAgain" },
        { label: "", kind: QuickPickItemKind.Separator },
        { label: "$(pulse) Status Report", command: "sleeplsp.openStatus" },
        {
            label: "$(beaker) Test Claims by Running Code…",
            description: briefOf(statuses).replaceAll("$(", "$ ("),
            command: "sleeplsp.testClaims",
        },
    ];
}

function absentItems(kind: string): Item[] {
    return kind === "problem"
        ? [{ label: "$(cloud-download) Install Server…", command: "sleeplsp.installServer" }]
        : [];
}

const LAST: readonly Item[] = [
    { label: "$(hubot) Language Model…", command: "sleeplsp.setEndpoint" },
    { label: "$(key) API Key…", command: "sleeplsp.setApiKey" },
    { label: "$(gear) Settings", command: "sleeplsp.openSettings" },
    { label: "$(output) Log", command: "sleeplsp.showLog" },
    { label: "$(debug-restart) Restart Server", command: "sleeplsp.restartServer" },
];
