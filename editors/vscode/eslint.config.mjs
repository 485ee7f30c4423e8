import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
    { ignores: ["dist", "node_modules"] },
    {
        files: ["src/**/*.ts", "tests/unit/**/*.ts"],
        extends: [tseslint.configs.strictTypeChecked],
        languageOptions: {
            parserOptions: {
                project: ["./tsconfig.json", "./src/answers/page/tsconfig.json"],
                tsconfigRootDir: import.meta.dirname,
            },
        },
        rules: {
            // Numbers read well in texts.
            "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
            // `test()` of node:test returns a promise that the runner itself waits for.
            "@typescript-eslint/no-floating-promises": [
                "error",
                {
                    allowForKnownSafeCalls: [
                        { from: "package", name: ["test", "suite"], package: "node:test" },
                    ],
                },
            ],
        },
    },
);
