/**
 * Asks a candidate whether it is a server of use: it is run with `--version`. It must not know where candidates come
 * from. They are started in a folder of ours, since Python imports from the folder it is started in.
 */
import type { Candidate } from "./candidates.ts";
import { type Ended, run } from "./programs.ts";
import { PYTHON_MIN, SERVER_MIN, isOlder, pythonVersion, serverVersion } from "./versions.ts";

/** What a candidate turned out to be. */
export type Verdict =
    | { readonly kind: "usable"; readonly version: string }
    /** A Python that does not have it. */
    | { readonly kind: "absent"; readonly python: string }
    | { readonly kind: "old server"; readonly version: string }
    | { readonly kind: "old Python"; readonly version: string }
    | { readonly kind: "not there" }
    | { readonly kind: "broken"; readonly reason: string };

/** Milliseconds a candidate may take; on a slow disk, the first start of a Python takes seconds. */
export const ASK_MS = 15_000;

/** Return the arguments with which a candidate is run as sleeplsp. */
export function argumentsOf(candidate: Candidate): string[] {
    return candidate.kind === "python" ? ["-m", "sleeplsp"] : [];
}

/** Ask a candidate; `folder` is where it is started. */
export async function ask(candidate: Candidate, folder: string, limitMs = ASK_MS): Promise<Verdict> {
    const how = { folder, limitMs };
    const said = await run(candidate.path, [...argumentsOf(candidate), "--version"], how);
    const version = said.code === 0 ? serverVersion(said.output) : undefined;
    if (version !== undefined) {
        return isOlder(version, SERVER_MIN) ? { kind: "old server", version } : { kind: "usable", version };
    }
    if (said.failure === "not found") {
        return { kind: "not there" };
    }
    if (candidate.kind === "command" || said.failure !== undefined) {
        return { kind: "broken", reason: reasonOf(said) };
    }
    const python = pythonVersion((await run(candidate.path, ["--version"], how)).output);
    if (python !== undefined && isOlder(python, PYTHON_MIN)) {
        return { kind: "old Python", version: python };
    }
    if (python !== undefined && /No module named '?sleeplsp'?\s*$/m.test(said.output)) {
        return { kind: "absent", python };
    }
    return { kind: "broken", reason: reasonOf(said) };
}

function reasonOf(said: Ended): string {
    if (said.failure !== undefined) {
        return said.failure === "too slow" ? "it does not answer" : `it is ${said.failure}`;
    }
    const last = said.output.trimEnd().split("\n").at(-1) ?? "";
    return last === "" ? `it ended with code ${said.code ?? "?"}` : last.slice(0, 200);
}
