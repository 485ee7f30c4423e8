/** The command *Install Server*: offers the ways there are, and goes one of them with progress. */
import {
    ConfigurationTarget,
    ProgressLocation,
    type QuickPickItem,
    commands,
    window,
    workspace,
} from "vscode";

import { isBelow } from "../server/candidates.ts";
import { places } from "../server/finding.ts";
import { run } from "../server/programs.ts";
import type { Services } from "../services.ts";
import { SECTION, own } from "../settings.ts";
import { DISK, askWhat } from "./asking.ts";
import { isPath, source } from "./sources.ts";
import { tools } from "./tools.ts";
import { type Tools, type Way, ways } from "./ways.ts";

/** Milliseconds an installation may take, on a line that is slow. */
const INSTALL_MS = 15 * 60_000;

/** What is installed, and how. */
interface Choice {
    readonly what: string;
    readonly way: Way;
}

type Item = QuickPickItem & { readonly way: Way | "something else" };

/** Register the command. With the `id` of a way as its argument, it goes that way without asking. */
export function register(services: Services): void {
    services.context.subscriptions.push(
        commands.registerCommand("sleeplsp.installServer", (id?: unknown) =>
            services.prompts.during(() => install(services, id)),
        ),
    );
}

/** Install the server, and start it; return whether it is there now. */
async function install(services: Services, id: unknown): Promise<boolean> {
    const choice = await choose(await tools(services.context), id);
    if (choice === undefined || (await isForbidden(services, choice.what))) {
        return false;
    }
    // Files that are in use cannot be replaced everywhere.
    await services.servers.stop();
    const failure = await go(services, choice.way);
    await services.servers.restart();
    if (failure !== undefined) {
        await tellFailure(services, failure);
        return false;
    }
    await remember(choice.what);
    const { state } = services.servers;
    if (state.kind === "running") {
        void window.showInformationMessage(`sleeplsp ${state.version} is installed, and runs.`);
        return true;
    }
    const reason = state.kind === "problem" ? ` ${state.problem.message}` : "";
    void window.showErrorMessage(`sleeplsp was installed, but does not run.${reason}`);
    return false;
}

/** Have the user choose what is installed, unless it is set, and how, unless `id` says so; undefined if neither. */
async function choose(there: Tools, id: unknown): Promise<Choice | undefined> {
    if (ways(there, "").length === 0) {
        await window.showErrorMessage(
            "There is nothing to install the sleeplsp server with: no uv, no pipx, no Python 3.11 or newer. " +
                "Install one of them on this machine, and try again.",
        );
        return undefined;
    }
    const set = source(own("server.package"), DISK);
    let what = set === "" ? await askWhat() : set;
    while (what !== undefined) {
        const found = ways(there, what);
        const named = found.find(each => each.id === id);
        const picked = named ?? (await chosen(found, what));
        if (picked !== "something else") {
            return picked && { what, way: picked };
        }
        what = await askWhat(what);
    }
    return undefined;
}

async function chosen(found: readonly Way[], what: string): Promise<Way | "something else" | undefined> {
    const items = found.map((way): Item => ({ label: way.label, detail: way.detail, way }));
    const other: Item = { label: "Something else…", detail: `Instead of ${what}`, way: "something else" };
    const picked = await window.showQuickPick([...items, other], {
        title: `Install the sleeplsp server (${what})`,
        placeHolder: "Where to?",
        ignoreFocusOut: true,
    });
    return picked?.way;
}

/** Tell whether what is to be installed lies in a workspace that is not trusted: installing it would run it. */
async function isForbidden({ context }: Services, what: string): Promise<boolean> {
    if (workspace.isTrusted || !isPath(what, DISK) || !isBelow(what, await places(context))) {
        return false;
    }
    await window.showErrorMessage(
        `${what} lies in this workspace, which is not trusted: it is not installed, since that would run it.`,
    );
    return true;
}

/** Keep what was installed, so that nobody is asked the next time. */
async function remember(what: string): Promise<void> {
    if (source(own("server.package"), DISK) !== what) {
        await workspace.getConfiguration(SECTION).update("server.package", what, ConfigurationTarget.Global);
    }
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
