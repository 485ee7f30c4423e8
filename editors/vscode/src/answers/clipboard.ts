/** Taking a text that VS Code hands out through the clipboard alone. It must not know who put it there. */

/** A clipboard that holds text. */
export interface Clipboard {
    readText(): PromiseLike<string>;
    writeText(text: string): PromiseLike<void>;
}

/**
 * Return what the first of some commands that copies anything has copied, or "". Whether one did is told by a
 * `marker`, a text that nobody copies: what is copied may well be what the clipboard held before. Its text is put
 * back; an image or formatted text is lost, since extensions can neither read nor write those.
 */
export async function copiedBy(
    clipboard: Clipboard,
    marker: string,
    copies: readonly (() => PromiseLike<unknown>)[],
): Promise<string> {
    const before = await clipboard.readText();
    try {
        await clipboard.writeText(marker);
        for (const copy of copies) {
            await copy();
            const copied = await clipboard.readText();
            if (copied !== marker) {
                return copied;
            }
        }
        return "";
    } finally {
        await clipboard.writeText(before);
    }
}
