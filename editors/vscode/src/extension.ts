/** The extension: what is made when it is activated, and what ends with it. */
import { begun } from "./clock.ts";

import { mkdir } from "node:fs/promises";
import { performance } from "node:perf_hooks";

import { type Disposable, type ExtensionContext, Uri, window, workspace } from "vscode";

import * as answers from "./answers/feature.ts";
import * as install from "./install/command.ts";
import * as model from "./model/commands.ts";
import { cautious, give } from "./model/keys.ts";
import { Prompts } from "./prompts.ts";
import { find } from "./server/finding.ts";
import * as interpreters from "./server/interpreters.ts";
import { isOutlineWanted } from "./server/outlines.ts";
import { Servers } from "./server/servers.ts";
import * as telling from "./server/telling.ts";
import type { Services } from "./services.ts";
import { SECTION, explicit, serverSettings } from "./settings.ts";
import * as statusItem from "./status/item.ts";
import * as menu from "./status/menu.ts";
import * as statusReport from "./status/report.ts";
import { Decisions } from "./verification/decisions.ts";
import * as verification from "./verification/feature.ts";
import * as tree from "./views/tree.ts";

/** Features, each of which registers what it needs. */
const FEATURES: ((services: Services) => void)[] = [
    statusItem.register,
    menu.register,
    statusReport.register,
    telling.register,
    install.register,
    model.register,
    verification.register,
    tree.register,
    answers.register,
];

let running: Servers | undefined;

/** What tests and other extensions may use. */
export interface Exports extends Services {
    /** Milliseconds that our code took to load and to be activated. */
    readonly loadedMs: number;
    readonly activatedMs: number;
}

const loadedMs = performance.now() - begun;

/** Called by VS Code. */
export function activate(context: ExtensionContext): Exports {
    const called = performance.now();
    const output = window.createOutputChannel("sleeplsp", { log: true });
    const names = serverSettings(context.extension.packageJSON);
    const folder = context.globalStorageUri.fsPath;
    const findHere = async () => {
        await mkdir(folder, { recursive: true });
        return find(context, output);
    };
    const decisions = new Decisions(context.workspaceState);
    const servers = new Servers(findHere, {
        folder,
        environment: () => give(context),
        output,
        // Until it has asked folder by folder, it runs no code.
        firstSettings: () => ({ ...cautious(), verify: false }),
        settings: scope => {
            const set = explicit(names, scope === undefined ? undefined : Uri.parse(scope));
            return { ...set, ...cautious(), ...decisions.settings(scope, set["verify"]) };
        },
        outlines: isOutlineWanted,
    });
    running = servers;
    const services: Services = { context, output, servers, decisions, prompts: new Prompts() };
    context.subscriptions.push(output, servers, decisions, ...reasonsToRestart(servers));
    FEATURES.forEach(register => {
        register(services);
    });
    // Nobody waits for the server: VS Code would count it as our activation.
    void servers.restart().then(async () => {
        const watched = await interpreters.onChange(() => void servers.reconsider());
        context.subscriptions.push(...(watched === undefined ? [] : [watched]));
    });
    const activatedMs = performance.now() - called;
    output.info(`loaded in ${loadedMs.toFixed(1)} ms, activated in ${activatedMs.toFixed(1)} ms`);
    return { ...services, activatedMs, loadedMs };
}

/** Called by VS Code, which waits some seconds for it. */
export async function deactivate(): Promise<void> {
    await running?.stop();
}

function reasonsToRestart(servers: Servers): Disposable[] {
    return [
        workspace.onDidGrantWorkspaceTrust(() => void servers.restart()),
        workspace.onDidChangeConfiguration(event => {
            if (event.affectsConfiguration(`${SECTION}.server.path`)) {
                void servers.restart();
            }
        }),
    ];
}
