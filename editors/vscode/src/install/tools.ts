/** What there is on this machine to install a server with. */
import type { ExtensionContext } from "vscode";
import { workspace } from "vscode";

import { type Places, candidates, first, isBelow } from "../server/candidates.ts";
import { places } from "../server/finding.ts";
import { run } from "../server/programs.ts";
import { PYTHON_MIN, isOlder, pythonVersion } from "../server/versions.ts";
import type { Interpreter, Tools } from "./ways.ts";

const ASK_MS = 15_000;

/** Look for tools; Pythons are asked for their version. */
export async function tools(context: ExtensionContext): Promise<Tools> {
    const known = await places(context);
    const folder = context.globalStorageUri.fsPath;
    const [uv, pipx] = ["uv", "pipx"].map(name => onPath(known, name));
    const inWindow = candidates({ ...known, setting: "" }).allowed.filter(
        each => each.kind === "python" && !each.path.startsWith(known.ownEnvironment),
    );
    const selected = await Promise.all(inWindow.map(each => interpreter(each.path, folder)));
    return {
        uv,
        pipx,
        selected: selected.filter(each => each !== undefined),
        python: await python(known, folder),
        ownEnvironment: known.ownEnvironment,
        isWindows: known.isWindows,
        paths: known.paths,
    };
}

/** Return a Python of the machine that is new enough. */
async function python(known: Places, folder: string): Promise<string | undefined> {
    const names = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"];
    for (const path of names.map(name => onPath(known, name))) {
        if (path !== undefined && (await isNew(path, folder))) {
            return path;
        }
    }
    return undefined;
}

async function interpreter(path: string, folder: string): Promise<Interpreter | undefined> {
    if (!(await isNew(path, folder))) {
        return undefined;
    }
    const pip = await run(path, ["-m", "pip", "--version"], { folder, limitMs: ASK_MS });
    return { path, hasPip: pip.code === 0 };
}

async function isNew(path: string, folder: string): Promise<boolean> {
    const version = pythonVersion((await run(path, ["--version"], { folder, limitMs: ASK_MS })).output);
    return version !== undefined && !isOlder(version, PYTHON_MIN);
}

function onPath(known: Places, name: string): string | undefined {
    const found = first(known, [...known.path, ...known.toolFolders], name);
    const isRefused = found !== undefined && !workspace.isTrusted && isBelow(found, known);
    return isRefused ? undefined : found;
}
