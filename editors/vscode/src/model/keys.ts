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

/**
 * Return what the server's environment is to have besides ours: the key of the endpoint that is set, unless the
 * workspace is not trusted.
 */
export async function environment(context: ExtensionContext): Promise<Record<string, string>> {
    const endpoint = host();
    if (!workspace.isTrusted || endpoint === undefined) {
        return {};
    }
    const key = await context.secrets.get(PREFIX + endpoint);
    const name = workspace.getConfiguration(SECTION).get<string>("key_variable", "SLEEPLSP_API_KEY");
    return key === undefined ? {} : { [name]: key };
}
