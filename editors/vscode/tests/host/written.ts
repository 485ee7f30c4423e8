/**
 * Cases that are written in Markdown: files, one of which may hold the cursor `$0`, and what is asked there.
 *
 * The first word of a block says what, its text what is expected: the lines that `answers.ts` makes of the answer.
 * Within a line `…` stands for anything; a line of it alone, for any lines.
 */

import { Position, type TextDocument } from "vscode";
import type { Block } from "../machine/suites.ts";
import { until } from "../machine/until.ts";
import { ANSWERS } from "./answers.ts";
import type { HostCase } from "./main.ts";
import type { Written } from "./order.ts";
import type { Ours } from "./ours.ts";
import { settled, show, uriOf } from "./place.ts";

/** Where something is asked. */
export interface Asked {
    folder: string;
    /** Paths of all files of the case. */
    paths: string[];
    document: TextDocument;
    position: Position;
    said: Record<string, string>;
}

/** Return a case that was written as one that can be run. */
export function written({ folder, case: one }: Written): HostCase {
    return {
        name: one.name,
        run: async ours => {
            for (const block of one.blocks.filter(each => each.word in ANSWERS)) {
                await ask(ours, folder, one.blocks, block);
            }
        },
    };
}

async function ask(ours: Ours, folder: string, blocks: Block[], block: Block): Promise<void> {
    const files = blocks.filter(each => each.said["path"] !== undefined);
    const at = files.find(each => each.text.includes("$0")) ?? files[0];
    const answer = ANSWERS[block.word];
    if (at === undefined || answer === undefined) {
        throw new Error("nothing is asked");
    }
    const paths = files.map(each => `${folder}/${each.said["path"] ?? ""}`);
    const document = await show(`${folder}/${at.said["path"] ?? ""}`);
    const before = at.text.slice(0, Math.max(at.text.indexOf("$0"), 0)).split("\n");
    const position = new Position(before.length - 1, before.at(-1)?.length ?? 0);
    await settled(ours);
    let told = "";
    try {
        await until(
            `what is expected of ${block.word}`,
            async () => {
                const lines = await answer({
                    folder: uriOf(folder).path,
                    paths,
                    document,
                    position,
                    said: block.said,
                });
                told = lines.map(each => `${each}\n`).join("");
                return fits(block.text, told);
            },
            3_000,
        );
    } catch (error) {
        throw new Error(`expected:\n${block.text}but it is:\n${told}`, { cause: (error as Error).cause });
    }
}

/** Tell whether a text is what a pattern says. */
export function fits(pattern: string, text: string): boolean {
    const lines = pattern.split("\n").map(line =>
        line === "…"
            ? "(?:.*\n)*?"
            : `${line
                  .split("…")
                  .map(each => each.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
                  .join(".*")}\n`,
    );
    // The last line of a pattern is empty: it ends with a line's end.
    return new RegExp(`^${lines.slice(0, -1).join("")}$`).test(text);
}
