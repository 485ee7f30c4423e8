/**
 * What the server says beyond the protocol of language servers, in the words of its own README. It must not know
 * how that is shown.
 */

/** The status of one folder: the notification `sleeplsp/status`, and what `sleeplsp.status` returns of each. */
export interface Status {
    /** URI of the folder; null for files that lie in none. */
    readonly root: string | null;
    readonly name: string;
    readonly state: "asleep" | "thinking" | "paused" | "waiting";
    readonly cause: string | null;
    /** Modules the run is about; none if it is about all. */
    readonly about: readonly string[];
    readonly waitingFor: string | null;
    readonly stage: string | null;
    readonly done: number | null;
    readonly total: number | null;
    readonly lastSuccess: Success | null;
    readonly lastFailure: { readonly at: string; readonly cause: string; readonly reason: string } | null;
    readonly failed: readonly Failed[];
    /** How many files were left out, by reason. */
    readonly leftOut: Readonly<Record<string, number>>;
    readonly budget: Budget | null;
    readonly model: Model | null;
    readonly funnel: readonly Funnel[];
    /** null as long as a model claims nothing that could be tested; older servers do not tell. */
    readonly verification?: Verification | null;
}

/** How far testing claims by running code is. Counts of claims. */
export interface Verification {
    readonly state: "off" | "on" | "unavailable";
    /** Why it is unavailable, and what to do. */
    readonly why: string | null;
    /** Not tested yet; where it is off, what trust would make testable. */
    readonly waiting: number;
    readonly tested: number;
    readonly refuted: number;
    /** Tried, and nothing can be said. */
    readonly open: number;
}

/** A run that ended well. */
export interface Success {
    readonly at: string;
    readonly who: string;
    readonly cause: string;
    readonly modules: number;
    readonly deduced: number;
    readonly kept: number;
    readonly inVain: number;
    readonly failed: number;
    readonly seconds: number;
}

/** A module that could not be thought about. */
export interface Failed {
    readonly path: string;
    readonly reason: string;
}

/** What a language model may cost in a day (UTC), and does. */
export interface Budget {
    readonly tokensDayMax: number;
    readonly tokensToday: number;
    readonly tokensLeft: number;
    readonly costDayMax: number | null;
    readonly costToday: number;
    readonly isSpent: boolean;
}

/** What a language model's part of the last run came to. */
export interface Model {
    readonly name: string;
    readonly modules: number;
    readonly known: number;
    readonly left: number;
    readonly calls: number;
    readonly promptTokens: number;
    readonly cachedTokens: number;
    readonly completionTokens: number;
    readonly cost: number;
    /** By kind. */
    readonly claims: Readonly<Record<string, number>>;
    /** What was not believed, by reason. */
    readonly drops: Readonly<Record<string, number>>;
    readonly failed: readonly Failed[];
    readonly isTrusted: boolean;
    /** Why it stopped before the end. */
    readonly stopped: string | null;
    readonly isCapped: boolean;
}

/** What became of the suspicions of one check. */
export interface Funnel {
    readonly check: string;
    readonly made: number;
    readonly shown: number;
    readonly acted: number;
    readonly applied: number;
    readonly ignored: number;
    readonly mended: number;
}

/** A piece of an answer that is being made: the notification `sleeplsp/answer`. Its text is not escaped. */
export interface AnswerPiece {
    readonly token: string | number;
    readonly text: string;
}
