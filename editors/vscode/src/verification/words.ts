/** What is said of testing claims: in the question, the menu, the status bar and the status page. Pure. */
import type { Status, Verification } from "../server/protocol.ts";
import { count, oneLine } from "../wording.ts";
import type { Decision } from "./deciding.ts";

/** What is done with the code, and what holds it: true on every system, with a sandbox or without. */
const RUNS =
    "with made-up arguments, in a process with limits, in which Python refuses to write files and to connect " +
    "anywhere. That runs the workspace's code.";

/** Return the question whether claims may be tested in a folder. */
export function question(folder: string, waiting: number): string {
    return `sleeplsp can test ${count(waiting, "claim")} of the model by calling functions of ${shownName(folder)} ${RUNS}`;
}

/** What may be decided for a folder, and what that means. */
export interface Choice {
    readonly label: string;
    readonly detail: string;
    /** undefined: nothing is decided. */
    readonly decision: Decision | undefined;
}

/** Return what there is to choose; `set` is the user's own setting, if it is set at all. */
export function choices(set: unknown): Choice[] {
    const setting =
        (set ?? null) === null
            ? "is not set: in the next window you are asked again"
            : `is ${set === true ? "on" : "off"}`;
    return [
        {
            label: "Test Claims Here",
            detail: "That runs its code: functions are called with made-up arguments, within limits.",
            decision: "allowed",
        },
        {
            label: "Never Here",
            detail: "No code is run, even if sleeplsp.verify is on.",
            decision: "never",
        },
        {
            label: "As the Setting Says",
            detail: `sleeplsp.verify ${setting}.`,
            decision: undefined,
        },
    ];
}

/** Return how testing stands in a folder, in a few words. */
export function brief(verification: Verification | null | undefined): string {
    if (!verification) {
        return "no claims yet that could be tested";
    }
    const { state, why } = verification;
    const far = counts(verification);
    if (state === "unavailable") {
        return [`not possible: ${oneLine(why ?? "no reason is told")}`, far].filter(Boolean).join("; ");
    }
    return [state, far].filter(Boolean).join("; ");
}

/** Return how it stands in all folders. */
export function briefOf(statuses: readonly Status[]): string {
    const folders = statuses.filter(each => each.root !== null);
    const [first] = folders;
    if (folders.length <= 1) {
        return brief(first?.verification);
    }
    const on = folders.filter(each => each.verification?.state === "on").length;
    return `on in ${on} of ${folders.length} folders`;
}

function counts({ state, tested, refuted, open, waiting }: Verification): string {
    const found: [number, string][] = [
        [tested, "tested"],
        [refuted, "refuted"],
        [open, "left open"],
        [waiting, state === "off" ? "could be tested" : "waiting"],
    ];
    return found
        .filter(([number]) => number > 0)
        .map(([number, what]) => `${number.toLocaleString("en")} ${what}`)
        .join(", ");
}

/** Return a name as messages show it: in them, what looks like a link would become one. */
function shownName(name: string): string {
    return oneLine(name).replaceAll("](", "] (");
}
