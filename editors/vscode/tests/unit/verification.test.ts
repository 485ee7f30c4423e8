import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";

import { Prompts } from "../../src/prompts.ts";
import type { Status, Verification } from "../../src/server/protocol.ts";
import { type Known, isDecision, isToBeAsked, verifyOf } from "../../src/verification/deciding.ts";
import { brief, briefOf, choices, question } from "../../src/verification/words.ts";

const OFF: Verification = { state: "off", why: null, waiting: 3, tested: 0, refuted: 0, open: 0 };
const STATUS: Status = {
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
    verification: OFF,
};
const UNDECIDED: Known = { isTrusted: true, decision: undefined, set: undefined };

function asks(status: Partial<Status>, known: Partial<Known> = {}): boolean {
    return isToBeAsked({ ...STATUS, ...status }, { ...UNDECIDED, ...known });
}

suite("the user is asked whether claims may be tested", () => {
    test("where some could be, and nobody has decided", () => {
        assert.ok(asks({}));
        assert.ok(asks({}, { set: null }));
        assert.ok(asks({ state: "paused" }));
    });

    test("not where there is nothing to test, or testing is on or not possible", () => {
        assert.ok(!asks({ verification: null }));
        assert.ok(!asks({ verification: { ...OFF, waiting: 0 } }));
        assert.ok(!asks({ verification: { ...OFF, state: "on" } }));
        assert.ok(!asks({ verification: { ...OFF, state: "unavailable", why: "no Python" } }));
        const older = Object.fromEntries(Object.entries(STATUS).filter(([name]) => name !== "verification"));
        assert.ok(!isToBeAsked(older as unknown as Status, UNDECIDED));
    });

    test("not in a workspace that is not trusted, whatever was decided when it was", () => {
        for (const decision of [undefined, "allowed", "never"] as const) {
            assert.ok(!asks({}, { isTrusted: false, decision }));
        }
    });

    test("not once it is decided, here or by the user's own setting", () => {
        assert.ok(!asks({}, { decision: "allowed" }));
        assert.ok(!asks({}, { decision: "never" }));
        assert.ok(!asks({}, { set: false }));
    });

    test("not while it is thought about, nor for files that lie in no folder", () => {
        assert.ok(!asks({ state: "thinking" }));
        assert.ok(!asks({ root: null }));
    });
});

suite("the server is told", () => {
    const told = (known: Partial<Known>) => verifyOf({ ...UNDECIDED, ...known });

    test("no, in a workspace that is not trusted, whatever was decided and set", () => {
        for (const decision of [undefined, "allowed", "never"] as const) {
            for (const set of [undefined, null, false, true]) {
                assert.equal(told({ isTrusted: false, decision, set }), false);
            }
        }
    });

    test("what was decided, whatever is set", () => {
        for (const set of [undefined, null, false, true]) {
            assert.equal(told({ decision: "never", set }), false);
            assert.equal(told({ decision: "allowed", set }), true);
        }
    });

    test("else what is set, or that nothing is", () => {
        assert.equal(told({ set: true }), true);
        assert.equal(told({ set: false }), false);
        assert.equal(told({}), null);
    });

    test("what was kept by something else is no decision", () => {
        assert.deepEqual(["allowed", "never", "yes", true, null, undefined].map(isDecision), [
            true,
            true,
            false,
            false,
            false,
            false,
        ]);
    });
});

test("no workspace can turn it on, or choose what runs: the settings are the machine's", () => {
    const path = join(import.meta.dirname, "..", "..", "package.json");
    const { contributes } = JSON.parse(readFileSync(path, "utf8")) as {
        contributes: { configuration: { properties: Record<string, { scope: string }> }[] };
    };
    const scopes = contributes.configuration
        .flatMap(each => Object.entries(each.properties))
        .filter(([name]) => name.startsWith("sleeplsp.verify"))
        .map(([, { scope }]) => scope);
    assert.deepEqual(new Set(scopes), new Set(["machine"]));
    assert.ok(scopes.length > 1);
});

suite("testing claims is put into words", () => {
    test("in the question, with what it does", () => {
        const text = question("shop", 1);
        assert.match(text, /^sleeplsp can test 1 claim of the model by calling functions of shop /);
        assert.match(text, /That runs the workspace's code\.$/);
        assert.match(question("shop", 1200), /1,200 claims/);
    });

    test("a folder's name becomes no link", () => {
        assert.ok(!question("[x](command:y)\nz", 1).includes("]("));
    });

    test("in the menu, as it stands", () => {
        assert.equal(brief(null), "no claims yet that could be tested");
        assert.equal(brief(undefined), brief(null));
        assert.equal(brief(OFF), "off; 3 could be tested");
        assert.equal(
            brief({ ...OFF, state: "on", tested: 5, refuted: 1, open: 2 }),
            "on; 5 tested, 1 refuted, 2 left open, 3 waiting",
        );
        assert.equal(brief({ ...OFF, state: "on", waiting: 0 }), "on");
        assert.equal(
            brief({ ...OFF, state: "unavailable", why: "no Python has\nhypothesis", waiting: 2 }),
            "not possible: no Python has hypothesis; 2 waiting",
        );
    });

    test("of several folders, in how many it is on", () => {
        const on: Status = { ...STATUS, verification: { ...OFF, state: "on" } };
        assert.equal(briefOf([STATUS]), brief(OFF));
        assert.equal(briefOf([STATUS, { ...STATUS, root: null }]), brief(OFF));
        assert.equal(briefOf([STATUS, { ...on, root: "file:///srv/lib" }]), "on in 1 of 2 folders");
        assert.equal(briefOf([]), brief(null));
    });

    test("in what can be decided, with what the setting says", () => {
        const last = (set: unknown) => choices(set).at(-1)?.detail ?? "";
        assert.match(last(undefined), /is not set/);
        assert.match(last(true), /is on\.$/);
        assert.match(last(false), /is off\.$/);
        assert.deepEqual(
            choices(undefined).map(each => each.decision),
            ["allowed", "never", undefined],
        );
    });
});

test("of several prompts the last that closes makes way for another", async () => {
    const prompts = new Prompts();
    let closed = 0;
    prompts.onClosed(() => {
        assert.ok(!prompts.isOpen);
        closed += 1;
    });
    let answer: (text: string) => void = () => undefined;
    const first = prompts.during(() => new Promise<string>(resolve => (answer = resolve)));
    await assert.rejects(prompts.during(() => Promise.reject(new Error("gone"))));
    assert.ok(prompts.isOpen);
    assert.equal(closed, 0);
    answer("yes");
    assert.equal(await first, "yes");
    assert.equal(closed, 1);
});
