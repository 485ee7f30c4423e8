import assert from "node:assert/strict";
import { test } from "node:test";

import { type Branch, branches, counted } from "../../src/views/branches.ts";
import type { Overview, RootOverview, Suspicion } from "../../src/views/overview.ts";
import { welcomeOf } from "../../src/views/welcome.ts";

const AT = { start: { line: 11, character: 4 }, end: { line: 11, character: 9 } };

function suspicion(given: Partial<Suspicion>): Suspicion {
    return {
        uri: "file:///w/a.py",
        path: "a.py",
        range: AT,
        check: "none-dereference",
        severity: "warning",
        grade: "deduced",
        source: "deduced",
        symbol: "load",
        message: "`x` may be `None` here",
        shown: true,
        isDrift: false,
        ...given,
    };
}

function root(given: Partial<RootOverview>): RootOverview {
    const suspicions = given.suspicions ?? [];
    return {
        root: "file:///w",
        name: "w",
        isComplete: true,
        suspicions,
        suspicionsTotal: suspicions.length,
        waiting: [],
        waitingTotal: 0,
        failed: [],
        failedTotal: 0,
        ...given,
    };
}

/** Draw branches as a person sees them. */
function drawn(found: readonly Branch[], indent = ""): string[] {
    return found.flatMap(each => [
        indent + [each.label, each.description].filter(Boolean).join(" | "),
        ...drawn(each.children ?? [], `${indent}  `),
    ]);
}

const MIXED = root({
    suspicions: [
        suspicion({ message: "first" }),
        suspicion({ severity: "note", message: "a note" }),
        suspicion({ source: "model", grade: "single", message: "one says so", shown: false }),
        suspicion({ source: "model", grade: "agreed 2/3", message: "two say so", shown: false }),
        suspicion({ source: "model", grade: "agreed 3/3", message: "all say so" }),
        suspicion({ severity: "error", check: "wrong-arguments", message: "an error" }),
        suspicion({ isDrift: true, check: "drift", message: "it drifted" }),
    ],
    waiting: [{ uri: "file:///w/b.py", path: "b.py", cause: "edited" }],
    waitingTotal: 3,
    failed: [{ uri: "file:///w/c.py", path: "c.py", reason: "too deep" }],
    failedTotal: 1,
});

test("the worst comes first, and of that the best supported", () => {
    assert.deepEqual(drawn(branches({ roots: [MIXED] }, true)), [
        "Suspicions | 6",
        "  Errors, deduced | 1",
        "    a.py:12 | an error",
        "  Warnings, deduced | 1",
        "    a.py:12 | first",
        "  Warnings, agreed 3/3 | 1",
        "    a.py:12 | all say so",
        "  Warnings, agreed 2/3 | 1",
        "    a.py:12 | two say so (on hover only)",
        "  Warnings, single | 1",
        "    a.py:12 | one says so (on hover only)",
        "  Notes, deduced | 1",
        "    a.py:12 | a note",
        "Drift since the last commit | 1",
        "  a.py:12 | it drifted",
        "Failed | 1",
        "  c.py | too deep",
        "Waiting to be thought about | 3",
        "  b.py | edited",
        "  2 more, not listed",
    ]);
});

test("what is told on hover only is listed when it is wanted", () => {
    const lines = drawn(branches({ roots: [MIXED] }, false));
    assert.ok(!lines.some(line => line.includes("on hover only")));
    assert.ok(lines.includes("    a.py:12 | an error"));
    assert.equal(lines[0], "Suspicions | 4");
    assert.deepEqual(counted({ roots: [MIXED] }), { shown: 5, hidden: 2 });
});

test("where there is nothing, there is no branch", () => {
    assert.deepEqual(branches({ roots: [] }, true), []);
    assert.deepEqual(branches({ roots: [root({}), root({ root: "file:///v", name: "v" })] }, true), []);
});

test("folders are branches where there are several, and those with nothing are left out", () => {
    const one = root({ suspicions: [suspicion({ message: "one" })] });
    const other = root({ root: "file:///v", name: "v", suspicions: [suspicion({ message: "other" })] });
    const empty = root({ root: "file:///u", name: "u" });
    assert.deepEqual(drawn(branches({ roots: [one, empty, other] }, false)), [
        "w",
        "  Suspicions | 1",
        "    Warnings, deduced | 1",
        "      a.py:12 | one",
        "v",
        "  Suspicions | 1",
        "    Warnings, deduced | 1",
        "      a.py:12 | other",
    ]);
});

test("no two branches have the same id, and an edit above a suspicion leaves its id as it was", () => {
    const twins = [suspicion({}), suspicion({}), suspicion({ path: "b.py" })];
    const ids = (overview: Overview): string[] => {
        const all = (found: readonly Branch[]): string[] =>
            found.flatMap(each => [each.id, ...all(each.children ?? [])]);
        return all(branches(overview, true));
    };
    const before = ids({ roots: [root({ root: "file:///v", suspicions: twins }), MIXED] });
    assert.equal(new Set(before).size, before.length);
    const moved = twins.map(each => ({ ...each, range: { start: AT.end, end: AT.end } }));
    assert.deepEqual(ids({ roots: [root({ root: "file:///v", suspicions: moved }), MIXED] }), before);
});

test("what is cut from a list is counted", () => {
    const cut = root({ suspicions: [suspicion({})], suspicionsTotal: 2500 });
    assert.equal(drawn(branches({ roots: [cut] }, false)).at(-1), "  2,499 more, not listed");
});

test("that all waits is no file to go to", () => {
    const all = root({ waiting: [{ uri: "file:///w", path: "", cause: "asked for" }], waitingTotal: 1 });
    const [section] = branches({ roots: [all] }, false);
    assert.deepEqual(drawn(section?.children ?? []), ["All files | asked for"]);
    assert.equal(section?.children?.[0]?.place, undefined);
});

test("what a model says is escaped in a tooltip, and stands for itself beside a label", () => {
    const message = "[x](command:quit) `a` ![y](https://example.org)";
    const [section] = branches({ roots: [root({ suspicions: [suspicion({ message })] })] }, false);
    const leaf = section?.children?.[0]?.children?.[0];
    assert.ok(leaf?.tooltip !== undefined);
    assert.equal(leaf.description, "[x](command:quit) a ![y](https://example.org)");
    assert.match(leaf.tooltip, /^\\\[x\\\]\\\(command:quit\\\) `a` \\!\\\[y\\\]/);
    assert.match(leaf.tooltip, /`a\.py:12` in `load`\n\n\*`none-dereference`, warning, deduced\*$/);
});

test("an empty view says why it is empty", () => {
    const done = { roots: [root({})] };
    assert.equal(welcomeOf("running", done, false), "nothing");
    assert.equal(welcomeOf("running", done, true), "hidden");
    assert.equal(welcomeOf("running", { roots: [root({ isComplete: false })] }, false), "thinking");
    assert.equal(welcomeOf("running", { roots: [] }, false), "thinking");
    assert.equal(welcomeOf("problem", { roots: [] }, false), "off");
    assert.equal(welcomeOf("failed", { roots: [] }, false), "off");
    assert.equal(welcomeOf("restarting", { roots: [] }, false), "starting");
});
