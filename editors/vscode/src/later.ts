/**
 * Work that is done a moment after it is asked for. What is asked meanwhile is done with it, and what is asked while
 * it is being done, once more: whoever is asked all the time still does it. It must not know what the work is.
 */

/** See above. */
export class Later {
    private readonly work: () => Promise<void>;
    private readonly ms: number;
    private timer: NodeJS.Timeout | undefined;
    private isWorking = false;
    private isAsked = false;

    constructor(work: () => Promise<void>, ms: number) {
        this.work = work;
        this.ms = ms;
    }

    /** Do it in a moment. */
    soon(): void {
        if (this.isWorking) {
            this.isAsked = true;
        } else {
            this.timer ??= setTimeout(() => {
                void this.go();
            }, this.ms);
        }
    }

    /** Do not do it any more. */
    dispose(): void {
        clearTimeout(this.timer);
        this.timer = undefined;
        this.isAsked = false;
    }

    private async go(): Promise<void> {
        this.timer = undefined;
        this.isWorking = true;
        try {
            await this.work();
        } finally {
            this.isWorking = false;
            if (this.isAsked) {
                this.isAsked = false;
                this.soon();
            }
        }
    }
}
