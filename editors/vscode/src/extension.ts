/** The extension: what is made when it is activated, and what ends with it. */
import { performance } from "node:perf_hooks";

const loaded = performance.now();

import { type ExtensionContext, Uri, commands, window, workspace } from "vscode";

import { find } from "./server/finding.ts";
import { Servers } from "./server/servers.ts";
import type { Services } from "./services.ts";
import { explicit, serverSettings } from "./settings.ts";
import * as statusItem from "./status/item.ts";

/** Features, each of which registers what it needs. */
const FEATURES: ((services: Services) => void)[] = [statusItem.register];

let running: Servers | undefined;

/** Called by VS Code. What it returns is what tests and other extensions may use. */
export async function activate(context: ExtensionContext): Promise<Services> {
    const begun = performance.now();
    const output = window.createOutputChannel("sleeplsp", { log: true });
    const names = serverSettings(context.extension.packageJSON);
    const folder = context.globalStorageUri;
    const servers = new Servers(find, {
        folder: folder.fsPath,
        environment: () => Promise.resolve({}),
        output,
        settings: scope => explicit(names, scope === undefined ? undefined : Uri.parse(scope)),
        outlines: () => true,
    });
    running = servers;
    const services: Services = { context, output, servers };
    context.subscriptions.push(
        output,
        servers,
        commands.registerCommand("sleeplsp.restartServer", () => servers.restart()),
        commands.registerCommand("sleeplsp.showLog", () => {
            output.show();
        }),
    );
    FEATURES.forEach(register => {
        register(services);
    });
    await workspace.fs.createDirectory(folder);
    // Nobody waits for the server: VS Code would count it as our activation.
    void servers.restart();
    const activated = performance.now();
    output.info(
        `activated in ${(activated - begun).toFixed(1)} ms, loaded in ${(begun - loaded).toFixed(1)} ms before`,
    );
    return services;
}

/** Called by VS Code, which waits some seconds for it. */
export async function deactivate(): Promise<void> {
    await running?.stop();
}
