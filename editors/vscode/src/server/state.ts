/** What the server is doing as a process, as a value. It must not know how that came about. */

/** How a server is started. */
export interface Launch {
    /** Absolute path of what is run. */
    readonly command: string;
    readonly args: readonly string[];
    /** Where it was found, as a person may be told. */
    readonly source: string;
}

/** Why a server that was found cannot be used, or none was found. */
export interface Problem {
    readonly kind: "missing" | "unusable" | "untrusted";
    /** One sentence that says what is wrong and what to do. */
    readonly message: string;
}

/** See above. */
export type ServerState =
    | { readonly kind: "stopped" }
    | { readonly kind: "looking" }
    | { readonly kind: "problem"; readonly problem: Problem }
    | { readonly kind: "starting"; readonly launch: Launch }
    | { readonly kind: "running"; readonly launch: Launch; readonly version: string; readonly pid: number }
    /** It ended by itself, and is started again at a moment (milliseconds since the epoch). */
    | { readonly kind: "restarting"; readonly reason: string; readonly at: number }
    /** It ended by itself too often. */
    | { readonly kind: "failed"; readonly reason: string };

/** Tell whether two launches run the same. */
export function isSame(one: Launch, other: Launch): boolean {
    return one.command === other.command && one.args.join("\0") === other.args.join("\0");
}
