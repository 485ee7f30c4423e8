/** The tests from end to end: install, build, run, tell. What each part does stands in its own file. */

import { spawn, spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { buildCases, buildExtension, takeExtension } from "./machine/build.ts";
import { installExtensions } from "./machine/code.ts";
import { findChromium, installCode, installTools } from "./machine/install.ts";
import { EXTENSION, EXTENSIONS, HOST_VSIX, LEFT, PYTHON, TESTS, VSIX } from "./machine/places.ts";
import { mark, sweep } from "./machine/processes.ts";

const VSIX_BYTES_MAX = 400_000;

const { values, positionals } = parseArgs({
    options: { screenshots: { type: "boolean" }, vsix: { type: "string" }, named: { type: "string" } },
    allowPositionals: true,
});

process.exitCode = await main();

async function main(): Promise<number> {
    const files = values.screenshots === true ? ["workbench/screenshots.ts"] : testFiles();
    if (files.length === 0) {
        say(`no file of tests has a path with ${positionals.join(" or ")}`);
        return 1;
    }
    installTools();
    if (positionals.length === 0 && values.screenshots !== true) {
        const isFine = [
            passes("style and types of the extension", EXTENSION, "run", "check"),
            passes("types of its tests", TESTS, "run", "check"),
            passes("tests of its parts", EXTENSION, "test"),
        ];
        if (isFine.includes(false)) {
            return 1;
        }
    }
    const size = values.vsix === undefined ? buildExtension() : takeExtension(values.vsix);
    say(`the package has ${Math.round(size / 1000)} kB`);
    if (size > VSIX_BYTES_MAX) {
        say(`that is more than ${VSIX_BYTES_MAX / 1000} kB`);
        return 1;
    }
    const found = findChromium();
    if ("why" in found) {
        say(`NOT RUN: VS Code: ${found.why}`);
        return 0;
    }
    installCode();
    buildCases();
    rmSync(LEFT, { recursive: true, force: true });
    mkdirSync(LEFT, { recursive: true });
    installExtensions(EXTENSIONS.ours, [VSIX]);
    installExtensions(EXTENSIONS.cases, [VSIX, HOST_VSIX]);
    return runTests(files);
}

/** Run a script of a package; print what it has printed only if it fails. */
function passes(what: string, cwd: string, ...script: string[]): boolean {
    // The tests' own Python would be found where a machine's is looked for.
    const folders = (process.env["PATH"] ?? "").split(delimiter).filter(each => each !== dirname(PYTHON));
    const env = { ...process.env, PATH: folders.join(delimiter) };
    const done = spawnSync("npm", ["--silent", ...script], { cwd, env, encoding: "utf8" });
    say(`${what}: ${done.status === 0 ? "fine" : `failed\n${done.stdout}${done.stderr}`}`);
    return done.status === 0;
}

/** Return the files of tests: all, or those that were named. */
function testFiles(): string[] {
    const all = [
        ...globSync("*.test.ts", { cwd: TESTS }),
        ...globSync("workbench/*.test.ts", { cwd: TESTS }),
    ].sort();
    return all.filter(each => positionals.length === 0 || positionals.some(name => each.includes(name)));
}

/** Run files of tests, one after the other: two windows at a time would need 3 GB. */
async function runTests(files: string[]): Promise<number> {
    const named = values.named === undefined ? [] : ["--test-name-pattern", values.named];
    const count = join(LEFT, "count.txt");
    const told = [
        ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
        ...[
            `--test-reporter=${join(TESTS, "machine", "counting.ts")}`,
            `--test-reporter-destination=${count}`,
        ],
    ];
    const child = spawn(process.execPath, ["--test", "--test-concurrency=1", ...told, ...named, ...files], {
        cwd: TESTS,
        stdio: "inherit",
        env: { ...process.env, ...mark },
    });
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.once(name, () => {
            child.kill("SIGTERM");
        });
    }
    const code = await new Promise<number>(resolve => child.once("exit", status => resolve(status ?? 1)));
    for (const each of sweep()) {
        say(`ended what was left: ${each.command}`);
    }
    if (code === 0 && Number(readFileSync(count, "utf8")) === 0) {
        say(`no test was run: none is named ${values.named ?? "anything"}`);
        return 1;
    }
    return code;
}

function say(text: string): void {
    process.stdout.write(`${text}\n`);
}
