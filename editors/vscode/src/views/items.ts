/** Branches as VS Code draws them. */
import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from "vscode";

import type { Branch, BranchKind } from "./branches.ts";
import type { Severity } from "./overview.ts";

/** The command behind a click. */
export const OPEN = "sleeplsp.view.open";

const ICONS: Partial<Record<BranchKind, string>> = {
    root: "root-folder",
    suspicions: "bug",
    drift: "git-compare",
    waiting: "watch",
    failed: "circle-slash",
    waitingModule: "file-code",
    failedModule: "file-code",
    more: "ellipsis",
};

const SEVERITY_ICONS: Record<Severity, ThemeIcon> = {
    error: new ThemeIcon("error", new ThemeColor("problemsErrorIcon.foreground")),
    warning: new ThemeIcon("warning", new ThemeColor("problemsWarningIcon.foreground")),
    note: new ThemeIcon("info", new ThemeColor("problemsInfoIcon.foreground")),
};

/** Return a branch as an item of a tree. */
export function itemOf(branch: Branch): TreeItem {
    const item = new TreeItem(branch.label, stateOf(branch));
    item.id = branch.id;
    item.contextValue = branch.kind;
    const icon = branch.severity === undefined ? iconOf(branch.kind) : SEVERITY_ICONS[branch.severity];
    if (icon !== undefined) {
        item.iconPath = icon;
    }
    if (branch.description !== undefined) {
        item.description = branch.description;
    }
    if (branch.tooltip !== undefined) {
        const tooltip = new MarkdownString(branch.tooltip);
        tooltip.isTrusted = false;
        tooltip.supportHtml = false;
        item.tooltip = tooltip;
    }
    item.accessibilityInformation = { label: spoken(branch) };
    if (branch.place !== undefined) {
        item.command = { command: OPEN, title: "Go to", arguments: [branch.place] };
    }
    return item;
}

function stateOf({ children, isOpen }: Branch): TreeItemCollapsibleState {
    if (!children?.length) {
        return TreeItemCollapsibleState.None;
    }
    return isOpen === true ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

function iconOf(kind: BranchKind): ThemeIcon | undefined {
    const name = ICONS[kind];
    return name === undefined ? undefined : new ThemeIcon(name);
}

/** Return what a screen reader says of a branch. */
function spoken({ kind, label, description, severity }: Branch): string {
    const before = kind === "suspicion" && severity !== undefined ? `${severity}: ` : "";
    return [before + label, description].filter(Boolean).join(", ");
}
