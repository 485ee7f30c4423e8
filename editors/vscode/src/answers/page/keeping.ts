/**
 * Which parts of a page stay when it is drawn anew. What stays keeps the focus and what is selected in it, and is
 * not read out again. Pure. It must not know how parts are drawn.
 */

/** How many parts stay at the beginning and at the end; those between are drawn anew. */
export interface Kept {
    readonly head: number;
    readonly tail: number;
}

/** Return what stays of a row of parts, each of which is told by a text, when it becomes another. */
export function kept(before: readonly string[], after: readonly string[]): Kept {
    const most = Math.min(before.length, after.length);
    let head = 0;
    while (head < most && before[head] === after[head]) {
        head += 1;
    }
    let tail = 0;
    while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) {
        tail += 1;
    }
    return { head, tail };
}
