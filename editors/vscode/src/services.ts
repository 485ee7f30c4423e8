/**
 * What every feature is given: the servers, the log, the context of the extension, what is asked and was decided. A feature is a function
 * `register(services)` that puts what is to be disposed into `services.context.subscriptions`.
 */
import type { ExtensionContext, LogOutputChannel } from "vscode";

import type { Prompts } from "./prompts.ts";
import type { Servers } from "./server/servers.ts";
import type { Decisions } from "./verification/decisions.ts";

/** See above. */
export interface Services {
    readonly context: ExtensionContext;
    readonly output: LogOutputChannel;
    readonly servers: Servers;
    readonly decisions: Decisions;
    readonly prompts: Prompts;
}
