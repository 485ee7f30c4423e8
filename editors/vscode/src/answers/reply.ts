/**
 * The reply to a question as the server's command `sleeplsp.ask` gives it, and the page that it becomes. Pure. It
 * must not know how a question is asked.
 */
import { code, plain, sentence } from "../wording.ts";
import { BLANK, type Button, type Sheet } from "./sheet.ts";

/** The name of the command. */
export const ASK = "sleeplsp.ask";

/** The same, and the answer comes as a message: what the server's actions name. */
export const TELL = "sleeplsp.tell";

/** See above: nothing answers the question, or something does. */
export type Reply = Unanswered | Answered;

/** What comes near. */
export interface Unanswered {
    readonly answer: null;
    readonly nearest: readonly { readonly symbol: string; readonly text: string; readonly grade: string }[];
    /** The code has changed since it was thought about. */
    readonly changed: boolean;
    /** Why no model is asked here; null if the question is to blame. */
    readonly unasked: string | null;
}

/** An answer. */
export interface Answered {
    readonly answer: string;
    readonly source: "deduced" | "anticipated" | "model";
    /** What a model was told of: symbols, as `path::name`. */
    readonly stoodOn: readonly string[];
    readonly tokens: number;
    readonly model: string | null;
    /** The question, the answer, where it is from and its tokens, escaped. */
    readonly markdown: string;
}

/** What the server says where the user has named no model. */
const UNNAMED = "none is named";

const AGAIN: Button = { id: "again", label: "Ask Again" };
const LOG: Button = { id: "showLog", label: "Show Log" };
const SET_KEY: Button = { id: "setKey", label: "Set API Key…" };

/** What the server says where an endpoint wants a key, or another one. */
const ABOUT_KEY = /\((?:401|403)\) (?:does not accept the key|wants a key)|^the key for \S+ holds /i;

/** Return the page while an answer is awaited. */
export function awaited(question: string): Sheet {
    return { ...BLANK, title: question, state: "working", buttons: [{ id: "stop", label: "Stop" }] };
}

/** Return the page of a reply; what is missing where no model is asked is said in one line. */
export function replied(question: string, reply: Reply, isTrusted: boolean): Sheet {
    if (reply.answer === null) {
        return unanswered(question, reply, isTrusted);
    }
    const parts = [reply.markdown, ...origin(reply)];
    return { ...BLANK, markdown: parts.join("\n\n"), buttons: reply.source === "model" ? [AGAIN] : [] };
}

/** Return the page of an answer that was stopped: what was said until then stays. */
export function stopped(before: Sheet): Sheet {
    return { ...before, state: "done", notes: ["Stopped."], buttons: [AGAIN] };
}

/** Return the page of a question that could not be answered. */
export function failed(before: Sheet, reason: string): Sheet {
    return {
        ...before,
        state: "failed",
        notes: [reason],
        buttons: isAboutKey(reason) ? [SET_KEY, AGAIN, LOG] : [AGAIN, LOG],
    };
}

/** Tell whether a failure is mended by setting the endpoint's key. */
export function isAboutKey(reason: string): boolean {
    return ABOUT_KEY.test(reason);
}

function origin(reply: Answered): string[] {
    if (reply.source !== "model") {
        return ["*No model was asked: this was known beforehand.*"];
    }
    const model = reply.model === null ? "a model" : code(reply.model);
    const stood = reply.stoodOn.map(code).join(", ");
    const before = stood === "" ? "" : ` *It stood on* ${stood}.`;
    return [`*By ${model}, and nothing has checked it.*${before}`];
}

function unanswered(question: string, reply: Unanswered, isTrusted: boolean): Sheet {
    const near = reply.nearest.map(({ symbol, text, grade }) => {
        const about = symbol === "" ? "" : `${code(symbol)}: `;
        return `- ${about}${sentence(text)} *${plain(grade)}*`;
    });
    const parts = [
        `**${sentence(question)}**`,
        reply.changed
            ? "The code has changed since it was thought about, and is being thought about again."
            : "Nothing that is known answers this.",
        ...(near.length > 0 ? ["What comes near:", near.join("\n")] : []),
    ];
    const [note, ...buttons] = missing(reply.unasked, isTrusted);
    return { ...BLANK, markdown: parts.join("\n\n"), notes: [note], buttons };
}

/** Say what a model would take: in a workspace that is not trusted none is asked, whatever is named. */
function missing(unasked: string | null, isTrusted: boolean): [string, ...Button[]] {
    if (!isTrusted) {
        return [
            "A language model could answer, but none is asked in a workspace that is not trusted.",
            { id: "trust", label: "Manage Workspace Trust" },
        ];
    }
    if (unasked !== null) {
        const line = `A language model could answer, but ${unasked}.`;
        return unasked === UNNAMED ? [line, { id: "addModel", label: "Add a Model" }] : [line, LOG];
    }
    return [
        "No model was asked: the question is about no code that is known. Name a symbol, or ask where one stands.",
    ];
}
