/** Finds a server: gathers what is known of machine and window, and asks candidates in turn. */
import { realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import * as paths from "node:path";

import { type ExtensionContext, type LogOutputChannel, workspace } from "vscode";

import { own } from "../settings.ts";
import { ask } from "./asking.ts";
import { type Places, candidates, toolFolders } from "./candidates.ts";
import { type Tried, launchOf, problemOf } from "./choice.ts";
import { interpreters } from "./interpreters.ts";
import type { Launch, Problem } from "./state.ts";

/** Return where the extension keeps an environment of its own. */
export function ownEnvironment(context: ExtensionContext): string {
    return paths.join(context.globalStorageUri.fsPath, "environment");
}

/** Return what is known of the machine and the window. */
export async function places(context: ExtensionContext): Promise<Places> {
    const setting = own("server.path");
    return {
        setting,
        interpreters: setting === "" ? await interpreters() : [],
        path: (process.env["PATH"] ?? "").split(paths.delimiter),
        home: homedir(),
        toolFolders: toolFolders(process.env, { home: homedir(), paths }),
        ownEnvironment: ownEnvironment(context),
        folders: workspace.workspaceFolders?.map(folder => folder.uri.fsPath) ?? [],
        isTrusted: workspace.isTrusted,
        isWindows: process.platform === "win32",
        paths,
        exists: isFile,
        real,
    };
}

/** Find a server, or say why there is none that can be used. */
export async function find(context: ExtensionContext, output: LogOutputChannel): Promise<Launch | Problem> {
    const known = await places(context);
    const { allowed, untrusted } = candidates(known);
    untrusted.forEach(each => {
        output.info(`not tried: ${each.path} (${each.source}) lies in a workspace that is not trusted`);
    });
    const tried: Tried[] = [];
    for (const candidate of allowed) {
        const verdict = await ask(candidate, context.globalStorageUri.fsPath);
        output.info(`${candidate.path} (${candidate.source}): ${JSON.stringify(verdict)}`);
        if (verdict.kind === "usable") {
            return launchOf(candidate);
        }
        tried.push({ candidate, verdict });
    }
    return problemOf(tried, untrusted, known.setting !== "");
}

function isFile(path: string): boolean {
    try {
        return statSync(path).isFile();
    } catch {
        return false; // it is not there, or not for us
    }
}

function real(path: string): string {
    try {
        return realpathSync.native(path); // as the disk spells it
    } catch {
        return path; // it is not there, and leads nowhere
    }
}
