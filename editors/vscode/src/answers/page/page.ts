/**
 * The script of a page: draws what it is sent, and tells what is pressed. Text becomes text and never HTML: every
 * element is made here, by name.
 */
import { BLANK, type Button, type FromPage, type Sheet, type ToPage } from "../sheet.ts";
import { elements, type Child, type Element as Read } from "./markdown.ts";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

/** How near to its end, in pixels, a page is taken to be read to the end, and follows what comes. */
const NEAR_END = 40;

const host = acquireVsCodeApi();
let sheet: Sheet = BLANK;
let streamed: HTMLElement | undefined;

window.addEventListener("message", (event: MessageEvent<ToPage>) => {
    const told = event.data;
    if (told.kind === "piece") {
        following(() => streamed?.append(told.text));
    } else {
        sheet = told.sheet;
        draw();
        if (told.isNew) {
            begin();
        }
    }
});
host.postMessage({ kind: "ready" });

/** Draw the whole page. */
function draw(): void {
    streamed = undefined;
    const main = made("main");
    main.setAttribute("aria-live", "polite");
    main.setAttribute("aria-busy", String(sheet.state === "working"));
    if (sheet.title !== "") {
        const title = made("h1", sheet.title);
        title.className = "title";
        main.append(title);
    }
    if (sheet.markdown !== "") {
        main.append(...elements(sheet.markdown).map(drawn));
    } else if (sheet.state === "working" || sheet.streamed !== "") {
        streamed = made("p", sheet.streamed);
        streamed.className = "streamed";
        main.append(streamed);
    }
    if (sheet.state === "working") {
        const working = made("div");
        working.className = "working";
        working.setAttribute("role", "progressbar");
        working.setAttribute("aria-label", "the answer is being made");
        main.append(working);
    }
    const notes = sheet.notes.map(note => made("p", note));
    notes.forEach(note => {
        note.className = sheet.state === "failed" ? "note failed" : "note";
    });
    main.append(...notes);
    const buttons = made("div");
    buttons.className = "buttons";
    buttons.append(...sheet.buttons.map(button));
    document.body.replaceChildren(main, buttons);
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

function drawn(child: Child): Node {
    return drawnIn(child, false);
}

function drawnIn(child: Child, isInLink: boolean): Node {
    if (typeof child === "string") {
        return document.createTextNode(child);
    }
    const element = made(child.tag);
    if (child.line !== undefined) {
        element.dataset["line"] = String(child.line);
    }
    if (child.start !== undefined && element instanceof HTMLOListElement) {
        element.start = child.start;
    }
    const place = isInLink ? undefined : placeOf(child);
    const inside = child.children.map(each => drawnIn(each, isInLink || place !== undefined));
    element.append(...(place === undefined ? inside : [link(place, inside)]));
    return element;
}

function placeOf({ tag, children, line }: Read): number | undefined {
    const [only] = children;
    if (tag === "code" && typeof only === "string") {
        return Object.hasOwn(sheet.codes, only) ? sheet.codes[only] : undefined;
    }
    return line !== undefined && tag.startsWith("h") ? sheet.headings[line] : undefined;
}

function link(place: number, inside: Node[]): HTMLElement {
    const element = made("button");
    element.className = "place";
    element.append(...inside);
    element.addEventListener("click", () => {
        host.postMessage({ kind: "open", place });
    });
    return element;
}

function button({ id, label }: Button): HTMLElement {
    const element = made("button", label);
    element.dataset["id"] = id;
    element.addEventListener("click", () => {
        host.postMessage({ kind: "press", id });
    });
    return element;
}

function made(tag: string, text = ""): HTMLElement {
    const element = document.createElement(tag);
    element.append(text);
    return element;
}
