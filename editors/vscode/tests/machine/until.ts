/** Waiting for a condition, with an end. Nothing in these tests waits for time to pass. */

/** How long something may take that must come: for machines that are busy. */
export const WAIT_MS = 60_000;

const PAUSE_MS = 50;

/**
 * Return what `look` returns as soon as that is neither undefined, null nor false.
 *
 * What it throws counts as "not yet"; after `ms` milliseconds that is told, with what was waited for.
 */
export async function until<T>(
    what: string,
    look: () => T | Promise<T>,
    ms: number = WAIT_MS,
): Promise<Exclude<T, undefined | null | false>> {
    const end = Date.now() + ms;
    for (;;) {
        let why: unknown;
        try {
            const found = await look();
            if (found !== undefined && found !== null && found !== false) {
                return found as Exclude<T, undefined | null | false>;
            }
        } catch (error) {
            why = error;
        }
        if (Date.now() > end) {
            throw new Error(`${what}: not within ${ms / 1000} s`, { cause: why });
        }
        await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
    }
}
