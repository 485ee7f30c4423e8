/**
 * What the user has set. The server merges it with the settings of the repository and of the user's own file, so
 * that a value which is only VS Code's default must not be sent: it would hide theirs.
 */
import { type ConfigurationScope, workspace } from "vscode";

import { serverSettings as listed, setOf } from "./explicit.ts";

/** The name under which our settings stand. */
export const SECTION = "sleeplsp";

/** Settings of the extension itself, of which the server knows nothing. */
const OWN = ["server.path", "server.package", "outline", "trace.server"] as const;

/** Return a setting of the extension itself. */
export function own(name: (typeof OWN)[number]): string {
    return workspace.getConfiguration(SECTION).get<string>(name, "");
}

/** Return the settings for the server that are explicitly set for a folder, or (undefined) for all. */
export function explicit(names: Iterable<string>, scope?: ConfigurationScope): Record<string, unknown> {
    const settings = workspace.getConfiguration(SECTION, scope);
    const set = setOf(names, name => settings.inspect(name));
    // What VS Code makes of all places: tables are merged, and places that may not set it do not count.
    return Object.fromEntries(set.map(name => [name, settings.get(name)]));
}

/** Return the names of the settings for the server, as the extension's own description lists them. */
export function serverSettings(packageJson: unknown): string[] {
    return listed(packageJson, SECTION, OWN);
}
