import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { type Inspected, serverSettings, setOf } from "../../src/explicit.ts";

const PACKAGE: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

test("what is only a default is not told: it would hide what the repository sets", () => {
    const said: Record<string, Inspected> = {
        by_default: { defaultValue: 60 },
        by_user: { defaultValue: 60, globalValue: 30 },
        to_its_default: { defaultValue: true, globalValue: true },
        to_nothing: { defaultValue: [], workspaceValue: [] },
        off: { defaultValue: true, workspaceFolderValue: false },
        to_null: { defaultValue: null, globalValue: null },
    };
    const set = setOf([...Object.keys(said), "unknown"], name => said[name]);
    assert.deepEqual(set, ["by_user", "to_its_default", "to_nothing", "off", "to_null"]);
});

test("the server is told of its settings, and of none of ours", () => {
    const names = serverSettings(PACKAGE, "sleeplsp", [
        "server.path",
        "server.package",
        "outline",
        "trace.server",
    ]);
    assert.ok(names.includes("endpoint") && names.includes("checks"));
    // Of what has a dot in its name, the server would make a table.
    assert.deepEqual(
        names.filter(name => !/^[a-z_]+$/.test(name)),
        [],
    );
});

test("no repository can set what names a model, what it costs, or where things are kept", () => {
    const { contributes } = PACKAGE as {
        contributes: { configuration: { properties: Record<string, { scope: string }> }[] };
    };
    const scopes = contributes.configuration.flatMap(each => Object.entries(each.properties));
    const open = scopes.filter(([, { scope }]) => !["machine", "application"].includes(scope));
    assert.deepEqual(open.map(([name]) => name).sort(), [
        "sleeplsp.checks",
        "sleeplsp.excludes",
        "sleeplsp.server.path",
    ]);
});

test("what is installed is never a name that anybody may take", () => {
    const { contributes } = PACKAGE as {
        contributes: { configuration: { properties: Record<string, { default: unknown }> }[] };
    };
    const defaults = contributes.configuration.map(
        each => each.properties["sleeplsp.server.package"]?.default,
    );
    assert.deepEqual(
        defaults.filter(each => each !== undefined),
        [""],
    );
});
