/** What the server's errors say to a person. Pure. It must not know what was asked. */

/** The codes of requests that were given up, by us and by the server. */
const CANCELLED = [-32800, -32802];

/** The code of arguments that make no sense. */
const INVALID = -32602;

const TOO_LARGE = "sleeplsp.file_bytes_max is less than the size of this file, so nothing is known of it.";

/** Tell whether a request was given up: nobody waits for it. */
export function isCancelled(error: unknown): boolean {
    const code = codeOf(error);
    return code !== undefined && CANCELLED.includes(code);
}

/** Tell whether the server could make no sense of what it was given. */
export function isRefusal(error: unknown): boolean {
    return codeOf(error) === INVALID;
}

/** Return what a person is told of a refusal: that a file is too large, else what was to be seen to. */
export function refusal(error: unknown, otherwise: string): string {
    const data: unknown = error instanceof Error && "data" in error ? error.data : undefined;
    const isTooLarge =
        typeof data === "object" && data !== null && "isTooLarge" in data && data.isTooLarge === true;
    return isTooLarge ? TOO_LARGE : otherwise;
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
