/**
 * The keyboard's focus in a page: it stays where it is when the page is drawn anew. What can have it has a
 * `data-id`. It must not know what is drawn.
 */

/** Draw, and put the focus back to what has the same id, else to the first of `instead`, else to `last`. */
export function keepingFocus(draw: () => void, instead: HTMLElement, last: HTMLElement): void {
    const before = document.activeElement;
    // In a page that nobody is in, it would be taken away from the editor.
    if (!document.hasFocus() || !(before instanceof HTMLElement) || before === document.body) {
        draw();
        return;
    }
    const id = before.dataset["id"];
    const number = named(id).indexOf(before);
    const wasInstead = instead.contains(before);
    draw();
    if (document.activeElement === before) {
        return;
    }
    const others = wasInstead ? instead.querySelector<HTMLElement>("[data-id]") : null;
    (named(id)[number] ?? others ?? last).focus({ preventScroll: true });
}

function named(id: string | undefined): HTMLElement[] {
    const all = document.querySelectorAll<HTMLElement>("[data-id]");
    return [...all].filter(each => each.dataset["id"] === id);
}
