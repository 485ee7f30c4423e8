/**
 * Where a server may be, in the order in which it is looked for. Pure: what lies where is told by `exists`. It must
 * not know what is found there, nor run anything.
 */
import type { PlatformPath } from "node:path";

/** Something that may be a server, or a Python that has one. */
export interface Candidate {
    readonly kind: "command" | "python";
    /** Absolute path of what is run. */
    readonly path: string;
    /** Where it comes from, as a person may be told. */
    readonly source: string;
}

/** What is known of the machine and the window. */
export interface Places {
    /** The setting; empty if there is none. */
    readonly setting: string;
    /** Selected Python interpreters, of each folder. */
    readonly interpreters: readonly string[];
    /** Folders of PATH. */
    readonly path: readonly string[];
    /** Where uv and pipx put commands; PATH of a desktop or of a remote machine often lacks it. */
    readonly toolFolders: readonly string[];
    /** The user's home. */
    readonly home: string;
    /** The virtual environment that the extension itself keeps. */
    readonly ownEnvironment: string;
    /** Folders of the workspace. */
    readonly folders: readonly string[];
    readonly isTrusted: boolean;
    readonly isWindows: boolean;
    readonly paths: PlatformPath;
    readonly exists: (path: string) => boolean;
    /** Where a path leads to once links are followed. */
    readonly real: (path: string) => string;
}

/** What there is to be tried, and what must not be. */
export interface Candidates {
    readonly allowed: readonly Candidate[];
    /** Lies in a workspace that nobody has trusted yet. */
    readonly untrusted: readonly Candidate[];
}

/**
 * Return what may be a server. Of what the setting names nothing else is tried: who names a path wants that one.
 */
export function candidates(places: Places): Candidates {
    const all = places.setting === "" ? [...found(places)] : [named(places)];
    const isAllowed = (each: Candidate) => places.isTrusted || !isBelow(each.path, places);
    return {
        allowed: all.filter(isAllowed),
        untrusted: all.filter(each => !isAllowed(each)),
    };
}

function named(places: Places): Candidate {
    const { paths } = places;
    const source = "the setting sleeplsp.server.path";
    const path = expanded(places.setting.trim(), places);
    if (!/[\\/]/.test(path)) {
        const onPath = first(places, places.path, path);
        return onPath ? { kind: kindOf(path), path: onPath, source } : { kind: "command", path, source };
    }
    const absolute = paths.resolve(places.folders[0] ?? places.home, path);
    const python = pythonOf(absolute, places);
    return places.exists(python)
        ? { kind: "python", path: python, source }
        : { kind: kindOf(absolute), path: absolute, source };
}

function* found(places: Places): Iterable<Candidate> {
    for (const path of new Set(places.interpreters)) {
        yield { kind: "python", path, source: "the selected Python interpreter" };
    }
    // Many have no Python extension to select one, and a virtual environment where every tool looks for it.
    for (const folder of places.folders) {
        const path = pythonOf(places.paths.join(folder, ".venv"), places);
        if (places.exists(path) && !places.interpreters.includes(path)) {
            yield { kind: "python", path, source: "the workspace's .venv" };
        }
    }
    const onPath = first(places, places.path, "sleeplsp");
    if (onPath !== undefined) {
        yield { kind: "command", path: onPath, source: "PATH" };
    }
    const tool = first(places, places.toolFolders, "sleeplsp");
    if (tool !== undefined && tool !== onPath) {
        yield { kind: "command", path: tool, source: "the tools of uv or pipx" };
    }
    const own = pythonOf(places.ownEnvironment, places);
    if (places.exists(own)) {
        yield { kind: "python", path: own, source: "the extension's own environment" };
    }
}

/** Return the folders into which uv and pipx put commands, as their environment variables say. */
export function toolFolders(
    environment: Readonly<Record<string, string | undefined>>,
    { home, paths }: Pick<Places, "home" | "paths">,
): string[] {
    const data = environment["XDG_DATA_HOME"];
    return [
        environment["UV_TOOL_BIN_DIR"],
        environment["PIPX_BIN_DIR"],
        environment["XDG_BIN_HOME"],
        data && paths.join(data, "..", "bin"),
        paths.join(home, ".local", "bin"),
    ].flatMap(folder => (folder ? [folder] : []));
}

/** Return the Python of a virtual environment. */
export function pythonOf(environment: string, places: Pick<Places, "isWindows" | "paths">): string {
    return places.isWindows
        ? places.paths.join(environment, "Scripts", "python.exe")
        : places.paths.join(environment, "bin", "python");
}

/** Return the first file of a name in folders; a folder that is not absolute means another one everywhere. */
export function first(
    places: Pick<Places, "isWindows" | "paths" | "exists">,
    folders: readonly string[],
    name: string,
): string | undefined {
    const file = places.isWindows && places.paths.extname(name) === "" ? `${name}.exe` : name;
    return folders
        .filter(folder => places.paths.isAbsolute(folder))
        .map(folder => places.paths.join(folder, file))
        .find(places.exists);
}

/** Tell whether a path lies in the workspace, as it is written or where it leads to. */
export function isBelow(path: string, places: Pick<Places, "folders" | "paths" | "real">): boolean {
    const { paths, real } = places;
    const folders = places.folders.flatMap(folder => [folder, real(folder)]);
    return [path, real(path), real(paths.dirname(path))].some(each =>
        folders.some(folder => {
            const way = paths.relative(folder, each);
            return way !== ".." && !way.startsWith(`..${paths.sep}`) && !paths.isAbsolute(way);
        }),
    );
}

function expanded(setting: string, { folders, home }: Places): string {
    return setting
        .replace(/^~(?=[\\/]|$)/, () => home)
        .replaceAll("${userHome}", () => home)
        .replaceAll("${workspaceFolder}", () => folders[0] ?? home);
}

function kindOf(path: string): Candidate["kind"] {
    return /(^|[\\/])(python|pypy)w?[\d.]*(\.exe)?$/i.test(path) ? "python" : "command";
}
