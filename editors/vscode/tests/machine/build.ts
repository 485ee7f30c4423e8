/** The packages that are tested: our extension as users get it, and our cases as an extension beside it. */

import { copyFileSync, cpSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { CACHE, EXTENSION, HOST_VSIX, TESTS, VSIX } from "./places.ts";
import { run } from "./processes.ts";

const BIN = join(EXTENSION, "node_modules", ".bin");
const VSCE = [join(BIN, "vsce"), "package", "--no-dependencies", "--allow-missing-repository"];

/** Package our extension; return the size in bytes. */
export function buildExtension(): number {
    run([...VSCE, "--out", VSIX], { cwd: EXTENSION });
    return statSync(VSIX).size;
}

/** Take a package in the place of one that is built. */
export function takeExtension(file: string): number {
    copyFileSync(file, VSIX);
    return statSync(VSIX).size;
}

/** Package the cases that run within VS Code. */
export function buildCases(): void {
    const folder = join(CACHE, "cases");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    cpSync(join(TESTS, "host", "package.json"), join(folder, "package.json"));
    const bundle = [
        "--bundle",
        "--platform=node",
        "--external:vscode",
        "--sourcemap=inline",
        "--log-level=warning",
    ];
    const to = `--outfile=${join(folder, "cases.js")}`;
    run([join(BIN, "esbuild"), join(TESTS, "host", "main.ts"), ...bundle, to], { cwd: TESTS });
    run([...VSCE, "--skip-license", "--out", HOST_VSIX], { cwd: folder });
}
