/** The status of all folders as a Markdown page. Pure. */
import type { Status } from "../server/protocol.ts";
import type { ServerState } from "../server/state.ts";
import { escaped } from "./markdown.ts";
import { brief } from "../verification/words.ts";
import { hindrance, isTesting, thought } from "./text.ts";

/** Return the page. `failure` is why nothing could be asked. */
export function statusPage(statuses: readonly Status[], state: ServerState, failure?: string): string {
    const parts = ["# sleeplsp", server(state)];
    if (failure !== undefined) {
        parts.push(`Nothing can be told: ${escaped(failure)}.`);
    }
    return [...parts, ...statuses.flatMap(each => [...folder(each)])].join("\n\n") + "\n";
}

function server(state: ServerState): string {
    if (state.kind !== "running") {
        return state.kind === "problem" ? escaped(state.problem.message) : `The server: ${state.kind}.`;
    }
    const { launch, version, pid } = state;
    return `Version ${escaped(version)}, process ${pid}, \`${launch.command.replaceAll("`", "'")}\` (${escaped(launch.source)}).`;
}

function* folder(status: Status): Iterable<string> {
    yield `## ${escaped(status.name)}`;
    yield now(status);
    yield* [last(status), model(status), testing(status)].filter(text => text !== "");
    if (status.failed.length > 0) {
        const lines = status.failed.map(each => `- ${escaped(each.path)}: ${escaped(each.reason)}`);
        yield `### Failed\n\n${lines.join("\n")}`;
    }
    const left = Object.entries(status.leftOut);
    if (left.length > 0) {
        yield `### Left out\n\n${left.map(([why, count]) => `- ${escaped(why)}: ${count}`).join("\n")}`;
    }
    if (status.funnel.length > 0) {
        yield `### Suspicions\n\n${table(
            ["Check", "Made", "Shown", "Acted on", "Fix applied", "Ignored", "Mended"],
            status.funnel.map(each => [
                each.check,
                each.made,
                each.shown,
                each.acted,
                each.applied,
                each.ignored,
                each.mended,
            ]),
        )}`;
    }
}

function now(status: Status): string {
    switch (status.state) {
        case "thinking":
            if (isTesting(status)) {
                return `Testing claims by running code: ${escaped(thought(status))}.`;
            }
            return `Thinking about ${escaped(thought(status))}${status.stage === null ? "" : `: ${escaped(status.stage)}`}.`;
        case "waiting":
            return `Waiting: ${escaped(status.waitingFor ?? "")}.`;
        case "paused":
            return "Paused: nothing is thought about until it is resumed.";
        case "asleep":
            return "Asleep: nothing waits to be thought about.";
    }
}

function last({ lastSuccess, lastFailure }: Status): string {
    const lines: string[] = [];
    if (lastSuccess !== null) {
        const { at, who, cause, modules, deduced, kept, failed, seconds } = lastSuccess;
        lines.push(
            `- Last run: ${escaped(moment(at))}, by ${escaped(who)} (${escaped(cause)}): ${modules} modules, ${deduced} deduced, ` +
                `${kept} known before, ${failed} failed, ${seconds} s`,
        );
    }
    if (lastFailure !== null) {
        lines.push(
            `- Last failure: ${escaped(moment(lastFailure.at))} (${escaped(lastFailure.cause)}): ${escaped(lastFailure.reason)}`,
        );
    }
    return lines.join("\n");
}

function model(status: Status): string {
    const { budget, model: of } = status;
    const lines: string[] = [];
    if (of !== null) {
        const tokens = of.promptTokens + of.completionTokens;
        lines.push(
            `- ${escaped(of.name)}: ${of.known} modules known, ${of.left} left, ${of.calls} calls, ${count(tokens)} tokens`,
        );
        if (!of.isTrusted) {
            lines.push("- Much of what it claims is plainly wrong: only what generations agree on is told");
        }
        lines.push(
            ...(of.stopped === null
                ? []
                : [`- It stopped (${hindrance(status) ?? "early"}): ${escaped(of.stopped)}`]),
        );
        lines.push(...of.failed.map(each => `- No use for ${escaped(each.path)}: ${escaped(each.reason)}`));
    }
    if (budget !== null) {
        lines.push(`- Tokens today: ${count(budget.tokensToday)} of ${count(budget.tokensDayMax)}`);
        if (budget.costDayMax !== null) {
            lines.push(`- Cost today: ${budget.costToday} of ${budget.costDayMax}`);
        }
    }
    return lines.length === 0 ? "" : `### Language model\n\n${lines.join("\n")}`;
}

function testing({ verification }: Status): string {
    if (!verification) {
        return "";
    }
    const lines = [`- Testing claims by running code: ${escaped(brief(verification))}`];
    if (verification.state === "off" && verification.waiting > 0) {
        lines.push("- *Test Claims by Running Code…*, in the menu and among the commands, allows it here");
    }
    return `### Claims that can be tested\n\n${lines.join("\n")}`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
    const row = (cells: readonly (string | number)[]) =>
        `| ${cells.map(each => escaped(String(each))).join(" | ")} |`;
    return [row(head), `|${"---|".repeat(head.length)}`, ...rows.map(row)].join("\n");
}

/** Return a moment as the server tells it, in UTC, for people. */
function moment(at: string): string {
    return at.replace("T", " ").replace("+00:00", " UTC");
}

function count(number: number): string {
    return number.toLocaleString("en");
}
