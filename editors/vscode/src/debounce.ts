/** Things that are done once, a moment after they were last asked for. */

/** See above. */
export class Debounced {
    private readonly work: () => void;
    private readonly ms: number;
    private timer: NodeJS.Timeout | undefined;

    constructor(work: () => void, ms: number) {
        this.work = work;
        this.ms = ms;
    }

    /** Do it in a moment. */
    soon(): void {
        clearTimeout(this.timer);
        this.timer = setTimeout(this.work, this.ms);
    }

    /** Do not do it any more. */
    dispose(): void {
        clearTimeout(this.timer);
    }
}
