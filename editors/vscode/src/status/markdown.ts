/** Text as Markdown that shows it as it is: what comes from a repository must not become a link or an image. */

/** Return text with everything escaped that Markdown or HTML would take for more than text; on one line. */
export function escaped(text: string): string {
    return (
        text
            .replace(/\s+/g, " ")
            .replace(/[\\`*_{}[\]()#+\-.!|~$]/g, "\\$&")
            .replace(/&/g, "&amp;")
            .replace(/</g, "&lt;")
            .replace(/>/g, "&gt;")
            // Without them, addresses become no links.
            .replace(/:/g, "&#58;")
            .replace(/@/g, "&#64;")
    );
}
