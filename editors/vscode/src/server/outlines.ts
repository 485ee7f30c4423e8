/** Whether VS Code is to show our outline: two outlines of one file are one too many. */
import { extensions } from "vscode";

import { own } from "../settings.ts";

/** Extensions that have an outline of a language. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
    python: [
        "ms-python.vscode-pylance",
        "ms-pyright.pyright",
        "detachhead.basedpyright",
        "astral-sh.ty",
        "meta.pyrefly",
        // Its own server, Jedi, has one where Pylance is not installed.
        "ms-python.python",
    ],
    javascript: ["vscode.typescript-language-features"],
    javascriptreact: ["vscode.typescript-language-features"],
    typescript: ["vscode.typescript-language-features"],
    typescriptreact: ["vscode.typescript-language-features"],
    go: ["golang.go"],
    rust: ["rust-lang.rust-analyzer"],
};

/** Tell whether our outline of a language is wanted. */
export function isOutlineWanted(language: string): boolean {
    const wanted = own("outline");
    if (wanted === "on" || wanted === "off") {
        return wanted === "on";
    }
    return !OTHERS[language]?.some(id => extensions.getExtension(id) !== undefined);
}
