/** The languages that the server knows, as VS Code calls them. */
export const LANGUAGES = [
    "python",
    "javascript",
    "javascriptreact",
    "typescript",
    "typescriptreact",
    "go",
    "rust",
] as const;
