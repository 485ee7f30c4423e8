/** How long to wait before a server that has crashed is started again. It must not know why it crashed. */

/** Crashes that are forgiven in `FORGET_MS`. */
export const CRASHES_MAX = 5;

/** Milliseconds after which a crash is forgotten. */
export const FORGET_MS = 3 * 60_000;

const FIRST_MS = 1000;

/** Remembers when a server crashed. */
export class BackOff {
    private crashes: number[] = [];

    /**
     * Take note of a crash at a moment in milliseconds; return the milliseconds to wait before the next start (1,
     * 2, 4, ... seconds), or undefined if it has crashed too often.
     */
    crashed(now: number): number | undefined {
        this.crashes = [...this.crashes.filter(at => now - at < FORGET_MS), now];
        const count = this.crashes.length;
        return count > CRASHES_MAX ? undefined : FIRST_MS * 2 ** (count - 1);
    }

    /** Forget all: somebody has asked for a new start. */
    forget(): void {
        this.crashes = [];
    }
}
