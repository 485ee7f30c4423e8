/** Which candidate is taken, and what is said if none can be. Pure: verdicts in, a launch or a problem out. */
import { type Verdict, argumentsOf } from "./asking.ts";
import type { Candidate } from "./candidates.ts";
import type { Launch, Problem } from "./state.ts";
import { PYTHON_MIN, SERVER_MIN } from "./versions.ts";

/** A candidate and what it turned out to be. */
export interface Tried {
    readonly candidate: Candidate;
    readonly verdict: Verdict;
}

/** Return how a usable candidate is started. */
export function launchOf(candidate: Candidate): Launch {
    return {
        command: candidate.path,
        args: [...argumentsOf(candidate), "serve"],
        source: candidate.source,
    };
}

/** Return what to tell where no candidate is usable. The gravest comes first: what is there, and cannot be used. */
export function problemOf(
    tried: readonly Tried[],
    untrusted: readonly Candidate[],
    isNamed: boolean,
): Problem {
    for (const kind of ["old server", "old Python", "broken"] as const) {
        const one = tried.find(({ verdict }) => verdict.kind === kind);
        // That a selected Python is too old matters only if nothing else is there, which is so here.
        if (one !== undefined) {
            return { kind: "unusable", message: told(one) };
        }
    }
    const [named] = tried;
    if (isNamed && named !== undefined) {
        return { kind: "missing", message: told(named) };
    }
    const [left] = untrusted;
    if (left !== undefined) {
        return {
            kind: "untrusted",
            message: `${left.path} lies in this workspace, which is not trusted: nothing in it is started.`,
        };
    }
    return {
        kind: "missing",
        message:
            "The sleeplsp server was not found: it is not installed yet. " +
            "Installing it takes a checkout, a wheel or a URL of it.",
    };
}

function told({ candidate, verdict }: Tried): string {
    const { path, source } = candidate;
    switch (verdict.kind) {
        case "old server":
            return (
                `sleeplsp ${verdict.version} in ${path} (${source}) is too old: this extension needs ` +
                `${SERVER_MIN} or newer. Install it again.`
            );
        case "old Python":
            return (
                `Python ${verdict.version} in ${path} (${source}) is too old for sleeplsp, which needs ` +
                `${PYTHON_MIN} or newer. Select another interpreter, or install the server apart from it.`
            );
        case "absent":
            return `Python ${verdict.python} in ${path} (${source}) does not have sleeplsp. Install it there.`;
        case "not there":
            return `There is no ${path} (${source}). Change the setting, or empty it to have the server looked for.`;
        case "broken":
            return `${path} (${source}) does not start as a sleeplsp server: ${verdict.reason}`;
        case "usable":
            return `sleeplsp ${verdict.version} in ${path} (${source})`;
    }
}
