/**
 * The ways to install a server, as commands. Pure: which tools there are is told. It must not know how a way is
 * offered, nor run anything.
 */
import type { PlatformPath } from "node:path";

import { pythonOf } from "../server/candidates.ts";

/** One way to install the server. */
export interface Way {
    readonly id: "environment" | "uv" | "pipx" | "apart";
    readonly label: string;
    readonly detail: string;
    /** What is run, one after the other. */
    readonly steps: readonly Step[];
}

/** A command and its arguments. */
export type Step = readonly [command: string, ...args: string[]];

/** What there is to install with. */
export interface Tools {
    readonly uv: string | undefined;
    readonly pipx: string | undefined;
    /** Interpreters new enough for the server that are selected in the window, or stand in the workspace. */
    readonly selected: readonly Interpreter[];
    /** A Python of the machine, new enough for the server. */
    readonly python: string | undefined;
    readonly ownEnvironment: string;
    readonly isWindows: boolean;
    readonly paths: PlatformPath;
}

/** A Python to install into. */
export interface Interpreter {
    readonly path: string;
    readonly hasPip: boolean;
}

/** Return the ways there are, the one that disturbs least first. `what` is a requirement, a folder or a URL. */
export function ways(tools: Tools, what: string): Way[] {
    return [...apart(tools, what), ...into(tools, what)];
}

function* apart(tools: Tools, what: string): Iterable<Way> {
    const { uv, pipx, python, ownEnvironment } = tools;
    if (uv !== undefined) {
        yield {
            id: "uv",
            label: "Install with uv",
            detail: "As a tool of yours, apart from all projects, with a Python that is new enough",
            // Versions that were installed before may be of another kind: a folder, another URL.
            steps: [[uv, "tool", "install", "--force", "--upgrade", "--python", ">=3.11", "--", what]],
        };
    }
    if (pipx !== undefined) {
        yield {
            id: "pipx",
            label: "Install with pipx",
            detail: "As a tool of yours, apart from all projects",
            steps: [[pipx, "install", "--force", ...(python ? ["--python", python] : []), "--", what]],
        };
    }
    if (python !== undefined) {
        const inside = pythonOf(ownEnvironment, tools);
        yield {
            id: "apart",
            label: "Install for this extension only",
            detail: `Into an environment of its own, made with ${python}`,
            steps: [
                [python, "-m", "venv", "--clear", ownEnvironment],
                [inside, "-m", "pip", "install", "--disable-pip-version-check", "--", what],
            ],
        };
    }
}

function* into({ uv, selected }: Tools, what: string): Iterable<Way> {
    for (const { path, hasPip } of selected) {
        const step: Step | undefined = hasPip
            ? [path, "-m", "pip", "install", "--upgrade", "--disable-pip-version-check", "--", what]
            : uv !== undefined
              ? [uv, "pip", "install", "--upgrade", "--python", path, "--", what]
              : undefined;
        if (step !== undefined) {
            yield {
                id: "environment",
                label: "Install into this environment",
                detail: `${path}: beside what your project needs`,
                steps: [step],
            };
        }
    }
}
