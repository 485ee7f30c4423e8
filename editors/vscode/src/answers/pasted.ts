/**
 * Text that was copied from a terminal or a test, made ready to be read as a traceback. Pure. It must not know where
 * it came from.
 */

/** Characters that are sent: of a longer text the end, where the last traceback stands. */
export const CHARACTERS_MAX = 500_000;

/** Colours, cursor movements, links and titles, as terminals are told of them. */
const ESCAPES = new RegExp(
    [
        "\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)", // a title or a link, up to its end
        "[\\u001b\\u009b][[()#;?]*(?:\\d{1,4}(?:[;:]\\d{0,4})*)?[\\dA-PR-TZcf-nq-uy=><~]",
        "\\u001b[@-Z\\\\-_]",
    ].join("|"),
    "g",
);

/** What is left of controls; tabs and ends of lines are none. */
const CONTROLS = new RegExp("[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]", "g");

/** What a traceback has, and hardly any other text. */
const TRACES = [
    /^\s*(?:\+ )?(?:Exception Group )?Traceback \(most recent call last\)/m,
    /^\s*(?:[|+] *)*File "[^"]+", line \d+/m,
    /^E {3,}\S/m,
    /^\S[^:\n]*\.py:\d+: (?:in \S|[A-Z]\w*)/m,
];

/** Return text as it would be in a file: without colours and controls, the end of one that is too long. */
export function cleaned(text: string): string {
    const flat = text
        .replace(ESCAPES, "")
        // A line that was written over says what was written last.
        .replace(/\r+\n/g, "\n")
        .replace(/^.*\r(?!$)/gm, "")
        .replace(CONTROLS, "");
    return flat.length > CHARACTERS_MAX ? flat.slice(-CHARACTERS_MAX) : flat;
}

/** Tell whether a text seems to hold a traceback; only a hint, the server knows. */
export function seemsTraceback(text: string): boolean {
    return TRACES.some(each => each.test(text));
}
