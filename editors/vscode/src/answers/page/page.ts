/**
 * The script of a page: draws what it is sent, and tells what is pressed. Text becomes text and never HTML: every
 * element is made here, by name. Whoever reads it with a keyboard or a screen reader keeps their place: the region
 * whose changes are read out and the buttons stay, and of what they hold, what is the same.
 */
import { parts } from "../../wording.ts";
import { BLANK, type Button, type FromPage, type Sheet, type ToPage } from "../sheet.ts";
import { keepingFocus } from "./focus.ts";
import { kept } from "./keeping.ts";
import { elements, type Child, type Element as Read } from "./markdown.ts";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

/** A part of the page, from top to bottom. */
interface Part {
    /** The same for what looks the same. */
    key: string;
    /** The 0-based line of the Markdown that it begins in. */
    readonly line?: number;
    readonly draw: () => HTMLElement;
}

/** How near to its end, in pixels, a page is taken to be read to the end, and follows what comes. */
const NEAR_END = 40;

/** The key of what a model has said so far, before its text. */
const STREAMED = "streamed: ";

const host = acquireVsCodeApi();
const main = made("main");
const buttons = made("div");
let sheet: Sheet = BLANK;
let shown: Part[] = [];

main.setAttribute("aria-live", "polite");
main.tabIndex = -1;
buttons.className = "buttons";
document.body.replaceChildren(main, buttons);
window.addEventListener("message", (event: MessageEvent<ToPage>) => {
    const told = event.data;
    if (told.kind === "piece") {
        following(() => {
            append(told.text);
        });
    } else {
        sheet = told.sheet;
        keepingFocus(draw, buttons, main);
        if (told.isNew) {
            begin();
        }
    }
});
host.postMessage({ kind: "ready" });

/** Draw what has changed. */
function draw(): void {
    main.setAttribute("aria-busy", String(sheet.state === "working"));
    const wanted = [...partsOf(sheet)];
    const { head, tail } = kept(
        shown.map(each => each.key),
        wanted.map(each => each.key),
    );
    const nodes = [...main.children];
    nodes.slice(head, nodes.length - tail).forEach(each => {
        each.remove();
    });
    const after = nodes[nodes.length - tail] ?? null;
    wanted.slice(head, wanted.length - tail).forEach(each => main.insertBefore(each.draw(), after));
    shown = wanted;
    [...main.children].forEach((each, number) => {
        const line = wanted[number]?.line;
        if (line !== undefined && each instanceof HTMLElement) {
            each.dataset["line"] = String(line);
        }
    });
    drawButtons();
}

function* partsOf({ title, markdown, state, streamed, notes }: Sheet): Iterable<Part> {
    if (title !== "") {
        yield { key: `title: ${title}`, draw: () => classed("title", made("h1", title)) };
    }
    if (markdown !== "") {
        for (const each of elements(markdown)) {
            const part = { key: JSON.stringify(seen(each)), draw: () => drawn(each) };
            yield each.line === undefined ? part : { ...part, line: each.line };
        }
    } else if (state === "working" || streamed !== "") {
        yield { key: STREAMED + streamed, draw: () => classed("streamed", made("p", streamed)) };
    }
    if (state === "working") {
        yield { key: "working", draw: working };
    }
    const look = state === "failed" ? "note failed" : "note";
    for (const text of notes) {
        yield { key: `${look}: ${text}`, draw: () => classed(look, note(text)) };
    }
}

/** Return all that can be seen of an element, wherever it stands and its links lead to. */
function seen(child: Child): unknown {
    return typeof child === "string"
        ? child
        : [child.tag, child.start, placeOf(child) !== undefined, child.children.map(seen)];
}

/** Add to what a model says. */
function append(text: string): void {
    const number = shown.findIndex(each => each.key.startsWith(STREAMED));
    const part = shown[number];
    if (part !== undefined) {
        part.key += text;
        main.children[number]?.append(text);
    }
}

