/** What our extension hands out when it is activated, and what its server returns, as far as cases look at it. */

import type { Exports } from "../../src/extension.ts";

export type Ours = Exports;

/** What `sleeplsp.overview` returns. */
export interface Overview {
    roots: {
        /** Whether nothing waits to be thought about. */
        isComplete: boolean;
        suspicions: { path: string; check: string }[];
        failed: { path: string; reason: string }[];
    }[];
}
