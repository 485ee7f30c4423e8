/**
 * Bundles the extension. Usage: node esbuild.mjs [--production] [--watch]
 *
 * Two files: `extension.js`, which VS Code loads when the extension is activated, and `connection.js` with the
 * language client, which is ten times as large and is loaded only once a server is to be started.
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

const context = await esbuild.context({
    entryPoints: { extension: "src/extension.ts", connection: "src/server/connection.ts" },
    outdir: "dist",
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // VS Code hands out its API to what is required.
    supported: { "dynamic-import": false },
    external: ["vscode"],
    mainFields: ["module", "main"],
    minify: isProduction,
    sourcemap: !isProduction,
    legalComments: "none",
    plugins: [lazyConnection],
});

if (process.argv.includes("--watch")) {
    await context.watch();
} else {
    await context.rebuild();
    await context.dispose();
}
