/** Real processes: small programs in a folder that is made for each test. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, suite, test } from "node:test";

import { ask } from "../../src/server/asking.ts";
import type { Candidate } from "../../src/server/candidates.ts";
import { run } from "../../src/server/programs.ts";
import { until } from "../machine/until.ts";

let folder = "";
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sleeplsp-"));
});
afterEach(() => {
    rmSync(folder, { recursive: true });
});

/** Make a program of a shell script. */
function program(script: string, name = "sleeplsp"): string {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
}

function candidate(path: string, kind: Candidate["kind"] = "command"): Candidate {
    return { kind, path, source: "test" };
}

/** A Python that says to be of a version, and has what the script does for a sleeplsp. */
function python(version: string, script: string): Candidate {
    return candidate(
        program(`if [ "$1" = --version ]; then echo "Python ${version}"; exit; fi\n${script}`, "python"),
        "python",
    );
}

/** Tell whether a process runs; one that has ended, but that nobody has asked of, does not. */
function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
    } catch {
        return false;
    }
    const path = `/proc/${pid}/stat`;
    return !existsSync(path) || !/\) Z /.test(readFileSync(path, "utf8"));
}

suite("a command", { skip: process.platform === "win32" }, () => {
    test("says its version", async () => {
        const verdict = await ask(candidate(program("echo sleeplsp 0.2.0")), folder);
        assert.deepEqual(verdict, { kind: "usable", version: "0.2.0" });
    });

    test("is too old", async () => {
        const verdict = await ask(candidate(program("echo sleeplsp 0.0.9")), folder);
        assert.deepEqual(verdict, { kind: "old server", version: "0.0.9" });
    });

    test("is not there", async () => {
        assert.deepEqual(await ask(candidate(join(folder, "none")), folder), { kind: "not there" });
    });

    test("is no program", async () => {
        writeFileSync(join(folder, "text"), "hello");
        const verdict = await ask(candidate(join(folder, "text")), folder);
        assert.deepEqual(verdict, { kind: "broken", reason: "it is not runnable" });
    });

    test("is something else", async () => {
        const verdict = await ask(candidate(program("echo 'unknown option' >&2; exit 2")), folder);
        assert.deepEqual(verdict, { kind: "broken", reason: "unknown option" });
    });

    test("does not answer, and is ended with what it has started", async () => {
        const path = program(`sleep 600 & echo $! > ${folder}/child; wait`);
        const verdict = await ask(candidate(path), folder, 3000);
        assert.deepEqual(verdict, { kind: "broken", reason: "it does not answer" });
        const child = Number(readFileSync(join(folder, "child"), "utf8"));
        await until("what it has started is ended, too", () => !isRunning(child));
    });
});

suite("a Python", { skip: process.platform === "win32" }, () => {
    test("that is real, and has no sleeplsp", async () => {
        // -I and -S: whatever is installed or lies around here, it is not found.
        const real = candidate(program('exec python3 -I -S "$@"', "python"), "python");
        const verdict = await ask(real, folder);
        assert.equal(verdict.kind, "absent");
    });

    test("that is real, and has one", async () => {
        const site = join(folder, "site");
        mkdirSync(join(site, "sleeplsp"), { recursive: true });
        writeFileSync(join(site, "sleeplsp", "__main__.py"), 'print("sleeplsp 3.1")');
        const real = candidate(program(`PYTHONPATH=${site} exec python3 -S "$@"`, "python"), "python");
        assert.deepEqual(await ask(real, folder), { kind: "usable", version: "3.1" });
    });

    test("that is too old", async () => {
        const old = python("3.9.2", 'echo "python: No module named sleeplsp" >&2; exit 1');
        assert.deepEqual(await ask(old, folder), { kind: "old Python", version: "3.9.2" });
    });

    test("whose sleeplsp lacks something", async () => {
        const broken = python("3.12.1", 'echo "No module named pygls" >&2; exit 1');
        assert.deepEqual(await ask(broken, folder), { kind: "broken", reason: "No module named pygls" });
    });
});

suite("running a program", { skip: process.platform === "win32" }, () => {
    test("lines are told as they come, those that are painted over too", async () => {
        const lines: string[] = [];
        const ended = await run("/bin/sh", ["-c", 'printf "one\\rtwo\\r\\nthree"; printf four >&2'], {
            folder,
            limitMs: 5000,
            line: line => lines.push(line),
        });
        assert.equal(ended.code, 0);
        assert.deepEqual(lines.slice(0, 2), ["one", "two"]);
        assert.match(lines.join(""), /three.*four|four.*three/);
    });

    test("is cancelled", async () => {
        const abort = new AbortController();
        const running = run("/bin/sh", ["-c", "echo begun; sleep 600"], {
            folder,
            limitMs: 60_000,
            signal: abort.signal,
            line: () => {
                abort.abort();
            },
        });
        assert.equal((await running).failure, "cancelled");
    });

    test("was cancelled before it began", async () => {
        const signal = AbortSignal.abort();
        const ended = await run("/bin/sh", ["-c", "touch there"], { folder, limitMs: 5000, signal });
        assert.equal(ended.failure, "cancelled");
    });
});
