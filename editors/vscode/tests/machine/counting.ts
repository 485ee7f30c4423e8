/** A reporter of Node's test runner: how many tests were run, and nothing else. Files without any are no tests. */

import type { TestEvent } from "node:test/reporters";

export default async function* counting(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
    let count = 0;
    for await (const { type, data } of events) {
        if (type === "test:summary" && data.file !== undefined) {
            count += data.counts.tests;
        }
    }
    yield `${count}\n`;
}
