/** Going to a place in a file. */
import { type TextDocumentShowOptions, Uri, ViewColumn, commands, window, workspace } from "vscode";
import { Range } from "vscode";

import type { Place } from "../places.ts";

/** Show a place in an editor: in one that shows the file already, else in the one that was used last. */
export async function reveal({ uri, range }: Place): Promise<void> {
    const { start, end } = range;
    const selection = new Range(start.line, start.character, end.line, end.character);
    const target = Uri.parse(uri);
    const shown = window.visibleTextEditors.find(each => each.document.uri.toString() === target.toString());
    const column = shown?.viewColumn ?? editorColumn();
    const options: TextDocumentShowOptions = { selection, preview: true, viewColumn: column };
    try {
        await window.showTextDocument(await workspace.openTextDocument(target), options);
    } catch {
        // What is no text, or is not there any more, VS Code itself can say.
        await commands.executeCommand("vscode.open", target, options);
    }
}

/** Return the column of an editor that shows text: a page of ours is not to be hidden by what it leads to. */
function editorColumn(): ViewColumn {
    return (
        window.visibleTextEditors.find(each => each.viewColumn !== undefined)?.viewColumn ?? ViewColumn.One
    );
}
