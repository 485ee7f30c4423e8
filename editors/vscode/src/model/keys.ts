/**
 * The keys of endpoints: kept in VS Code's secret storage by host, and given to the server in its environment alone.
 * They never stand in a setting, a file or the log.
 */
import { type ExtensionContext, workspace } from "vscode";

import { SECTION } from "../settings.ts";
import { hostOf } from "./hosts.ts";

const PREFIX = "key of ";

/** Return the host of the endpoint that is set in VS Code, or undefined. */
export function host(): string | undefined {
    return hostOf(workspace.getConfiguration(SECTION).get<string | null>("endpoint") ?? "");
}

/** Keep a key, or (undefined) forget it. */
export async function keep(context: ExtensionContext, host: string, key: string | undefined): Promise<void> {
    await (key === undefined
        ? context.secrets.delete(PREFIX + host)
        : context.secrets.store(PREFIX + host, key));
}

/** Tell whether there is a key for a host. */
export async function has(context: ExtensionContext, host: string): Promise<boolean> {
    return (await context.secrets.get(PREFIX + host)) !== undefined;
}

/** Be told when a key is kept or forgotten, in any window. */
export function onChange(context: ExtensionContext, listener: () => void): void {
    const told = context.secrets.onDidChange(event => {
        if (event.key.startsWith(PREFIX)) {
            listener();
        }
    });
    context.subscriptions.push(told);
}

/** Whose key the server that runs was given. */
let owner: string | undefined;

/**
 * Return what the server is told whatever is set: that no model is asked, as long as the workspace is not trusted,
 * since what is thought about there was chosen by a stranger; or as long as the endpoint is another one than that
 * whose key it has, until it is started anew.
 */
export function cautious(): Record<string, unknown> {
    const isFitting = owner === undefined || owner === host();
    return workspace.isTrusted && isFitting ? {} : { consult: false };
}

/**
 * Return what the environment of a server is to have besides ours: the key of the endpoint that is set, unless the
 * workspace is not trusted.
 */
export async function environment(context: ExtensionContext): Promise<Record<string, string>> {
    return (await keyOf(context)).environment;
}

/** Return the same for a server that is about to be started, and remember whose key it has. */
export async function give(context: ExtensionContext): Promise<Record<string, string>> {
    const found = await keyOf(context);
    owner = found.owner;
    return found.environment;
}

async function keyOf(
    context: ExtensionContext,
): Promise<{ readonly owner: string | undefined; readonly environment: Record<string, string> }> {
    const endpoint = workspace.isTrusted ? host() : undefined;
    const key = endpoint === undefined ? undefined : await context.secrets.get(PREFIX + endpoint);
    if (key === undefined) {
        return { owner: undefined, environment: {} };
    }
    const name = workspace.getConfiguration(SECTION).get<string>("key_variable", "SLEEPLSP_API_KEY");
    return { owner: endpoint, environment: { [name]: key } };
}
