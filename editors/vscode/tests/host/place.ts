/** The project as cases see it: documents of it, and the moment when all of it is known. */

import { type TextDocument, Uri, window, workspace } from "vscode";
import { until } from "../machine/until.ts";
import type { Ours, Overview } from "./ours.ts";

/** Return the URI of a file of the project. */
export function uriOf(path: string): Uri {
    const [folder] = workspace.workspaceFolders ?? [];
    if (folder === undefined) {
        throw new Error("no folder is open");
    }
    return Uri.joinPath(folder.uri, path);
}

/** Return the path of a file, relative to the project. */
export function pathOf(uri: Uri): string {
    return workspace.asRelativePath(uri, false);
}

/** Show a file of the project in the editor. */
export async function show(path: string): Promise<TextDocument> {
    const document = await workspace.openTextDocument(uriOf(path));
    await window.showTextDocument(document);
    return document;
}

/** Wait until all of the project is known. */
export async function settled(ours: Ours): Promise<void> {
    await until("all is thought about", async () => {
        if (ours.servers.state.kind !== "running") {
            throw new Error(JSON.stringify(ours.servers.state));
        }
        const { roots } = await ours.servers.execute<Overview>("sleeplsp.overview");
        const hasThought = ours.servers.statuses.some(each => each.lastSuccess !== null);
        if (!hasThought || !roots.every(each => each.isComplete)) {
            throw new Error(JSON.stringify(ours.servers.statuses));
        }
        return true;
    });
}
