/** The command *Install Server*: offers the ways there are, and goes one of them with progress. */
import { ProgressLocation, type QuickPickItem, commands, window } from "vscode";

import { run } from "../server/programs.ts";
import type { Services } from "../services.ts";
import { own } from "../settings.ts";
import { tools } from "./tools.ts";
import { type Way, ways } from "./ways.ts";

/** Milliseconds an installation may take, on a line that is slow. */
const INSTALL_MS = 15 * 60_000;

type Item = QuickPickItem & { readonly way: Way };

/** Register the command. With the `id` of a way as its argument, it goes that way without asking. */
export function register(services: Services): void {
    services.context.subscriptions.push(
        commands.registerCommand("sleeplsp.installServer", (id?: unknown) => install(services, id)),
    );
}

/** Install the server, and start it; return whether it is there now. */
async function install(services: Services, id: unknown): Promise<boolean> {
    const what = own("server.package").trim() || "sleeplsp";
    const found = ways(await tools(services.context), what);
    if (found.length === 0) {
        await window.showErrorMessage(
            "There is nothing to install the sleeplsp server with: no uv, no pipx, no Python 3.11 or newer. " +
                "Install one of them on this machine, and try again.",
        );
        return false;
    }
    const way = found.find(each => each.id === id) ?? (await chosen(found, what));
    if (way === undefined) {
        return false;
    }
    // Files that are in use cannot be replaced everywhere.
    await services.servers.stop();
    const failure = await go(services, way);
    await services.servers.restart();
    if (failure !== undefined) {
        await tellFailure(services, failure);
        return false;
    }
    const { state } = services.servers;
    if (state.kind === "running") {
        void window.showInformationMessage(`sleeplsp ${state.version} is installed, and runs.`);
        return true;
    }
    const reason = state.kind === "problem" ? ` ${state.problem.message}` : "";
    void window.showErrorMessage(`sleeplsp was installed, but does not run.${reason}`);
    return false;
}

async function chosen(found: readonly Way[], what: string): Promise<Way | undefined> {
    const items = found.map((way): Item => ({ label: way.label, detail: way.detail, way }));
    const picked = await window.showQuickPick(items, {
        title: `Install the sleeplsp server (${what})`,
        placeHolder: "Where to?",
        ignoreFocusOut: true,
    });
    return picked?.way;
}

/** Go a way; return why it did not come to its end: "" if it was cancelled. */
async function go({ context, output }: Services, way: Way): Promise<string | undefined> {
    return window.withProgress(
        { location: ProgressLocation.Notification, title: "Installing sleeplsp", cancellable: true },
        async (progress, token) => {
            const abort = new AbortController();
            token.onCancellationRequested(() => {
                abort.abort();
            });
            let last = "";
            const line = (text: string) => {
                last = text;
                output.info(`install: ${text}`);
                progress.report({ message: text.slice(0, 100) });
            };
            for (const [command, ...args] of way.steps) {
                output.info(`install: ${[command, ...args].join(" ")}`);
                const ended = await run(command, args, {
                    folder: context.globalStorageUri.fsPath,
                    limitMs: INSTALL_MS,
                    line,
                    signal: abort.signal,
                });
                if (ended.code !== 0) {
                    const told = last.slice(0, 200).replace(/\.+$/, "");
                    return ended.failure === "cancelled"
                        ? ""
                        : (ended.failure ?? (told || "no reason is told"));
                }
            }
            return undefined;
        },
    );
}

async function tellFailure({ output }: Services, failure: string): Promise<void> {
    if (failure === "") {
        return; // whoever cancelled knows
    }
    output.show(true);
    const again = "Another Way";
    const answer = await window.showErrorMessage(
        `Installing sleeplsp failed: ${failure}. The log says more.`,
        again,
    );
    if (answer === again) {
        void commands.executeCommand("sleeplsp.installServer");
    }
}
