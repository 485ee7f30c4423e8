/**
 * Bundles the extension. Usage: node esbuild.mjs [--production] [--watch]
 *
 * Three files: `extension.js`, which VS Code loads when the extension is activated; `connection.js` with the
 * language client, which is ten times as large and is loaded only once a server is to be started; and `page.js`,
 * which runs in the webviews that show answers.
 */
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

for (const context of [extension, page]) {
    if (process.argv.includes("--watch")) {
        await context.watch();
    } else {
        await context.rebuild();
        await context.dispose();
    }
}
