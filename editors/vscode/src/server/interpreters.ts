/**
 * The Python interpreters that are selected in the window, as the Python extension tells them. We do without it
 * where it is not installed. It must not know what an interpreter is wanted for.
 */
import { type Disposable, type Event, type Uri, extensions, workspace } from "vscode";

/** What we use of that extension's API. */
interface PythonApi {
    readonly ready?: Promise<void>;
    readonly environments: {
        getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
        resolveEnvironment(environment: {
            readonly path: string;
        }): Promise<{ readonly executable: { readonly uri: Uri | undefined } } | undefined>;
        readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
    };
}

/** Milliseconds the Python extension may take to come up before we go on without it. */
const READY_MS = 10_000;

/** Return the selected interpreters, of each folder of the window; none if nobody knows. */
export async function interpreters(): Promise<string[]> {
    const api = await inTime(ready());
    if (api === undefined) {
        return [];
    }
    const folders = workspace.workspaceFolders?.map(folder => folder.uri) ?? [undefined];
    const found = await Promise.all(folders.map(folder => inTime(interpreter(api, folder))));
    return [...new Set(found.filter(path => path !== undefined))];
}

/** Be told when another interpreter is selected. */
export async function onChange(listener: () => void): Promise<Disposable | undefined> {
    const api = await ready();
    return api?.environments.onDidChangeActiveEnvironmentPath(listener);
}

async function ready(): Promise<PythonApi | undefined> {
    const extension = extensions.getExtension<PythonApi | undefined>("ms-python.python");
    try {
        const api = await extension?.activate();
        await api?.ready;
        return api?.environments === undefined ? undefined : api;
    } catch {
        return undefined; // it has said so itself
    }
}

async function interpreter(api: PythonApi, folder: Uri | undefined): Promise<string | undefined> {
    const selected = api.environments.getActiveEnvironmentPath(folder);
    const resolved = await api.environments.resolveEnvironment(selected);
    return resolved?.executable.uri?.fsPath;
}

async function inTime<T>(wanted: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>(resolve => {
        timer = setTimeout(resolve, READY_MS, undefined);
    });
    try {
        return await Promise.race([wanted, late]);
    } catch {
        return undefined;
    } finally {
        clearTimeout(timer);
    }
}
