/**
 * Whether claims may be tested by running the code of a folder: when that is asked, and what the server is told.
 * Pure: from what was decided, what VS Code trusts, and what the server says.
 */
import type { Status } from "../server/protocol.ts";

/** What was decided for a folder: to test, or not to, whatever the setting says. */
export type Decision = "allowed" | "never";

/** What is known of a folder besides what the server says of it. */
export interface Known {
    /** VS Code trusts the workspace. */
    readonly isTrusted: boolean;
    readonly decision: Decision | undefined;
    /** The user's own setting, if it is set at all. */
    readonly set: unknown;
}

/** Tell whether a value that was kept is a decision. */
export function isDecision(value: unknown): value is Decision {
    return value === "allowed" || value === "never";
}

/**
 * Tell whether the user is to be asked for a folder. Whoever has set the setting has answered, with a no as well. As
 * long as the folder is thought about, it is not known yet how many claims there are.
 */
export function isToBeAsked(status: Status, { isTrusted, decision, set }: Known): boolean {
    const isOpen = isTrusted && decision === undefined && (set ?? null) === null;
    const { root, state, verification } = status;
    const isWanted = verification?.state === "off" && verification.waiting > 0;
    return isOpen && isWanted && root !== null && state !== "thinking";
}

/**
 * Return what the server is told in the place of the setting `verify`. null stands for what is not set: it takes
 * back what the server was told before, so that the user's own file counts.
 */
export function verifyOf({ isTrusted, decision, set }: Known): unknown {
    if (!isTrusted || decision === "never") {
        return false;
    }
    return decision === "allowed" ? true : (set ?? null);
}
