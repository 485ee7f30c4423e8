/**
 * Bundles the extension. Usage: node esbuild.mjs [--production] [--watch]
 *
 * Three files: `extension.js`, which VS Code loads when the extension is activated; `connection.js` with the
 * language client, which is ten times as large and is loaded only once a server is to be started; and `page.js`,
 * which runs in the webviews that show answers. `licences.txt` beside them holds the licences of what is in them.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import esbuild from "esbuild";

const isProduction = process.argv.includes("--production");

/** Leaves the import of the connection where it is: it is a file of its own. */
const lazyConnection = {
    name: "lazy-connection",
    setup(build) {
        build.onResolve({ filter: /\/connection\.ts$/ }, args =>
            args.kind === "dynamic-import" ? { path: "./connection.js", external: true } : undefined,
        );
    },
};

const common = {
    outdir: "dist",
    bundle: true,
    minify: isProduction,
    sourcemap: !isProduction,
    legalComments: "none",
    metafile: true,
};

const extension = await esbuild.context({
    ...common,
    entryPoints: { extension: "src/extension.ts", connection: "src/server/connection.ts" },
    platform: "node",
    format: "cjs",
    target: "node20",
    // VS Code hands out its API to what is required.
    supported: { "dynamic-import": false },
    external: ["vscode"],
    mainFields: ["module", "main"],
    plugins: [lazyConnection],
});

/** The script of the pages, which runs in a browser. */
const page = await esbuild.context({
    ...common,
    entryPoints: { page: "src/answers/page/page.ts" },
    platform: "browser",
    format: "iife",
    target: "es2022",
});

const inputs = new Set();
for (const context of [extension, page]) {
    if (process.argv.includes("--watch")) {
        await context.watch();
    } else {
        Object.keys((await context.rebuild()).metafile.inputs).forEach(each => inputs.add(each));
        await context.dispose();
    }
}
writeFileSync(join("dist", "licences.txt"), licences(inputs));

/** Return the licences of the packages that files belong to; one without a licence must not be in the bundle. */
function licences(files) {
    const folders = [...files].map(file => /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
    const texts = [...new Set(folders.filter(Boolean))].sort().map(folder => {
        const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const file = readdirSync(folder).find(each => /^licen[cs]e/i.test(each));
        if (file === undefined) {
            throw new Error(`${name} has no licence`);
        }
        return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    });
    return texts.join(`\n${"-".repeat(80)}\n\n`);
}
