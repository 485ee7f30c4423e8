import assert from "node:assert/strict";
import { test } from "node:test";

import type { Verdict } from "../../src/server/asking.ts";
import type { Candidate } from "../../src/server/candidates.ts";
import { launchOf, problemOf } from "../../src/server/choice.ts";

const PYTHON: Candidate = {
    kind: "python",
    path: "/env/bin/python",
    source: "the selected Python interpreter",
};
const COMMAND: Candidate = { kind: "command", path: "/bin/sleeplsp", source: "PATH" };

function tried(candidate: Candidate, verdict: Verdict) {
    return { candidate, verdict };
}

test("a Python is started with the module, a command by itself", () => {
    assert.deepEqual(launchOf(PYTHON).args, ["-m", "sleeplsp", "serve"]);
    assert.deepEqual(launchOf(COMMAND).args, ["serve"]);
});

test("nothing is there: it is missing", () => {
    const none = problemOf([], [], false);
    assert.equal(none.kind, "missing");
    const without = problemOf([tried(PYTHON, { kind: "absent", python: "3.12.1" })], [], false);
    assert.deepEqual(without, none);
});

test("what is there and cannot be used is told before what is missing", () => {
    const absent = tried(PYTHON, { kind: "absent", python: "3.12.1" });
    const old = tried(COMMAND, { kind: "old server", version: "0.0.1" });
    const { kind, message } = problemOf([absent, old], [], false);
    assert.equal(kind, "unusable");
    assert.match(
        message,
        /^sleeplsp 0\.0\.1 in \/bin\/sleeplsp \(PATH\) is too old: .* needs 0\.1\.0 or newer/,
    );
});

test("a Python that is too old is named, with what to do", () => {
    const { kind, message } = problemOf([tried(PYTHON, { kind: "old Python", version: "3.9.2" })], [], false);
    assert.equal(kind, "unusable");
    assert.match(message, /Python 3\.9\.2 .* 3\.11 or newer\. Select another interpreter/);
});

test("of a path that is set, what is wrong with it is told", () => {
    const named: Candidate = { ...COMMAND, source: "the setting sleeplsp.server.path" };
    const gone = problemOf([tried(named, { kind: "not there" })], [], true);
    assert.equal(gone.kind, "missing");
    assert.match(gone.message, /^There is no \/bin\/sleeplsp .* Change the setting/);
    const broken = problemOf([tried(named, { kind: "broken", reason: "it does not answer" })], [], true);
    assert.match(broken.message, /does not start as a sleeplsp server: it does not answer$/);
});

test("what lies in a workspace that is not trusted is told if nothing else is there", () => {
    assert.equal(problemOf([], [PYTHON], false).kind, "untrusted");
    const old = tried(COMMAND, { kind: "old server", version: "0.0.1" });
    assert.equal(problemOf([old], [PYTHON], false).kind, "unusable");
});
