/**
 * Cases and projects kept as Markdown, so that people can read and edit them.
 *
 * A heading above code blocks is a case, and each fenced block is a part of it: a file where its info string says
 * `path=`, else whatever its first word says. The same form as `fixtures/` at the top of the repository.
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FIXTURES } from "./places.ts";

export interface Block {
    /** First word of the info string. */
    word: string;
    /** What the info string says beside that: `path=a.py`, `at="two words"`. */
    said: Record<string, string>;
    text: string;
}

export interface Case {
    name: string;
    blocks: Block[];
}

/** Read a suite of `fixtures/`; headings without blocks of their own are no cases. */
export function readSuite(file: string): Case[] {
    return parseSuite(readFileSync(join(FIXTURES, file), "utf8"), file);
}

/** Read the one case of a suite, or the one of this name. */
export function readCase(file: string, name?: string): Case {
    const found = readSuite(file).filter(each => name === undefined || each.name === name);
    const [only] = found;
    if (only === undefined || found.length > 1) {
        throw new Error(`${file}: ${found.length} cases ${name ?? ""}, and one is wanted`);
    }
    return only;
}

export function parseSuite(text: string, file: string): Case[] {
    const cases: Case[] = [];
    let block: { fence: string; lines: string[]; value: Block } | undefined;
    for (const line of text.split("\n")) {
        const fence = /^(`{3,}) *([^`]*)$/.exec(line);
        if (block !== undefined) {
            if (fence !== null && fence[1] === block.fence) {
                block.value.text = block.lines.map(each => `${each}\n`).join("");
                block = undefined;
            } else {
                block.lines.push(line);
            }
        } else if (fence !== null) {
            const last = cases.at(-1);
            if (last === undefined) {
                throw new Error(`${file}: a block above all headings`);
            }
            const value = { ...told(fence[2] ?? ""), text: "" };
            block = { fence: fence[1] ?? "", lines: [], value };
            last.blocks.push(value);
        } else if (/^#+ /.test(line)) {
            cases.push({ name: line.replace(/^#+ +/, ""), blocks: [] });
        }
    }
    if (block !== undefined) {
        throw new Error(`${file}: a block is left open`);
    }
    return cases.filter(each => each.blocks.length > 0);
}

/** Return the files of a case: their texts by path. */
export function filesOf(each: Case): Record<string, string> {
    return Object.fromEntries(
        each.blocks.flatMap(({ said, text }) => (said["path"] ? [[said["path"], text]] : [])),
    );
}

/** Return the text of the one block with this word. */
export function textOf(each: Case, word: string): string {
    const found = each.blocks.filter(block => block.word === word && block.said["path"] === undefined);
    if (found.length !== 1) {
        throw new Error(`${each.name}: ${found.length} blocks ${word}, and one is wanted`);
    }
    return found[0]?.text ?? "";
}

/** Write files into a folder. */
export function writeFiles(folder: string, files: Record<string, string>): void {
    for (const [path, text] of Object.entries(files)) {
        const place = join(folder, path);
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, text);
    }
}

function told(info: string): Omit<Block, "text"> {
    const said: Record<string, string> = {};
    for (const [, name = "", quoted, plain] of info.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)) {
        said[name] = quoted ?? plain ?? "";
    }
    return { word: /^\w*/.exec(info)?.[0] ?? "", said };
}
