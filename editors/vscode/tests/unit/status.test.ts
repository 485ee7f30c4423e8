import assert from "node:assert/strict";
import { suite, test } from "node:test";

import type { Budget, Model, Status, Verification } from "../../src/server/protocol.ts";
import type { Launch, ServerState } from "../../src/server/state.ts";
import { escaped } from "../../src/status/markdown.ts";
import { statusPage } from "../../src/status/page.ts";
import { shown } from "../../src/status/text.ts";

const LAUNCH: Launch = { command: "/bin/sleeplsp", args: ["serve"], source: "PATH" };
const RUNNING: ServerState = { kind: "running", launch: LAUNCH, version: "0.1.0", pid: 42 };
const ASLEEP: Status = {
    root: "file:///srv/app",
    name: "app",
    state: "asleep",
    cause: null,
    about: [],
    waitingFor: null,
    stage: null,
    done: null,
    total: null,
    lastSuccess: null,
    lastFailure: null,
    failed: [],
    leftOut: {},
    budget: null,
    model: null,
    funnel: [],
};
const BUDGET: Budget = {
    tokensDayMax: 2_000_000,
    tokensToday: 1500,
    tokensLeft: 1_998_500,
    costDayMax: null,
    costToday: 0,
    isSpent: false,
};
const MODEL: Model = {
    name: "some-model",
    modules: 1,
    known: 3,
    left: 2,
    calls: 4,
    promptTokens: 100,
    cachedTokens: 0,
    completionTokens: 20,
    cost: 0,
    claims: {},
    drops: {},
    failed: [],
    isTrusted: true,
    stopped: null,
    isCapped: false,
};

function text(...statuses: Partial<Status>[]): string {
    const found = shown(
        RUNNING,
        statuses.map(each => ({ ...ASLEEP, ...each })),
        true,
    );
    return `${found.icon}: ${found.text}${found.isWarning ? "!" : ""}`;
}

suite("the status bar", () => {
    const thinking = { state: "thinking", cause: "edited" } as const;

    test("says which module is thought about, and why", () => {
        assert.equal(text({ ...thinking, about: ["pkg/a.py"] }), "sync~spin: a.py · edited");
        assert.equal(text({ ...thinking, about: ["a.py", "b.py"] }), "sync~spin: a.py +1 · edited");
        assert.equal(text({ ...thinking, done: 3, total: 9 }), "sync~spin: app 3/9 · edited");
    });

    test("says what it does else", () => {
        assert.equal(text(), "eye-closed: asleep");
        assert.equal(text({}), "eye-closed: asleep");
        assert.equal(text({ state: "waiting", waitingFor: "on battery" }), "watch: waiting");
        assert.equal(text({ state: "paused" }), "debug-pause: paused");
    });

    test("of several folders, says what most matters", () => {
        assert.equal(text({}, { state: "paused" }), "eye-closed: asleep");
        assert.equal(text({ state: "paused" }, { state: "paused" }), "debug-pause: paused");
        assert.equal(
            text({ state: "waiting" }, { ...thinking, about: ["b.py"] }),
            "sync~spin: b.py · edited",
        );
    });

    test("says why no model thinks", () => {
        const spent = { budget: { ...BUDGET, isSpent: true } };
        assert.equal(text(spent), "credit-card: sleeplsp: budget spent");
        assert.equal(
            text({ model: { ...MODEL, isCapped: true, stopped: "tokens_run_max" } }),
            "credit-card: sleeplsp: budget spent",
        );
        assert.equal(
            text({ model: { ...MODEL, stopped: "connection refused" } }),
            "warning: sleeplsp: endpoint failing!",
        );
        assert.equal(text({ ...spent, ...thinking, about: ["a.py"] }), "sync~spin: a.py · edited");
    });

    test("says also that it is paused", () => {
        const failing = { state: "paused", model: { ...MODEL, stopped: "connection refused" } } as const;
        assert.equal(text(failing), "debug-pause: sleeplsp: paused, endpoint failing!");
        assert.equal(
            text({ state: "paused", budget: { ...BUDGET, isSpent: true } }),
            "debug-pause: sleeplsp: paused, budget spent",
        );
        assert.equal(text({ ...failing, state: "asleep" }, failing), "warning: sleeplsp: endpoint failing!");
    });

    test("says that claims are tested", () => {
        const testing = { ...thinking, stage: "verifying", about: ["pkg/a.py"], done: 1, total: 4 };
        assert.equal(text(testing), "beaker: testing a.py 1/4 · edited");
        assert.equal(text({ ...testing, state: "asleep" }), "eye-closed: asleep");
    });

    test("says what becomes of the server", () => {
        const of = (state: ServerState) => shown(state, [], true).text;
        assert.equal(of({ kind: "looking" }), "sleeplsp: looking for its server");
        assert.equal(
            of({ kind: "problem", problem: { kind: "missing", message: "" } }),
            "sleeplsp: not installed",
        );
        assert.equal(
            of({ kind: "problem", problem: { kind: "untrusted", message: "" } }),
            "sleeplsp: not trusted",
        );
        assert.equal(of({ kind: "restarting", reason: "killed", at: 0 }), "sleeplsp: starting again");
        assert.equal(of({ kind: "failed", reason: "killed" }), "sleeplsp: not running");
    });

    test("says in its tooltip what there is no room for", () => {
        const verification = { state: "on", why: null, waiting: 1, tested: 2, refuted: 0, open: 0 } as const;
        const waiting: Status = {
            ...ASLEEP,
            state: "waiting",
            waitingFor: "load 9",
            budget: BUDGET,
            verification,
        };
        assert.deepEqual(shown(RUNNING, [waiting], false).lines, [
            "waiting: load 9",
            "Testing claims: on; 2 tested, 1 waiting",
            "Tokens today: 1,500 of 2,000,000",
            "sleeplsp 0\\.1\\.0 of PATH",
            "The workspace is not trusted: nothing in it is started, and no language model is asked.",
        ]);
    });
});

