/** How folders stand, as the server's command `sleeplsp.overview` tells it. It must not know how that is shown. */
import type { Range } from "../places.ts";

/** The name of the command. */
export const OVERVIEW = "sleeplsp.overview";

/** See above. */
export interface Overview {
    readonly roots: readonly RootOverview[];
}

/** One folder. Lists are cut, totals are not. */
export interface RootOverview {
    /** URI; null for files that lie in no folder. */
    readonly root: string | null;
    readonly name: string;
    /** Nothing waits, and nothing is being thought about. */
    readonly isComplete: boolean;
    readonly suspicions: readonly Suspicion[];
    readonly suspicionsTotal: number;
    readonly waiting: readonly Waiting[];
    readonly waitingTotal: number;
    readonly failed: readonly FailedModule[];
    readonly failedTotal: number;
}

/** How bad it is if a suspicion is right; the worst comes first. */
export const SEVERITIES = ["error", "warning", "note"] as const;

/** See above. */
export type Severity = (typeof SEVERITIES)[number];

/** Something that is suspected. */
export interface Suspicion {
    readonly uri: string;
    readonly path: string;
    readonly range: Range;
    readonly check: string;
    readonly severity: Severity;
    /** Such as `deduced`, `agreed 2/3` or `single`. */
    readonly grade: string;
    readonly source: "deduced" | "model";
    readonly symbol: string;
    /** One line; code stands in backquotes, and nothing else in it is markup. */
    readonly message: string;
    /** It is a diagnostic; the others are told on hover alone. */
    readonly shown: boolean;
    readonly isDrift: boolean;
}

/** A module that waits to be thought about. */
export interface Waiting {
    readonly uri: string | null;
    readonly path: string;
    readonly cause: string;
}

/** A module that could not be thought about. */
export interface FailedModule {
    readonly uri: string | null;
    readonly path: string;
    readonly reason: string;
}
