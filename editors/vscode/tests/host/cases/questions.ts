/** What somebody asks the server for by commands: answers, causes, reports, how it stands. */

import { commands, extensions } from "vscode";
import { until } from "../../machine/until.ts";
import type { HostCase } from "../main.ts";
import type { Overview } from "../ours.ts";
import { settled, show, uriOf } from "../place.ts";

const TRACEBACK = `Traceback (most recent call last):
  File "/srv/app/shop/label.py", line 5, in label
    return "für 😀 nur " + price(name).upper()
AttributeError: 'NoneType' object has no attribute 'upper'
`;

interface Reply {
    answer: string | null;
    source?: string;
    tokens?: number;
}

interface Explanation {
    markdown: string;
    certainty: string;
    locations: { uri: string; range: { start: { line: number; character: number } } }[];
}

export const cases: HostCase[] = [
    {
        name: "a question that was deduced is answered without a token",
        run: async ours => {
            await show("shop/prices.py");
            const args = [uriOf("shop/prices.py").toString(), [3, 5], "Can price return None?"];
            const reply = await ours.servers.execute<Reply>("sleeplsp.ask", args);
            check(reply.source === "deduced" && reply.tokens === 0, reply);
        },
    },
    {
        name: "a question that nothing answers is not made up",
        run: async ours => {
            const args = [uriOf("shop/prices.py").toString(), null, "Who wrote this on a Sunday?"];
            const reply = await ours.servers.execute<Reply>("sleeplsp.ask", args);
            check(reply.answer === null, reply);
        },
    },
    {
        name: "a traceback leads to its cause, in UTF-16 columns",
        run: async ours => {
            await commands.executeCommand("workbench.action.closeAllEditors");
            const found = await ours.servers.execute<Explanation>("sleeplsp.why", [TRACEBACK]);
            const places = found.locations.map(({ uri, range: { start } }) => {
                return `${uri.split("/").slice(-2).join("/")}:${start.line}:${start.character}`;
            });
            check(places.slice(0, 2).join(" ") === "shop/label.py:4:27 shop/prices.py:4:11", found);
        },
    },
    {
        name: "a text without a traceback is refused",
        run: async ours => {
            const refused = await ours.servers.execute("sleeplsp.why", ["hello"]).then(
                () => false,
                () => true,
            );
            check(refused, "it was answered");
        },
    },
    {
        name: "the overview counts what is not open, too",
        run: async ours => {
            await settled(ours);
            const { roots } = await ours.servers.execute<Overview>("sleeplsp.overview");
            const found = roots
                .flatMap(each => each.suspicions)
                .filter(each => each.path === "shop/label.py");
            check(
                found
                    .map(each => each.check)
                    .sort()
                    .join() === "literal-identity,none-dereference",
                found,
            );
        },
    },
    {
        name: "thinking is paused and resumed by commands",
        run: async ours => {
            const state = () => ours.servers.statuses[0]?.state;
            await commands.executeCommand("sleeplsp.pauseThinking");
            await until("it is paused", () => state() === "paused");
            await commands.executeCommand("sleeplsp.resumeThinking");
            await until("it goes on", () => state() !== "paused");
            await settled(ours);
        },
    },
    {
        name: "a file is thought about again when somebody wants it",
        run: async ours => {
            await show("shop/prices.py");
            const before = ours.servers.statuses[0]?.lastSuccess?.at;
            const runs = () => ours.servers.statuses[0]?.lastSuccess;
            await commands.executeCommand("sleeplsp.thinkAgain");
            await until("another run", () => {
                const last = runs();
                return last?.cause.includes("asked") === true && (before === undefined || last.at >= before);
            });
        },
    },
    {
        name: "every command that is offered is there",
        run: async () => {
            const extension = extensions.getExtension("sleeplsp.sleeplsp");
            const { contributes } = extension?.packageJSON as {
                contributes: { commands: { command: string }[] };
            };
            const known = new Set(await commands.getCommands(true));
            const missing = contributes.commands.map(each => each.command).filter(each => !known.has(each));
            check(missing.length === 0, missing);
        },
    },
];

function check(holds: boolean, found: unknown): void {
    if (!holds) {
        throw new Error(JSON.stringify(found, undefined, 2));
    }
}