suite("the status page", () => {
    test("has a part for each folder, and what failed", () => {
        const failing: Status = {
            ...ASLEEP,
            name: "lib",
            failed: [{ path: "b.py", reason: "too large" }],
            leftOut: { vendored: 3 },
            model: { ...MODEL, stopped: "refused" },
            budget: BUDGET,
            funnel: [{ check: "drift", made: 9, shown: 4, acted: 2, applied: 0, ignored: 1, mended: 1 }],
        };
        const page = statusPage([ASLEEP, failing], RUNNING);
        for (const line of [
            "## app",
            "## lib",
            "- b\\.py: too large",
            "- vendored: 3",
            "| drift | 9 | 4 |",
        ]) {
            assert.ok(page.includes(line), `${line} in\n${page}`);
        }
        assert.ok(page.includes("It stopped (endpoint failing): refused"));
        assert.ok(page.includes("120 tokens"));
    });

    test("tells how far claims are tested, and how to allow it", () => {
        const of = (verification: Verification) => statusPage([{ ...ASLEEP, verification }], RUNNING);
        const none = { why: null, waiting: 0, tested: 0, refuted: 0, open: 0 };
        const off = of({ ...none, state: "off", waiting: 2 });
        assert.match(off, /### Claims that can be tested\n\n.*: off; 2 could be tested\n.*allows it here/);
        const on = of({ ...none, state: "on", tested: 2, refuted: 1 });
        assert.match(on, /: on; 2 tested, 1 refuted\n/);
        assert.doesNotMatch(on, /allows it/);
        const why = "[get](command:x) hypothesis";
        assert.match(of({ ...none, state: "unavailable", why }), /not possible&#58; \\\[get\\\]\\\(command/);
        assert.ok(!statusPage([ASLEEP], RUNNING).includes("tested"));
        const testing = { ...ASLEEP, state: "thinking", stage: "verifying" } as const;
        assert.match(statusPage([testing], RUNNING), /Testing claims by running code: app\./);
    });

    test("says why there is nothing to tell", () => {
        const page = statusPage([], { kind: "failed", reason: "killed" }, "the server is not running");
        assert.match(page, /Nothing can be told: the server is not running\./);
    });

    test("shows names of a repository as text", () => {
        const name = "![x](http://evil) <img src=x> [a](command:b) `c`";
        const page = statusPage([{ ...ASLEEP, name, about: [name] }], RUNNING);
        assert.ok(!/[^\\]\]\(|<img|[^\\]`c/.test(page), page);
        assert.equal(escaped("a\n# b"), "a \\# b");
        assert.equal(escaped("http://evil me@evil"), "http&#58;//evil me&#64;evil");
    });
});
