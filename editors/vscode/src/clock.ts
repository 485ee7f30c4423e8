/** When the extension's code began to run. Imported before all else, so that what loading it takes is known. */
import { performance } from "node:perf_hooks";

/** Milliseconds, as `performance.now()` counts them. */
export const begun = performance.now();
