/** Choosing a question: those that were anticipated of a symbol stand ready, any other is written. */
import { CodeAction, type QuickPickItem, type Range, ThemeIcon, type Uri, commands, window } from "vscode";

import { oneLine } from "../wording.ts";

/** The kind of the server's actions that ask an anticipated question; its third argument is the question. */
const ASK_KIND = "sleeplsp.ask";

/** Milliseconds in which the server has told its questions; without them one can be written all the same. */
const QUESTIONS_MS = 5000;

/** A question to choose. */
interface Item extends QuickPickItem {
    readonly question: string;
}

/** Return the questions that were anticipated of what stands at a place; none if there is no server. */
export async function anticipated(uri: Uri, range: Range): Promise<string[]> {
    const asked = commands.executeCommand<(CodeAction | undefined)[] | undefined>(
        "vscode.executeCodeActionProvider",
        uri,
        range,
        ASK_KIND,
    );
    const late = new Promise<undefined>(resolve => {
        setTimeout(() => {
            resolve(undefined);
        }, QUESTIONS_MS);
    });
    const actions = await Promise.race([Promise.resolve(asked).catch(() => undefined), late]);
    return (actions ?? []).flatMap(action => {
        const question: unknown = action?.command?.arguments?.[2];
        return typeof question === "string" ? [question] : [];
    });
}

/** Have the user choose one of the questions that come, or write one; undefined if none. */
export async function choose(
    name: string | undefined,
    coming: Promise<readonly string[]>,
): Promise<string | undefined> {
    const pick = window.createQuickPick<Item>();
    pick.title = name === undefined ? "Ask about this code" : `Ask about ${oneLine(name)}`;
    pick.placeholder = "Write a question, or choose one that was anticipated";
    pick.busy = true;
    let ready: Item[] = [];
    let isOver = false;
    const show = () => {
        if (!isOver) {
            pick.items = pick.value.trim() === "" ? ready : [written(pick.value), ...ready];
        }
    };
    void coming.then(questions => {
        ready = questions.map(question => ({
            label: question.replace(/`/g, ""),
            question,
            iconPath: new ThemeIcon("question"),
        }));
        pick.busy = false;
        show();
    });
    pick.onDidChangeValue(show);
    try {
        return await new Promise<string | undefined>(resolve => {
            pick.onDidAccept(() => {
                const [chosen] = pick.selectedItems;
                resolve(chosen?.question ?? (pick.value.trim() || undefined));
            });
            pick.onDidHide(() => {
                resolve(undefined);
            });
            pick.show();
        });
    } finally {
        isOver = true;
        pick.dispose();
    }
}

function written(value: string): Item {
    const question = value.trim();
    return { label: question, question, alwaysShow: true, iconPath: new ThemeIcon("edit") };
}
