/** Asking about a symbol: the question is chosen or written, and its answer is shown as it is made. */
import {
    CancellationTokenSource,
    type ExtensionContext,
    type Position,
    type TextDocument,
    type TextEditor,
    commands,
    window,
    workspace,
} from "vscode";

import type { Position as At } from "../places.ts";
import { isKnown } from "../server/languages.ts";
import type { Servers } from "../server/servers.ts";
import { isCancelled, isRefusal, reasonOf, refusal } from "./errors.ts";
import type { Panel } from "./panel.ts";
import { anticipated, choose } from "./questions.ts";
import { ASK, type Reply, TELL, awaited, failed, replied, stopped } from "./reply.ts";
import type { ButtonId } from "./sheet.ts";

const UNKNOWN =
    "Nothing is known of this file: it must lie in a folder that is open, and be of a known language.";

/** The key of the context by which an answer can be stopped. */
const ANSWERING_KEY = "sleeplsp.isAnswering";

/** What is asked. */
interface Question {
    readonly uri: string;
    readonly position: At | null;
    readonly text: string;
}

/** Register the command, and take the place of the server's own that shows an answer as a message. */
export function register(context: ExtensionContext, servers: Servers, panel: Panel): void {
    const asker = new Asker(servers, panel);
    context.subscriptions.push(
        commands.registerCommand("sleeplsp.editor.ask", (question?: unknown) => asker.choose(question)),
        servers.intercept(TELL, async ([uri, position, text]) => {
            await asker.ask({ uri: String(uri), position: position as At | null, text: String(text) });
        }),
        commands.registerCommand("sleeplsp.page.stop", () => {
            if (!asker.stop()) {
                void window.showInformationMessage("sleeplsp: no answer is being made.");
            }
        }),
        panel.onPress(id => {
            asker.pressed(id);
        }),
        panel.onClose(() => {
            asker.stop();
        }),
    );
}

/** Asks one question at a time: the next one ends the one before. */
class Asker {
    private readonly servers: Servers;
    private readonly panel: Panel;
    private running: CancellationTokenSource | undefined;
    private last: Question | undefined;
    private number = 0;

    constructor(servers: Servers, panel: Panel) {
        this.servers = servers;
        this.panel = panel;
    }

    /** Ask about what stands at the cursor: a question that is given, else one that the user chooses. */
    async choose(given: unknown): Promise<void> {
        const editor = window.activeTextEditor;
        if (editor === undefined || !isKnown(editor.document.languageId)) {
            void window.showInformationMessage(
                "sleeplsp: open a file of a known language, and put the cursor on what you ask about.",
            );
            return;
        }
        const { document } = editor;
        const position = editor.selection.active;
        const text = typeof given === "string" ? given : await this.chosen(editor, document, position);
        if (text !== undefined && text.trim() !== "") {
            const { line, character } = position;
            await this.ask({ uri: document.uri.toString(), position: { line, character }, text });
        }
    }

    /** Show the answer to a question as it is made. */
    async ask(question: Question): Promise<void> {
        this.stop();
        this.last = question;
        this.number += 1;
        const token = `answer-${this.number}`;
        const running = new CancellationTokenSource();
        this.run(running);
        this.panel.show("Answer", awaited(question.text));
        const pieces = this.servers.onAnswer(piece => {
            if (piece.token === token && this.running === running) {
                this.panel.append(piece.text);
            }
        });
        try {
            const args = [question.uri, question.position, question.text, null, token];
            const reply = await this.servers.execute<Reply>(ASK, args, running.token);
            if (this.running === running) {
                this.panel.update(replied(question.text, reply, workspace.isTrusted));
            }
        } catch (error) {
            if (this.running === running) {
                const { sheet } = this.panel;
                const reason = isRefusal(error) ? refusal(error, UNKNOWN) : reasonOf(error);
                this.panel.update(isCancelled(error) ? stopped(sheet) : failed(sheet, reason));
            }
        } finally {
            pieces.dispose();
            running.dispose();
            if (this.running === running) {
                this.run(undefined);
            }
        }
    }

    /** Give up the answer that is being made, and return whether there was one; the server frees the model. */
    stop(): boolean {
        const { running } = this;
        if (running === undefined) {
            return false;
        }
        this.run(undefined);
        running.cancel();
        this.panel.update(stopped(this.panel.sheet));
        return true;
    }

    /** Do what a button says. */
    pressed(id: ButtonId): void {
        if (id === "stop") {
            this.stop();
        } else if (id === "again" && this.last !== undefined) {
            void this.ask(this.last);
        }
    }

    private run(running: CancellationTokenSource | undefined): void {
        this.running = running;
        void commands.executeCommand("setContext", ANSWERING_KEY, running !== undefined);
    }

    private async chosen(
        editor: TextEditor,
        document: TextDocument,
        position: Position,
    ): Promise<string | undefined> {
        const word = document.getWordRangeAtPosition(position);
        const name = word === undefined ? undefined : document.getText(word);
        return choose(name, anticipated(document.uri, editor.selection));
    }
}
