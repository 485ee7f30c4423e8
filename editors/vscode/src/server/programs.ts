/**
 * Running a program to its end and keeping what it printed. It must not know what the program is for. Nothing goes
 * through a shell, and no program is looked for in the folder it is started in.
 */
import { type ChildProcess, spawn } from "node:child_process";

/** What a program came to. */
export interface Ended {
    /** null if it was ended by a signal, or never began. */
    readonly code: number | null;
    readonly output: string;
    /** Why it never began, or was ended by us. */
    readonly failure?: "not found" | "not runnable" | "too slow" | "cancelled";
}

/** How a program is run. */
export interface Running {
    readonly folder: string;
    readonly limitMs: number;
    readonly environment?: NodeJS.ProcessEnv;
    /** Told of what it prints, line by line. */
    readonly line?: (line: string) => void;
    readonly signal?: AbortSignal;
}

const CHARACTERS_MAX = 64 * 1024;

/** Run a program; never rejects. */
export async function run(command: string, args: readonly string[], how: Running): Promise<Ended> {
    if (how.signal?.aborted) {
        return { code: null, output: "", failure: "cancelled" };
    }
    let output = "";
    let failure: Ended["failure"];
    const child = spawn(command, args, {
        cwd: how.folder,
        env: how.environment ?? process.env,
        stdio: ["ignore", "pipe", "pipe"],
        windowsHide: true,
        // A group of its own, so that what it starts ends with it.
        detached: process.platform !== "win32",
    });
    const stop = (why: Ended["failure"]) => {
        failure ??= why;
        end(child);
    };
    const cancel = () => {
        stop("cancelled");
    };
    const timer = setTimeout(() => {
        stop("too slow");
    }, how.limitMs);
    how.signal?.addEventListener("abort", cancel, { once: true });
    const lines = new Lines(how.line ?? (() => undefined));
    for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
            output = (output + text).slice(-CHARACTERS_MAX);
            lines.take(text);
        });
    }
    const code = await new Promise<number | null>(resolve => {
        child.once("error", error => {
            failure ??= (error as NodeJS.ErrnoException).code === "ENOENT" ? "not found" : "not runnable";
            resolve(null);
        });
        child.once("close", resolve);
        // Something it started may hold its output open for good.
        child.once("exit", ended => setTimeout(resolve, 500, ended));
    });
    clearTimeout(timer);
    how.signal?.removeEventListener("abort", cancel);
    lines.finish();
    return { code: failure === undefined ? code : null, output, ...(failure && { failure }) };
}

/** End a process and all it has started. */
export function end(child: ChildProcess): void {
    if (child.pid === undefined || child.exitCode !== null) {
        return;
    }
    if (process.platform === "win32") {
        spawn("taskkill", ["/T", "/F", "/PID", String(child.pid)], { stdio: "ignore", windowsHide: true });
        return;
    }
    try {
        process.kill(-child.pid, "SIGKILL");
    } catch {
        child.kill("SIGKILL"); // it has just ended, or has no group
    }
}

/** Cuts a stream of text into lines; a carriage return, with which progress is painted over, ends one, too. */
export class Lines {
    private rest = "";
    private readonly tell: (line: string) => void;

    constructor(tell: (line: string) => void) {
        this.tell = tell;
    }

    take(text: string): void {
        const parts = (this.rest + text).split(/[\r\n]+/);
        this.rest = parts.pop() ?? "";
        parts.filter(part => part !== "").forEach(this.tell);
    }

    finish(): void {
        if (this.rest !== "") {
            this.tell(this.rest);
            this.rest = "";
        }
    }
}
