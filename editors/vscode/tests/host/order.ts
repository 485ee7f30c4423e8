/** What passes between the tests and the cases within VS Code, as JSON: what is to be done, and what became of it. */

import type { Case } from "../machine/suites.ts";

/** A case of a suite, in a folder of its own in the project. */
export interface Written {
    /** Name of the folder. */
    folder: string;
    case: Case;
}

export interface Order {
    written: Written[];
    /** A file: one Outcome in each line. */
    report: string;
}

export type Outcome =
    | { kind: "case"; name: string; ms: number; why?: string }
    | { kind: "figure"; name: string; value: number; unit: string }
    /** Nothing comes after it; `why` if not all cases were run. */
    | { kind: "end"; why?: string };
