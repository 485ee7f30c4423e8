/**
 * What a server may be installed from: a checkout, a wheel, or what somebody types. Pure: what is on the disk is
 * told. A bare name is never made up here: whoever holds it in a package index would choose what runs. It must not
 * know how somebody is asked.
 */
import type { PlatformPath } from "node:path";

/** What is wrong with a source; what is not fatal may be meant. */
export interface Fault {
    readonly message: string;
    readonly isFatal: boolean;
}

/** What is told of the disk. */
export interface Disk {
    readonly home: string;
    readonly paths: PlatformPath;
    /** Return the text of a file, or undefined if it cannot be read as one. */
    readonly read: (path: string) => string | undefined;
    readonly exists: (path: string) => boolean;
}

/** What pip takes for a checkout of the server. */
const PROJECT = /^\s*name\s*=\s*["']sleeplsp["']/m;

/** A built package of the server, as it is named. */
const BUILT = /^sleeplsp-[^/\\]+\.(?:whl|tar\.gz)$/;

const URL_OF = /^(?:(?:git|hg|svn|bzr)\+)?([a-z]+):\/\/[^\s/]*\/?\S*$/i;

/** A requirement: a name, what of it, and which version or where from. */
const REQUIREMENT = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\s*(?:\[[a-z0-9._, -]*\])?\s*(.*)$/i;

/** Return what was typed as it is given to pip: without spaces around it, `~` as the home it stands for. */
export function source(typed: string, { home, paths }: Disk): string {
    const text = typed.trim();
    return /^~[\\/]/.test(text) ? paths.join(home, text.slice(2)) : text;
}

/** Tell whether a source is a path on this machine. */
export function isPath(what: string, { paths }: Pick<Disk, "paths">): boolean {
    return paths.isAbsolute(what);
}

/** Return what is wrong with a source, or undefined if nothing is. */
export function wrongWith(typed: string, disk: Disk): Fault | undefined {
    const what = source(typed, disk);
    if (isPath(what, disk)) {
        return wrongWithPath(what, disk);
    }
    const scheme = URL_OF.exec(what)?.[1]?.toLowerCase();
    if (scheme !== undefined) {
        return scheme === "http" || scheme === "git"
            ? { message: `Over ${scheme}, others on the way can change what is installed`, isFatal: false }
            : undefined;
    }
    return wrongWithRequirement(what);
}

/** Return what is wrong with a path: it must be a checkout of the server, or a package that was built of it. */
export function wrongWithPath(path: string, { paths, read, exists }: Disk): Fault | undefined {
    if (BUILT.test(paths.basename(path))) {
        return exists(path) ? undefined : { message: `There is no ${path}`, isFatal: true };
    }
    const project = read(paths.join(path, "pyproject.toml"));
    return project !== undefined && PROJECT.test(project)
        ? undefined
        : { message: `${path} is neither a checkout nor a wheel of sleeplsp`, isFatal: true };
}

function wrongWithRequirement(what: string): Fault | undefined {
    const [, name, rest = ""] = REQUIREMENT.exec(what) ?? [];
    if (name === undefined || !(rest === "" || /^[<>=!~@;]/.test(rest))) {
        return {
            message: "Give a URL, a requirement, or the whole path of a checkout or wheel",
            isFatal: true,
        };
    }
    return rest.startsWith("@")
        ? undefined
        : {
              message: `${name} is taken from your package index: whoever holds that name there chooses what runs`,
              isFatal: false,
          };
}
