/** Asks what the server is installed from, where no setting says so. */
import { homedir } from "node:os";
import { existsSync, readFileSync } from "node:fs";
import * as paths from "node:path";

import { InputBoxValidationSeverity, type QuickPickItem, type Uri, window } from "vscode";

import { type Disk, source, wrongWith, wrongWithPath } from "./sources.ts";

const TITLE = "What is the sleeplsp server installed from?";

/** What there is to choose. */
const CHECKOUT: QuickPickItem = {
    label: "$(folder) A checkout on this machine…",
    detail: "A folder with the sources of sleeplsp",
};
const WHEEL: QuickPickItem = {
    label: "$(package) A wheel on this machine…",
    detail: "A file sleeplsp-….whl, as it was built",
};
const TYPED: QuickPickItem = {
    label: "$(link) A URL or requirement…",
    detail: "What pip understands, such as git+https://… or https://….whl; a path will do as well",
};

/** The machine that the server runs on. */
export const DISK: Disk = {
    home: homedir(),
    paths,
    exists: existsSync,
    read: path => {
        try {
            return readFileSync(path, "utf8");
        } catch {
            return undefined; // it is not there, or not for us
        }
    },
};

/** Ask; return what pip, pipx and uv are given, or undefined. */
export async function askWhat(before = ""): Promise<string | undefined> {
    const picked = await window.showQuickPick([CHECKOUT, WHEEL, TYPED], {
        title: TITLE,
        placeHolder: "Nothing is taken from a package index by itself",
        ignoreFocusOut: true,
    });
    switch (picked) {
        case CHECKOUT:
            return onDisk("Install This Checkout", { canSelectFolders: true, canSelectFiles: false });
        case WHEEL:
            return onDisk("Install This Wheel", { filters: { "Python packages": ["whl", "gz"] } });
        case TYPED:
            return typed(before);
        default:
            return undefined;
    }
}

async function onDisk(
    openLabel: string,
    kind: { canSelectFolders?: boolean; canSelectFiles?: boolean; filters?: Record<string, string[]> },
): Promise<string | undefined> {
    const chosen: Uri[] | undefined = await window.showOpenDialog({ title: TITLE, openLabel, ...kind });
    const path = chosen?.[0]?.fsPath;
    const fault = path === undefined ? undefined : wrongWithPath(path, DISK);
    if (fault !== undefined) {
        await window.showErrorMessage(`${fault.message}: nothing was installed.`);
        return undefined;
    }
    return path;
}

async function typed(before: string): Promise<string | undefined> {
    const text = await window.showInputBox({
        title: TITLE,
        prompt: "A URL, a requirement, or the path of a checkout or wheel. What it holds will run on this machine.",
        placeHolder: "git+https://…, https://….whl, sleeplsp @ https://…",
        value: before,
        ignoreFocusOut: true,
        validateInput: value => {
            const fault = wrongWith(value, DISK);
            return (
                fault && {
                    message: fault.message,
                    severity: fault.isFatal
                        ? InputBoxValidationSeverity.Error
                        : InputBoxValidationSeverity.Warning,
                }
            );
        },
    });
    return text === undefined ? undefined : source(text, DISK);
}
