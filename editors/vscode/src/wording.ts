/**
 * Sentences of the server and of a model, made ready to be shown: in them, what stands between two backquotes is
 * code, and everything else stands for itself. It must not know where they are shown.
 */

const SPAN = /`([^`]*)`/;

/** What would be Markdown, HTML, or (in editors that look for addresses) a link. */
const SPECIAL = /[\\`*_[\]<>&|~$!(){}#+=-]|:(?=\/\/)|(?<=www)\.|(?<=\w)@(?=\w)|(?<=^\d+)[.)]/gi;

/** Controls, and marks that turn the order in which text is read. */
const UNSEEN = new RegExp(
    "[\\u0000-\\u0008\\u000e-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
    "g",
);

/** Return text on one line, of characters that are seen. */
export function oneLine(text: string): string {
    return text.replace(UNSEEN, "\ufffd").split(/\s+/).filter(Boolean).join(" ");
}

/** Return a code span of any text: its fence is longer than every run of backquotes in it. */
export function code(text: string): string {
    const flat = oneLine(text) || " ";
    const longest = Math.max(0, ...Array.from(flat.matchAll(/`+/g), each => each[0].length));
    const fence = "`".repeat(longest + 1);
    const padding = flat.startsWith("`") || flat.endsWith("`") ? " " : "";
    return fence + padding + flat + padding + fence;
}

/** Return text as Markdown in which every character stands for itself. */
export function plain(text: string): string {
    return oneLine(text).replace(SPECIAL, found => `\\${found}`);
}

/** Return the parts of a sentence in turn: text, code, text, and so on. */
export function parts(text: string): string[] {
    return oneLine(text).split(SPAN);
}

/** Return a sentence as Markdown. */
export function sentence(text: string): string {
    return parts(text)
        .map((part, number) => (number % 2 === 1 ? code(part) : part.replace(SPECIAL, found => `\\${found}`)))
        .join("");
}

/** Return a sentence for where Markdown is not read: without its backquotes. */
export function unmarked(text: string): string {
    return oneLine(text).replace(/`([^`]*)`/g, "$1");
}

/** Return a number with its thing: `1 file`, `2 files`. */
export function count(number: number, thing: string): string {
    return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
