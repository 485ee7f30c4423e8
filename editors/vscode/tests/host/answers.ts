/** What VS Code gets of our server, written as lines that a person can read: what stands where, from 1. */

import * as vscode from "vscode";
import type { Asked } from "./written.ts";

const { executeCommand } = vscode.commands;
const SEVERITIES = ["error", "warning", "information", "hint"];

export const ANSWERS: Record<string, (asked: Asked) => Promise<string[]>> = {
    hover,
    marks,
    actions,
    after,
    lenses,
    hints,
    symbols,
    references,
    callers,
    outline,
};

async function hover({ document, position }: Asked): Promise<string[]> {
    const found = await executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, position);
    return found.flatMap(each => each.contents).flatMap(each => linesOf(each));
}

/** All that is marked in the files of the case. */
async function marks(asked: Asked): Promise<string[]> {
    return asked.paths.flatMap(path => {
        const uri = asked.document.uri.with({
            path: `${asked.folder}/${path.split("/").slice(1).join("/")}`,
        });
        return [...vscode.languages.getDiagnostics(uri)]
            .sort((one, other) => one.range.start.compareTo(other.range.start))
            .flatMap(each => markLines(asked, uri, each));
    });
}

function markLines(asked: Asked, uri: vscode.Uri, mark: vscode.Diagnostic): string[] {
    const code = typeof mark.code === "object" ? mark.code.value : mark.code;
    const related = (mark.relatedInformation ?? []).map(
        ({ location, message }) => `    ${where(asked, location)} ${message}`,
    );
    const severity = SEVERITIES[mark.severity] ?? "";
    return [
        `${where(asked, { uri, range: mark.range })} ${severity} ${String(code)}: ${mark.message}`,
        ...related,
    ];
}

async function actions(asked: Asked): Promise<string[]> {
    return (await actionsAt(asked)).map(each => {
        const notes = [each.kind?.value, each.isPreferred === true ? "preferred" : undefined];
        return `${each.title} [${notes.filter(note => note !== undefined).join(", ")}]`;
    });
}

/** The text of the document once the action was applied whose title holds `action`; it is undone afterwards. */
async function after(asked: Asked): Promise<string[]> {
    const title = asked.said["action"] ?? "";
    const found = (await actionsAt(asked)).find(each => each.title.includes(title));
    if (found?.edit === undefined) {
        throw new Error(`there is no action "${title}" with an edit`);
    }
    const before = asked.document.getText();
    await vscode.workspace.applyEdit(found.edit);
    const lines = asked.document.getText().split("\n").slice(0, -1);
    const all = new vscode.Range(0, 0, asked.document.lineCount, 0);
    const back = new vscode.WorkspaceEdit();
    back.replace(asked.document.uri, all, before);
    await vscode.workspace.applyEdit(back);
    await asked.document.save();
    return lines;
}

async function actionsAt({ document, position }: Asked): Promise<vscode.CodeAction[]> {
    const range = new vscode.Range(position, position);
    return executeCommand("vscode.executeCodeActionProvider", document.uri, range, undefined, 20);
}

async function lenses({ document }: Asked): Promise<string[]> {
    const found = await executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
        100,
    );
    return found.map(each => `${each.range.start.line + 1}: ${each.command?.title ?? ""}`).sort();
}

async function hints({ document }: Asked): Promise<string[]> {
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const found = await executeCommand<vscode.InlayHint[]>(
        "vscode.executeInlayHintProvider",
        document.uri,
        all,
    );
    return found
        .map(({ position, label }) => {
            const text = typeof label === "string" ? label : label.map(each => each.value).join("");
            return `${position.line + 1}:${position.character + 1} ${text}`;
        })
        .sort();
}

/** Symbols of the workspace that lie in the files of the case. */
async function symbols(asked: Asked): Promise<string[]> {
    const query = asked.said["query"] ?? "";
    const found = await executeCommand<vscode.SymbolInformation[]>(
        "vscode.executeWorkspaceSymbolProvider",
        query,
    );
    return found
        .filter(each => each.location.uri.path.startsWith(`${asked.folder}/`))
        .map(each => `${vscode.SymbolKind[each.kind] ?? ""} ${each.name} ${where(asked, each.location)}`);
}

async function outline({ document }: Asked): Promise<string[]> {
    const found = await executeCommand<vscode.DocumentSymbol[] | undefined>(
        "vscode.executeDocumentSymbolProvider",
        document.uri,
    );
    const lines = (each: vscode.DocumentSymbol): string[] => [
        `${vscode.SymbolKind[each.kind] ?? ""} ${each.name}`,
        ...each.children.flatMap(lines).map(line => `    ${line}`),
    ];
    return (found ?? []).flatMap(lines);
}

async function references(asked: Asked): Promise<string[]> {
    const found = await executeCommand<vscode.Location[]>(
        "vscode.executeReferenceProvider",
        asked.document.uri,
        asked.position,
    );
    return found.map(each => where(asked, each)).sort();
}

async function callers(asked: Asked): Promise<string[]> {
    const [item] = await executeCommand<vscode.CallHierarchyItem[]>(
        "vscode.prepareCallHierarchy",
        asked.document.uri,
        asked.position,
    );
    const found = await executeCommand<vscode.CallHierarchyIncomingCall[]>(
        "vscode.provideIncomingCalls",
        item,
    );
    return found.flatMap(({ from, fromRanges }) =>
        fromRanges.map(range => `${from.name} ${where(asked, { uri: from.uri, range })}`),
    );
}

/** Where something is: the path within the case's folder, line and columns from 1, in UTF-16 units. */
function where({ folder }: Asked, { uri, range }: { uri: vscode.Uri; range: vscode.Range }): string {
    const path = uri.path.startsWith(`${folder}/`) ? uri.path.slice(folder.length + 1) : uri.path;
    const end = range.isSingleLine
        ? `${range.end.character + 1}`
        : `${range.end.line + 1}:${range.end.character + 1}`;
    return `${path}:${range.start.line + 1}:${range.start.character + 1}-${end}`;
}

function linesOf(content: vscode.MarkdownString | vscode.MarkedString): string[] {
    return (typeof content === "string" ? content : content.value).split("\n");
}
