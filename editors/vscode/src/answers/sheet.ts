/**
 * What a page of ours shows, as a value, and the messages between the page and the extension. A page runs in a
 * webview: it is given text, and never HTML. It must not know VS Code.
 */

/** What a page shows. */
export interface Sheet {
    /** Plain text above all else; empty where the Markdown has a heading of its own. */
    readonly title: string;
    readonly state: "working" | "done" | "failed";
    /** What a model has said so far: plain text, shown as long as there is no Markdown. */
    readonly streamed: string;
    /** The server's Markdown, in which everything that it did not write itself is escaped. */
    readonly markdown: string;
    /** Text below it, a paragraph each: what stands between two backquotes is code, and all else for itself. */
    readonly notes: readonly string[];
    readonly buttons: readonly Button[];
    /** Code spans that are links: their text, and the number of the place they lead to. */
    readonly codes: Readonly<Record<string, number>>;
    /** Headings that are links: the 0-based line of the Markdown they stand in, and the number of their place. */
    readonly headings: Readonly<Record<number, number>>;
    /** The 0-based line of the Markdown to begin with. */
    readonly line: number;
}

/** Something to press below a page. */
export interface Button {
    readonly id: ButtonId;
    readonly label: string;
}

/** See above. */
export type ButtonId = "stop" | "again" | "addModel" | "setKey" | "trust" | "showLog";

/** A page on which nothing stands. */
export const BLANK: Sheet = {
    title: "",
    state: "done",
    streamed: "",
    markdown: "",
    notes: [],
    buttons: [],
    codes: {},
    headings: {},
    line: 0,
};

/** What the extension tells a page. */
export type ToPage =
    | { readonly kind: "sheet"; readonly sheet: Sheet; readonly isNew: boolean }
    | { readonly kind: "piece"; readonly text: string };

/** What a page tells the extension. */
export type FromPage =
    | { readonly kind: "ready" }
    | { readonly kind: "open"; readonly place: number }
    | { readonly kind: "press"; readonly id: ButtonId };
