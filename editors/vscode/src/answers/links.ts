/**
 * Which code spans and headings of the server's Markdown lead to a place. Only such places become links, and only we
 * make them. Pure. It must not know how a link is drawn.
 */
import { lineOf, type Place, type Range } from "../places.ts";

/** The places of a text, and what of it leads to which of them, by number. */
export interface Links {
    readonly places: readonly Place[];
    readonly codes: Readonly<Record<string, number>>;
    readonly headings: Readonly<Record<number, number>>;
}

/** A place that the server names, with what it says of it. */
export interface Location {
    readonly uri: string;
    readonly range: Range;
    readonly message: string;
}

/** `path:line` within a code span; a path that holds backquotes leads nowhere. */
const SPOT = /`([^`\n]+):(\d{1,7})`/g;

/** A heading of a report: `### Line 12: ...`, or `### name, line 12`. */
const HEADING = /^#{1,6} (?:Line (\d{1,7}): |.*, line (\d{1,7})$)/;

/** Return the links of an explanation: the code spans that name one of its locations. */
export function explanationLinks(markdown: string, locations: readonly Location[]): Links {
    const codes: Record<string, number> = {};
    for (const [, path, line] of markdown.matchAll(SPOT)) {
        const found = locations.findIndex(
            ({ uri, range }) => range.start.line + 1 === Number(line) && isAt(uri, path ?? ""),
        );
        if (found >= 0) {
            codes[`${path ?? ""}:${line ?? ""}`] = found;
        }
    }
    return { places: locations, codes, headings: {} };
}

/**
 * Return the links of a report about the file with a URI, in the folder with another: its headings, and the code
 * spans that name a line of a file in the folder.
 */
export function reportLinks(markdown: string, uri: string, folder: string | null): Links {
    const places: Place[] = [];
    const codes: Record<string, number> = {};
    const headings: Record<number, number> = {};
    const add = (place: Place): number => places.push(place) - 1;
    if (folder !== null) {
        for (const [, path, line] of markdown.matchAll(SPOT)) {
            const target = within(folder, path ?? "");
            const label = `${path ?? ""}:${line ?? ""}`;
            if (target !== undefined && !Object.hasOwn(codes, label)) {
                codes[label] = add(lineOf(target, Math.max(Number(line) - 1, 0)));
            }
        }
    }
    markdown.split("\n").forEach((text, number) => {
        const [, before, after] = HEADING.exec(text) ?? [];
        const line = before ?? after;
        if (line !== undefined) {
            headings[number] = add(lineOf(uri, Math.max(Number(line) - 1, 0)));
        }
    });
    return { places, codes, headings };
}

function isAt(uri: string, path: string): boolean {
    return path !== "" && decoded(uri).endsWith(`/${path.replace(/^\/+/, "")}`);
}

/** Return the URI of a file below a folder; undefined of a path that is none or leads out of it. */
function within(folder: string, path: string): string | undefined {
    const parts = path.split("/");
    const isInside = parts.every(part => part !== "" && part !== "." && part !== ".." && !/[:\\]/.test(part));
    return isInside ? `${folder.replace(/\/$/, "")}/${parts.map(encodeURIComponent).join("/")}` : undefined;
}

function decoded(uri: string): string {
    try {
        return decodeURIComponent(uri);
    } catch {
        return uri;
    }
}

/** Return the 0-based line of a report in which it tells of what is suspected of a 0-based line; 0 if it does not. */
export function reportLine(markdown: string, line: number): number {
    return Math.max(
        markdown.split("\n").findIndex(text => text.startsWith(`### Line ${line + 1}: `)),
        0,
    );
}
