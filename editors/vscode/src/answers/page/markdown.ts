/**
 * Markdown read into elements, of which there are only those listed here: no links, no images, no HTML, whatever
 * the text says; it says them as text. Pure. It must not know how elements are drawn.
 */
import { Marked, type MarkedToken, type Token } from "marked";

/** An element: its tag, and for those of the top level the 0-based line it begins in. */
export interface Element {
    readonly tag: Tag;
    readonly children: readonly Child[];
    readonly line?: number;
    /** The number an ordered list begins with. */
    readonly start?: number;
}

/** See above. */
export type Child = Element | string;

/** See above. */
export type Tag =
    | "h1"
    | "h2"
    | "h3"
    | "h4"
    | "h5"
    | "h6"
    | "p"
    | "ul"
    | "ol"
    | "li"
    | "blockquote"
    | "pre"
    | "hr"
    | "strong"
    | "em"
    | "code"
    | "br";

/** Without the additions of GitHub's, which make links of what looks like an address. */
const READER = new Marked({ gfm: false });

/** Return the elements of a text, from top to bottom. */
export function elements(markdown: string): Element[] {
    const found: Element[] = [];
    let line = 0;
    for (const token of READER.lexer(markdown)) {
        for (const child of read(token)) {
            found.push(
                typeof child === "string" ? { tag: "p", children: [child], line } : { ...child, line },
            );
        }
        line += token.raw.split("\n").length - 1;
    }
    return found;
}

function all(tokens: readonly Token[] | undefined): Child[] {
    return (tokens ?? []).flatMap(read);
}

function read(given: Token): Child[] {
    const token = given as MarkedToken;
    switch (token.type) {
        case "space":
            return [];
        case "heading":
            return [{ tag: `h${token.depth}` as Tag, children: all(token.tokens) }];
        case "paragraph":
            return [{ tag: "p", children: all(token.tokens) }];
        case "blockquote":
            return [{ tag: "blockquote", children: all(token.tokens) }];
        case "list": {
            const children = token.items.map(each => ({ tag: "li" as const, children: all(each.tokens) }));
            return token.ordered
                ? [{ tag: "ol", children, start: Number(token.start) }]
                : [{ tag: "ul", children }];
        }
        case "code":
            return [{ tag: "pre", children: [token.text] }];
        case "hr":
        case "br":
            return [{ tag: token.type, children: [] }];
        case "strong":
        case "em":
            return [{ tag: token.type, children: all(token.tokens) }];
        case "codespan":
            return [{ tag: "code", children: [token.text] }];
        case "escape":
            return [token.text];
        case "text":
            return token.tokens === undefined ? [token.text] : all(token.tokens);
        default:
            return [token.raw];
    }
}
