/**
 * The tree of the view: how folders stand, as branches with labels. Pure; it must not know VS Code's tree items.
 */
import type { Place } from "../places.ts";
import { lineOf } from "../places.ts";
import { code, oneLine, plain, sentence, unmarked } from "../wording.ts";
import { SEVERITIES, type Overview, type RootOverview, type Severity, type Suspicion } from "./overview.ts";

/** What a branch is about, by which menus and icons go. */
export type BranchKind =
    | "root"
    | "suspicions"
    | "drift"
    | "waiting"
    | "failed"
    | "group"
    | "suspicion"
    | "waitingModule"
    | "failedModule"
    | "more";

/** See above. */
export interface Branch {
    /** The same for the same thing the next time, so that it stays open and selected. */
    readonly id: string;
    readonly kind: BranchKind;
    readonly label: string;
    readonly description?: string;
    /** Markdown, escaped. */
    readonly tooltip?: string;
    readonly severity?: Severity;
    readonly place?: Place;
    /** The text that is copied. */
    readonly text?: string;
    readonly isOpen?: boolean;
    readonly children?: readonly Branch[];
}

/** Return the branches of all folders; of one folder alone, what is below it. */
export function branches(overview: Overview, showsAll: boolean): Branch[] {
    const roots = overview.roots.map(root => rootBranch(root, showsAll));
    const [only, ...others] = roots;
    return only !== undefined && others.length === 0
        ? [...(only.children ?? [])]
        : roots.filter(root => root.children?.length);
}

/** Return how many suspicions there are in all folders: those that are shown, and those told on hover alone. */
export function counted(overview: Overview): { shown: number; hidden: number } {
    const all = overview.roots.flatMap(root => root.suspicions);
    const shown = all.filter(each => each.shown).length;
    const total = overview.roots.reduce((sum, root) => sum + root.suspicionsTotal, 0);
    return { shown, hidden: total - shown };
}

function rootBranch(root: RootOverview, showsAll: boolean): Branch {
    const id = root.root ?? "";
    const listed = root.suspicions.filter(each => showsAll || each.shown);
    const isCut = root.suspicionsTotal > root.suspicions.length;
    const drifted = listed.filter(each => each.isDrift);
    const others = listed.filter(each => !each.isDrift);
    const children = [
        section(id, "suspicions", "Suspicions", others.length, [
            ...groups(`${id}#suspicions`, others),
            ...(isCut ? [more(`${id}#suspicions`, root.suspicionsTotal - root.suspicions.length)] : []),
        ]),
        section(id, "drift", "Drift since the last commit", drifted.length, leaves(`${id}#drift`, drifted)),
        section(id, "failed", "Failed", root.failedTotal, failed(root, `${id}#failed`)),
        section(
            id,
            "waiting",
            "Waiting to be thought about",
            root.waitingTotal,
            waiting(root, `${id}#waiting`),
        ),
    ].filter(each => each.children?.length);
    return { id: `${id}#root`, kind: "root", label: root.name, isOpen: true, children };
}

function section(root: string, kind: BranchKind, label: string, total: number, children: Branch[]): Branch {
    const isOpen = kind === "suspicions" || kind === "drift";
    return { id: `${root}#${kind}`, kind, label, description: total.toLocaleString("en"), isOpen, children };
}

/** Put suspicions into groups: the worst first, and of these the best supported. */
function groups(id: string, suspicions: readonly Suspicion[]): Branch[] {
    const found = new Map<string, Suspicion[]>();
    for (const each of suspicions) {
        const name = `${each.severity}, ${each.grade}`;
        found.set(name, [...(found.get(name) ?? []), each]);
    }
    return [...found.values()]
        .sort((one, other) => rank(one[0]) - rank(other[0]) || support(other[0]) - support(one[0]))
        .flatMap(members => {
            const first = members[0];
            return first === undefined ? [] : [group(id, first, members)];
        });
}

function group(id: string, { severity, grade }: Suspicion, members: readonly Suspicion[]): Branch {
    const own = `${id}/${severity}/${grade}`;
    const label = `${PLURALS[severity]}, ${grade}`;
    const description = members.length.toLocaleString("en");
    return {
        id: own,
        kind: "group",
        label,
        description,
        severity,
        isOpen: true,
        children: leaves(own, members),
    };
}

const PLURALS: Record<Severity, string> = { error: "Errors", warning: "Warnings", note: "Notes" };

function rank(suspicion: Suspicion | undefined): number {
    return suspicion === undefined ? 0 : SEVERITIES.indexOf(suspicion.severity);
}

/** Return how well a suspicion is supported: what was deduced comes before any number of votes. */
function support(suspicion: Suspicion | undefined): number {
    if (suspicion === undefined || suspicion.source === "deduced") {
        return 2;
    }
    const [, agreed, of] = /(\d+)\/(\d+)$/.exec(suspicion.grade) ?? [];
    return agreed === undefined || of === undefined ? 0 : Number(agreed) / Number(of);
}

function leaves(id: string, suspicions: readonly Suspicion[]): Branch[] {
    const seen = new Map<string, number>();
    return suspicions.map(each => {
        // By its line it would be another after each edit above it; of two that are alike the second is told apart.
        const own = `${id}/${each.path}::${each.symbol}/${each.check}/${each.message}`;
        const before = seen.get(own) ?? 0;
        seen.set(own, before + 1);
        return leaf(before === 0 ? own : `${own}/${before}`, each);
    });
}

function leaf(id: string, suspicion: Suspicion): Branch {
    const { path, range, check, grade, severity, symbol, message, shown } = suspicion;
    const where = `${path}:${range.start.line + 1}`;
    const how = shown ? "" : ", told on hover only";
    const about = symbol === "" || symbol.startsWith("<") ? "" : ` in ${code(symbol)}`;
    return {
        id,
        kind: "suspicion",
        // A view is narrow, and many messages begin alike.
        label: `${path.split("/").pop() ?? path}:${range.start.line + 1}`,
        description: shown ? unmarked(message) : `${unmarked(message)} (on hover only)`,
        tooltip: `${sentence(message)}\n\n${code(where)}${about}\n\n*${code(check)}, ${severity}, ${plain(grade)}${how}*`,
        severity,
        place: { uri: suspicion.uri, range },
        text: `${where}: ${severity}: ${oneLine(message)} [${check}]`,
    };
}

function failed(root: RootOverview, id: string): Branch[] {
    const listed = root.failed.map(each => module(id, "failedModule", each.path, each.uri, each.reason));
    return withMore(id, listed, root.failedTotal);
}

function waiting(root: RootOverview, id: string): Branch[] {
    const listed = root.waiting.map(each => module(id, "waitingModule", each.path, each.uri, each.cause));
    return withMore(id, listed, root.waitingTotal);
}

function module(id: string, kind: BranchKind, path: string, uri: string | null, why: string): Branch {
    // The path of all that there is, is empty.
    const isFile = uri !== null && path !== "";
    return {
        id: `${id}/${path}`,
        kind: isFile ? kind : "more",
        label: isFile ? path : "All files",
        description: unmarked(why),
        tooltip: `${isFile ? code(path) : "All files"}\n\n${plain(why)}`,
        text: `${path}: ${why}`,
        ...(isFile ? { place: lineOf(uri, 0) } : {}),
    };
}

function withMore(id: string, listed: Branch[], total: number): Branch[] {
    return total > listed.length ? [...listed, more(id, total - listed.length)] : listed;
}

function more(id: string, number: number): Branch {
    return { id: `${id}/more`, kind: "more", label: `${number.toLocaleString("en")} more, not listed` };
}
