/** What the status bar says of the server and of what it thinks about. Pure: from states to text. */
import type { Status } from "../server/protocol.ts";
import type { ServerState } from "../server/state.ts";
import { brief } from "../verification/words.ts";
import { escaped } from "./markdown.ts";

/** What the status bar shows. */
export interface Shown {
    /** One of VS Code's icons. */
    readonly icon: string;
    readonly text: string;
    /** Markdown, one line each. */
    readonly lines: readonly string[];
    readonly isWarning: boolean;
}

/** Return what is shown. `isTrusted`: the workspace is, else no model is asked. */
export function shown(state: ServerState, statuses: readonly Status[], isTrusted: boolean): Shown {
    const found = state.kind === "running" ? thinking(statuses) : named(absent(state));
    const lines = [...found.lines];
    if (state.kind === "running") {
        lines.push(...statuses.flatMap(folder => folderLines(folder, statuses.length > 1)));
        lines.push(`sleeplsp ${escaped(state.version)} of ${escaped(state.launch.source)}`);
    }
    if (!isTrusted) {
        lines.push("The workspace is not trusted: nothing in it is started, and no language model is asked.");
    }
    return { ...found, lines };
}

/** Return the module and the cause of what a folder is thought about for, in a few words. */
export function thought(status: Status): string {
    const [module, ...others] = status.about;
    const name = module?.split("/").at(-1) ?? status.name;
    const more = others.length > 0 ? ` +${others.length}` : "";
    const far = status.done !== null && status.total !== null ? ` ${status.done}/${status.total}` : "";
    return `${name}${more}${far}${status.cause === null ? "" : ` · ${status.cause}`}`;
}

/** Tell whether claims are being tested by running code. */
export function isTesting(status: Status): boolean {
    return status.state === "thinking" && status.stage === "verifying";
}

/** Tell why a language model does not think though it should, or undefined. */
export function hindrance(status: Status): "budget spent" | "endpoint failing" | undefined {
    if (status.budget?.isSpent || status.model?.isCapped) {
        return "budget spent";
    }
    return status.model?.stopped ? "endpoint failing" : undefined;
}

/** Return what is shown of a state that is none of the usual: among other items, it says whose it is. */
function named(found: Shown): Shown {
    return { ...found, text: `sleeplsp: ${found.text}` };
}

function absent(state: Exclude<ServerState, { kind: "running" }>): Shown {
    const quiet = { isWarning: false, lines: [] };
    switch (state.kind) {
        case "looking":
            return { ...quiet, icon: "search", text: "looking for its server" };
        case "starting":
            return { ...quiet, icon: "sync~spin", text: "starting" };
        case "stopped":
            return { ...quiet, icon: "circle-slash", text: "not running" };
        case "problem":
            return {
                icon: "warning",
                text: { missing: "not installed", unusable: "not running", untrusted: "not trusted" }[
                    state.problem.kind
                ],
                lines: [escaped(state.problem.message)],
                isWarning: state.problem.kind === "unusable",
            };
        case "restarting":
            return {
                icon: "sync",
                text: "starting again",
                lines: [`The server has ended: ${escaped(state.reason)}`],
                isWarning: true,
            };
        case "failed":
            return {
                icon: "error",
                text: "not running",
                lines: [`The server has ended too often: ${escaped(state.reason)}`],
                isWarning: true,
            };
    }
}

function thinking(statuses: readonly Status[]): Shown {
    const of = (name: Status["state"]) => statuses.find(each => each.state === name);
    const quiet = { isWarning: false, lines: [] };
    const busy = of("thinking");
    if (busy !== undefined) {
        const text = isTesting(busy) ? `testing ${thought(busy)}` : thought(busy);
        return { ...quiet, icon: isTesting(busy) ? "beaker" : "sync~spin", text };
    }
    // One folder that is paused by itself leaves the others awake.
    const arePaused = statuses.length > 0 && statuses.every(each => each.state === "paused");
    const hindered = statuses.map(hindrance).find(each => each !== undefined);
    if (hindered !== undefined) {
        const icon = hindered === "budget spent" ? "credit-card" : "warning";
        return named({
            ...quiet,
            icon: arePaused ? "debug-pause" : icon,
            text: arePaused ? `paused, ${hindered}` : hindered,
            isWarning: hindered === "endpoint failing",
        });
    }
    if (of("waiting") !== undefined) {
        return { ...quiet, icon: "watch", text: "waiting" };
    }
    if (arePaused) {
        return { ...quiet, icon: "debug-pause", text: "paused" };
    }
    return { ...quiet, icon: "eye-closed", text: "asleep" };
}

function folderLines(status: Status, isNamed: boolean): string[] {
    const name = isNamed ? `**${escaped(status.name)}**: ` : "";
    const what = {
        thinking: `${isTesting(status) ? "testing" : "thinking about"} ${escaped(thought(status))}`,
        waiting: `waiting: ${escaped(status.waitingFor ?? "")}`,
        paused: "paused",
        asleep: "asleep",
    }[status.state];
    const lines = [`${name}${what}`];
    if (status.model?.stopped) {
        lines.push(`The language model stopped: ${escaped(status.model.stopped)}`);
    }
    if (status.verification) {
        lines.push(`Testing claims: ${escaped(brief(status.verification))}`);
    }
    if (status.budget !== null) {
        const { tokensToday, tokensDayMax } = status.budget;
        lines.push(
            `Tokens today: ${tokensToday.toLocaleString("en")} of ${tokensDayMax.toLocaleString("en")}`,
        );
    }
    if (status.lastFailure !== null && status.lastSuccess === null) {
        lines.push(`The last run failed: ${escaped(status.lastFailure.reason)}`);
    }
    return lines;
}
