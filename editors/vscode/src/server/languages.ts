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

/** Tell whether the server knows a language. */
export function isKnown(language: string): boolean {
    return (LANGUAGES as readonly string[]).includes(language);
}
