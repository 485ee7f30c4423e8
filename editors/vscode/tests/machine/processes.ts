/**
 * Processes that a test starts: each in a group of its own, ended as one.
 *
 * All of them, and what they start, carry a mark in their environment, so that what is left can be told from
 * anybody else's processes even if it has left its group.
 */

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, readdirSync } from "node:fs";
import { until } from "./until.ts";

/** Not a name that begins with ours: the server would take it for a setting. */
const MARK = "EDITOR_TEST_RUN";
const END_MS = 10_000;

/** The mark of this run: the first process draws it, those it starts inherit it. */
export const mark: Record<string, string> = { [MARK]: process.env[MARK] ?? crypto.randomUUID() };
process.env[MARK] = mark[MARK];

export class Group {
    readonly process: ChildProcess;
    private readonly name: string;
    private ended: Promise<void>;

    private constructor(name: string, child: ChildProcess) {
        this.name = name;
        this.process = child;
        this.ended = new Promise(resolve => child.once("exit", () => resolve()));
    }

    /** Start a process; what it prints goes into the file `log`. `env` is all of its environment but the mark. */
    static start(name: string, command: string[], options: GroupOptions): Group {
        const log = openSync(options.log, "a");
        const [program = "", ...args] = command;
        const child = spawn(program, args, {
            cwd: options.cwd,
            env: { ...options.env, ...mark },
            detached: true,
            stdio: ["ignore", log, log],
        });
        closeSync(log);
        child.once("error", () => undefined);
        return new Group(name, child);
    }

    get isRunning(): boolean {
        return (
            this.process.pid !== undefined &&
            this.process.exitCode === null &&
            this.process.signalCode === null
        );
    }

    /** Ask the first process of the group to end; return once it has. The others are expected to follow. */
    async end(): Promise<void> {
        if (this.isRunning) {
            this.process.kill("SIGTERM");
            await until(`the end of ${this.name}`, () => !this.isRunning, END_MS).catch(() => this.kill());
        }
        await this.ended;
    }

    /** End all of it at once. */
    kill(): void {
        if (this.process.pid !== undefined) {
            signal(-this.process.pid, "SIGKILL");
        }
    }
}

export interface GroupOptions {
    log: string;
    env: Record<string, string>;
    cwd?: string;
}

export interface Running {
    id: number;
    command: string;
}

/** Return the processes of this run that are alive, but for this one and those it descends from; Linux only. */
export function running(): Running[] {
    const own = new Set(ancestors());
    return everyProcess()
        .filter(id => !own.has(id) && isMarked(id))
        .map(id => ({ id, command: commandOf(id) }))
        .filter(each => each.command !== "");
}

/** Return those that are the server's: itself, what it has started, and endpoints. */
export function ours(): Running[] {
    return running().filter(each => / -m sleeplsp\b/.test(each.command));
}

/** Return the servers that editors have started. */
export function servers(): Running[] {
    return ours().filter(each => /sleeplsp serve\b/.test(each.command));
}

/** End one process at once. */
export function kill(id: number): void {
    signal(id, "SIGKILL");
}

/** End what is left of this run. */
export function sweep(): Running[] {
    const left = running();
    for (const each of left) {
        signal(each.id, "SIGKILL");
    }
    return left;
}

/** Run a command to its end; return what it printed. Throws with its output where it fails. */
export function run(command: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): string {
    const [program = "", ...args] = command;
    const done = spawnSync(program, args, { ...options, encoding: "utf8", maxBuffer: 1 << 26 });
    if (done.error !== undefined || done.status !== 0) {
        const printed = `${done.stdout ?? ""}${done.stderr ?? ""}`.trim().split("\n").slice(-15).join("\n");
        throw new Error(`${command.join(" ")} failed: ${done.error?.message ?? ""}\n${printed}`);
    }
    return done.stdout;
}

function signal(id: number, name: NodeJS.Signals): void {
    try {
        process.kill(id, name);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
            throw error;
        }
    }
}

function everyProcess(): number[] {
    if (process.platform !== "linux") {
        return [];
    }
    return readdirSync("/proc")
        .filter(each => /^\d+$/.test(each))
        .map(Number);
}

function isMarked(id: number): boolean {
    return readProc(id, "environ").split("\0").includes(`${MARK}=${mark[MARK]}`);
}

function commandOf(id: number): string {
    return readProc(id, "cmdline").split("\0").join(" ").trim();
}

function ancestors(): number[] {
    const found: number[] = [];
    for (let id = process.pid; id > 1 && process.platform === "linux";) {
        found.push(id);
        id = Number(/\) \S+ (\d+)/.exec(readProc(id, "stat"))?.[1] ?? 0);
    }
    return found;
}

function readProc(id: number, file: string): string {
    try {
        return readFileSync(`/proc/${id}/${file}`, "utf8");
    } catch {
        return ""; // it has ended, or is somebody else's
    }
}
