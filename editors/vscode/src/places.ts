/** Places in files, as they travel between the server and us. It must not know VS Code. */

/** Line and UTF-16 column, from 0. */
export interface Position {
    readonly line: number;
    readonly character: number;
}

/** See above. */
export interface Range {
    readonly start: Position;
    readonly end: Position;
}

/** A range in a file. */
export interface Place {
    readonly uri: string;
    readonly range: Range;
}

/** Return the beginning of a line, counted from 0. */
export function lineOf(uri: string, line: number): Place {
    const start = { line, character: 0 };
    return { uri, range: { start, end: start } };
}
