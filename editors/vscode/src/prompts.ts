/**
 * Questions of ours that stand before the user: whoever asks without having been told to waits until none does. It
 * must not know what is asked.
 */

/** See above. */
export class Prompts {
    private open = 0;
    private readonly listeners: (() => void)[] = [];

    /** Whether one stands there now. */
    get isOpen(): boolean {
        return this.open > 0;
    }

    /** Ask something; return the answer. */
    async during<T>(ask: () => PromiseLike<T>): Promise<T> {
        this.open += 1;
        try {
            return await ask();
        } finally {
            this.open -= 1;
            if (this.open === 0) {
                this.listeners.forEach(listener => {
                    listener();
                });
            }
        }
    }

    /** Be told whenever the last one that stood there is answered. */
    onClosed(listener: () => void): void {
        this.listeners.push(listener);
    }
}
