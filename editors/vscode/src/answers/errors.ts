/** What the server's errors say to a person. Pure. It must not know what was asked. */

/** The codes of requests that were given up, by us and by the server. */
const CANCELLED = [-32800, -32802];

/** The code of arguments that make no sense. */
const INVALID = -32602;

/** Tell whether a request was given up: nobody waits for it. */
export function isCancelled(error: unknown): boolean {
    const code = codeOf(error);
    return code !== undefined && CANCELLED.includes(code);
}

/** Tell whether the server could make no sense of what it was given. */
export function isRefusal(error: unknown): boolean {
    return codeOf(error) === INVALID;
}

/** Return why something failed, on one line. */
export function reasonOf(error: unknown): string {
    const text = error instanceof Error ? error.message : String(error);
    return text.split(/\s+/).join(" ").trim();
}

function codeOf(error: unknown): number | undefined {
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    return typeof code === "number" ? code : undefined;
}
