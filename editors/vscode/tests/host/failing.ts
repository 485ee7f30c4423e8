/** A test of the project that fails, in VS Code's testing view, as an extension that runs tests offers it. */

import {
    type Disposable,
    Location,
    Range,
    TestMessage,
    TestRunProfileKind,
    type TestRunRequest,
    tests,
} from "vscode";
import { uriOf } from "./place.ts";

/** Offer one test in a file; whenever it is run, it fails with a message. */
export function offerFailingTest(path: string, message: string): Disposable {
    const controller = tests.createTestController("cases", "Cases");
    const uri = uriOf(path);
    const item = controller.createTestItem("fails", "a label has a name", uri);
    item.range = new Range(3, 0, 4, 0);
    controller.items.add(item);
    const fail = (request: TestRunRequest) => {
        const run = controller.createTestRun(request);
        const told = new TestMessage(message);
        told.location = new Location(uri, item.range ?? new Range(0, 0, 0, 0));
        run.started(item);
        run.failed(item, told);
        run.end();
    };
    controller.createRunProfile("Run", TestRunProfileKind.Run, fail, true);
    return controller;
}