/** Go to where the page is to begin. */
function begin(): void {
    const there = document.querySelector(`[data-line="${sheet.line}"]`);
    if (sheet.line > 0 && there !== null) {
        there.scrollIntoView({ block: "start" });
    } else {
        window.scrollTo(0, 0);
    }
}

/** Do something that makes the page longer; who was at its end stays there. */
function following(grow: () => void): void {
    const page = document.documentElement;
    const isAtEnd = page.scrollHeight - page.clientHeight - page.scrollTop < NEAR_END;
    grow();
    if (isAtEnd) {
        page.scrollTop = page.scrollHeight;
    }
}

function drawn(read: Read): HTMLElement {
    const element = drawnIn(read, false);
    if (read.line !== undefined) {
        element.dataset["line"] = String(read.line);
    }
    return element;
}

function drawnIn(read: Read, isInLink: boolean): HTMLElement {
    const element = made(read.tag);
    if (read.start !== undefined && element instanceof HTMLOListElement) {
        element.start = read.start;
    }
    const isLink = !isInLink && placeOf(read) !== undefined;
    const inside = read.children.map(each =>
        typeof each === "string" ? document.createTextNode(each) : drawnIn(each, isInLink || isLink),
    );
    element.append(...(isLink ? [link(read, inside)] : inside));
    return element;
}

/** Return the number of the place that an element leads to: of code by its text, of a heading by its line. */
function placeOf({ tag, children, line }: Read): number | undefined {
    const [only] = children;
    if (tag === "code" && typeof only === "string") {
        return Object.hasOwn(sheet.codes, only) ? sheet.codes[only] : undefined;
    }
    return line !== undefined && tag.startsWith("h") ? sheet.headings[line] : undefined;
}

/** Return a link to the place of an element: a button, since a page follows no address, that is read out as a link. */
function link(read: Read, inside: Node[]): HTMLElement {
    const element = classed("place", made("button"));
    element.setAttribute("role", "link");
    element.append(...inside);
    element.dataset["id"] = `place ${element.textContent}`;
    element.addEventListener("click", () => {
        // It may stand in another line by now, and lead to another place.
        const line = element.closest<HTMLElement>("[data-line]")?.dataset["line"];
        const place = placeOf(line === undefined ? read : { ...read, line: Number(line) });
        if (place !== undefined) {
            host.postMessage({ kind: "open", place });
        }
    });
    return element;
}

function working(): HTMLElement {
    const element = classed("working", made("div"));
    element.setAttribute("role", "progressbar");
    element.setAttribute("aria-label", "the answer is being made");
    return element;
}

function note(text: string): HTMLElement {
    const element = made("p");
    element.append(...parts(text).map((part, number) => (number % 2 === 1 ? made("code", part) : part)));
    return element;
}

/** Draw the buttons; one that is there already stays. */
function drawButtons(): void {
    const wanted = new Set<string>(sheet.buttons.map(each => each.id));
    const before = new Map<string | undefined, HTMLElement>();
    for (const each of buttons.querySelectorAll<HTMLElement>("[data-id]")) {
        if (wanted.has(each.dataset["id"] ?? "")) {
            before.set(each.dataset["id"], each);
        } else {
            each.remove();
        }
    }
    sheet.buttons.forEach((each, number) => {
        const element = before.get(each.id) ?? button(each);
        if (element.textContent !== each.label) {
            element.textContent = each.label;
        }
        if (buttons.children[number] !== element) {
            buttons.insertBefore(element, buttons.children[number] ?? null);
        }
    });
}

function button({ id, label }: Button): HTMLElement {
    const element = made("button", label);
    element.dataset["id"] = id;
    element.addEventListener("click", () => {
        host.postMessage({ kind: "press", id });
    });
    return element;
}

function classed(name: string, element: HTMLElement): HTMLElement {
    element.className = name;
    return element;
}

function made(tag: string, text = ""): HTMLElement {
    const element = document.createElement(tag);
    element.append(text);
    return element;
}
