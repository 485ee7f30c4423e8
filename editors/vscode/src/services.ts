/**
 * What every feature is given: the servers, the log, and the context of the extension. A feature is a function
 * `register(services)` that puts what is to be disposed into `services.context.subscriptions`.
 */
import type { ExtensionContext, LogOutputChannel } from "vscode";

import type { Servers } from "./server/servers.ts";

/** See above. */
export interface Services {
    readonly context: ExtensionContext;
    readonly output: LogOutputChannel;
    readonly servers: Servers;
}
