import assert from "node:assert/strict";
import { posix } from "node:path";
import { test } from "node:test";

import { type Tools, ways } from "../../src/install/ways.ts";

const NONE: Tools = {
    uv: undefined,
    pipx: undefined,
    selected: [],
    python: undefined,
    ownEnvironment: "/storage/environment",
    isWindows: false,
    paths: posix,
};

function ids(tools: Partial<Tools>): string[] {
    return ways({ ...NONE, ...tools }, "sleeplsp").map(each => each.id);
}

test("what disturbs nobody comes first", () => {
    const selected = [{ path: "/env/bin/python", hasPip: true }];
    assert.deepEqual(ids({ uv: "/bin/uv", pipx: "/bin/pipx", python: "/bin/python3", selected }), [
        "uv",
        "pipx",
        "apart",
        "environment",
    ]);
    assert.deepEqual(ids({}), []);
});

test("an environment without pip needs uv", () => {
    const selected = [{ path: "/env/bin/python", hasPip: false }];
    assert.deepEqual(ids({ selected }), []);
    const [, into] = ways({ ...NONE, uv: "/bin/uv", selected }, "sleeplsp");
    const [step] = into?.steps ?? [];
    assert.equal(step?.join(" "), "/bin/uv pip install --upgrade --python /env/bin/python -- sleeplsp");
});

test("what is installed is an argument, never an option", () => {
    const selected = [true, false].map(hasPip => ({ path: "/env/bin/python", hasPip }));
    const tools = { ...NONE, uv: "/bin/uv", pipx: "/bin/pipx", python: "/bin/python3", selected };
    const all = ways(tools, "--index-url=http://evil");
    assert.equal(all.length, 5);
    for (const { steps } of all) {
        assert.deepEqual(steps.at(-1)?.slice(-2), ["--", "--index-url=http://evil"]);
    }
});

test("an environment of our own is made anew, then filled", () => {
    const [apart] = ways({ ...NONE, python: "/bin/python3" }, "/src/sleeplsp");
    assert.deepEqual(
        apart?.steps.map(each => each[0]),
        ["/bin/python3", "/storage/environment/bin/python"],
    );
});
